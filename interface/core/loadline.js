// A thin line at the top of the page while a request takes longer than a blink.
const BLINK = 300;

/** Counts the requests under way and shows the line while any is late. */
export function installLoadline() {
  const page = document.documentElement;
  let open = 0;
  let timer;
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.elt.closest("[data-quiet]")) return;
    open++;
    timer ??= setTimeout(() => open && (page.dataset.loading = ""), BLINK);
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.elt.closest("[data-quiet]")) return;
    open = Math.max(0, open - 1);
    if (open) return;
    clearTimeout(timer);
    timer = undefined;
    delete page.dataset.loading;
  });
  addEventListener("beforeunload", () => setTimeout(() => (page.dataset.loading = ""), BLINK));
  addEventListener("pageshow", () => delete page.dataset.loading);
}
