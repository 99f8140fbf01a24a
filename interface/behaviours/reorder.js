// A list whose lines (data-item) move up and down by buttons (data-move="up" or "down"); a form sends them in their order.
// With data-sends the form around it is sent after each move.
export default function reorder(element, signal) {
  element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    const item = button?.closest("[data-item]");
    if (!item) return;
    const up = button.dataset.move === "up";
    const other = up ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (up) other.before(item);
    else other.after(item);
    button.focus();
    if (element.hasAttribute("data-sends")) element.closest("form")?.requestSubmit();
  }, { signal });
}
