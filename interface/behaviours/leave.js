// Asks before a form with unsaved changes is left. Sending it, or the attribute data-saved, makes it clean.
export default function leave(form, signal) {
  let dirty = false;
  form.addEventListener("input", () => (dirty = true), { signal });
  form.addEventListener("change", () => (dirty = true), { signal });
  form.addEventListener("submit", () => (dirty = false), { signal });
  form.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.elt === form && !detail.successful) dirty = true;
  }, { signal });
  addEventListener("beforeunload", (event) => {
    if (dirty && form.isConnected && !form.hasAttribute("data-saved")) event.preventDefault();
  }, { signal });
}
