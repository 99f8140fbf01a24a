// Keys in a list: J and K move, Enter opens, E edits, X chooses, Space does what the row is for. Rows carry data-row; in
// a row the first link marked .cover (or the first link) opens, data-edit edits, data-select is the checkbox, data-keep
// is what Space presses.
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

export default function list(element, signal) {
  const rows = () => [...element.querySelectorAll("[data-row]")];
  const current = () => element.querySelector("[data-row][data-current]");
  const go = (row) => {
    if (!row) return;
    for (const other of rows()) other.toggleAttribute("data-current", other === row);
    (row.querySelector("a.cover") ?? row.querySelector("a, button"))?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const act = {
    j: (all, at) => go(all[Math.min(at + 1, all.length - 1)]),
    k: (all, at) => go(all[Math.max(at - 1, 0)]),
    e: () => current()?.querySelector("[data-edit]")?.click(),
    x: () => current()?.querySelector("[data-select]")?.click(),
    " ": () => current()?.querySelector("[data-keep]")?.click(),
    Enter: () => (current()?.querySelector("a.cover") ?? current()?.querySelector("a"))?.click(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!act[event.key] || event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && event.target.closest("a, button, summary, [role=option]")) return;
    if (event.key === " " && (event.target.closest("button, input, summary") || !current()?.querySelector("[data-keep]"))) return;
    if (document.querySelector("[data-behaviour~=list]") !== element && !element.contains(event.target)) return;
    const all = rows();
    if (event.key !== "j" && event.key !== "k" && !current()) return;
    event.preventDefault();
    act[event.key](all, all.indexOf(current()));
  }, { signal });
  element.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    for (const other of rows()) other.toggleAttribute("data-current", other === row);
  }, { signal });
}
