// Rows with a checkbox (data-select): all at once (data-select-all), a range with Shift, and the bar for what is chosen
// (data-bulkbar, data-selected-count; its data-select-none clears). "data-everything" is unchecked when a row is.
export default function selection(element, signal) {
  const all = element.querySelector("[data-select-all]");
  const rows = () => [...element.querySelectorAll("[data-select]")];
  let last = null;
  const show = () => {
    const boxes = rows();
    const chosen = boxes.filter((box) => box.checked).length;
    for (const bar of element.querySelectorAll("[data-bulkbar]")) bar.hidden = chosen === 0;
    for (const count of element.querySelectorAll("[data-selected-count]")) count.textContent = chosen;
    if (!all) return;
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  const set = (boxes, checked) => {
    for (const box of boxes) box.checked = checked;
  };
  element.addEventListener("click", (event) => {
    if (event.target.closest("[data-select-none]")) set(rows(), false), show();
    const box = event.target.closest("[data-select]");
    if (!box) return;
    const boxes = rows();
    if (event.shiftKey && last?.isConnected) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      set(boxes.slice(from, to + 1), box.checked);
    }
    last = box;
  }, { signal });
  element.addEventListener("change", (event) => {
    if (event.target === all) set(rows(), all.checked);
    const everything = element.querySelector("[data-everything]");
    if (everything && event.target !== everything && event.target.matches("[data-select], [data-select-all]")) everything.checked = false;
    show();
  }, { signal });
  element.addEventListener("htmx:load", show, { signal });
  show();
}
