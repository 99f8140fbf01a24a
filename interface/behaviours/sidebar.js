// Narrows the side navigation to its icons and back; remembered in this browser.
export default function sidebar(button, signal) {
  const page = document.documentElement;
  const show = () => button.setAttribute("aria-pressed", String(page.dataset.side === "narrow"));
  button.addEventListener("click", () => {
    page.dataset.side = page.dataset.side === "narrow" ? "wide" : "narrow";
    try {
      localStorage.setItem("side", page.dataset.side);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    show();
  }, { signal });
  show();
}
