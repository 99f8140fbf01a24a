// The till page: whatever is typed or scanned lands in one field. With an empty field + gives, * redeems, Esc is for the
// next person; arrows choose among people and Enter opens. Signs that no card or code begins with, so that a scanner
// never presses anything.
const TYPING = "input, textarea, select, [contenteditable]";

export default function till(element, signal) {
  const field = element.querySelector("[data-field]");
  const rows = () => [...element.querySelectorAll("[data-for] [data-row]")];
  let chosen = 0;
  let sent = null;

  const mark = (at) => {
    const all = rows();
    chosen = Math.max(0, Math.min(at, all.length - 1));
    all.forEach((row, index) => row.toggleAttribute("data-current", index === chosen));
  };
  const press = (name) => {
    element.querySelector(`[data-till="${name}"]`)?.click();
    return true;
  };
  const enter = () => {
    const list = element.querySelector("[data-for]");
    if (list?.dataset.for !== field.value.trim() || !rows()[chosen]) return false;
    rows()[chosen].querySelector("a").click();
    return true;
  };
  const keys = {
    "+": () => !field.value && press("+"),
    "*": () => !field.value && press("*"),
    Escape: () => (field.value ? ((field.value = ""), true) : press("close")),
    ArrowDown: () => rows().length && (mark(chosen + 1), true),
    ArrowUp: () => rows().length && (mark(chosen - 1), true),
    Enter: enter,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    const elsewhere = event.target !== field && event.target.closest?.(TYPING);
    if (elsewhere || (event.target !== field && event.key === "Enter")) return;
    if (keys[event.key]?.()) event.preventDefault();
    else if (event.key.length === 1 && event.key !== " " && event.target !== field) field.focus();
    else return;
    event.stopImmediatePropagation();
  }, { signal, capture: true });

  // What was being looked up while typing comes too late once Enter was pressed, or the field is empty again.
  element.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt === field && [sent, ""].includes(field.value.trim())) event.preventDefault();
    else sent = event.detail.elt === field.form ? field.value.trim() : null;
  }, { signal });

  element.addEventListener("htmx:afterSwap", () => {
    mark(0);
    const opened = element.querySelector("[data-opened]");
    if (!opened) return;
    field.value = "";
    (opened.querySelector("#till-spent, #till-pay") ?? field).focus();
  }, { signal });
  mark(0);
}
