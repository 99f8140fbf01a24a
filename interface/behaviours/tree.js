// A tree of branches with one tab stop. Arrows walk, right opens (and asks for what is not here yet), left closes or
// goes up, Home and End go far, Enter opens the page, a letter goes to the next name that begins with it.
const ITEM = '[role="treeitem"]';

export default function tree(element, signal) {
  const shown = () => [...element.querySelectorAll(ITEM)].filter((item) => !item.closest("[hidden]"));
  const below = (item) => item.parentElement.querySelector(':scope > [role="group"]');
  const above = (item) => item.closest('[role="group"]')?.parentElement.querySelector(ITEM);
  const link = (item) => item.querySelector("a");
  const focus = (item) => {
    if (!item) return;
    for (const other of element.querySelectorAll(`${ITEM}[tabindex="0"]`)) other.tabIndex = -1;
    item.tabIndex = 0;
    item.focus();
  };
  const open = (item, wanted) => {
    const group = below(item);
    if (!group) return;
    item.setAttribute("aria-expanded", String(wanted));
    group.hidden = !wanted;
    if (wanted && "waiting" in group.dataset) {
      delete group.dataset.waiting;
      group.dispatchEvent(new CustomEvent("branch"));
    }
  };
  const isOpen = (item) => item.getAttribute("aria-expanded") === "true";
  const right = (item) => {
    if (isOpen(item)) focus(below(item).querySelector(ITEM));
    else open(item, true);
  };
  const left = (item) => {
    if (isOpen(item)) open(item, false);
    else focus(above(item));
  };
  const letter = (item, key) => {
    const all = shown();
    const after = [...all.slice(all.indexOf(item) + 1), ...all];
    focus(after.find((other) => link(other)?.textContent.trim().toLowerCase().startsWith(key.toLowerCase())));
  };
  const moves = {
    ArrowDown: (item, all) => focus(all[all.indexOf(item) + 1]), ArrowUp: (item, all) => focus(all[all.indexOf(item) - 1]),
    ArrowRight: right, ArrowLeft: left, Home: (_item, all) => focus(all[0]), End: (_item, all) => focus(all.at(-1)),
    Enter: (item) => link(item)?.click(), " ": (item) => open(item, !isOpen(item)),
  };
  element.addEventListener("keydown", (event) => {
    const item = event.target.closest(ITEM);
    if (event.target !== item || event.ctrlKey || event.metaKey || event.altKey) return;
    if (moves[event.key]) moves[event.key](item, shown());
    else if (/^\p{L}$/u.test(event.key)) letter(item, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, { signal });
  element.addEventListener("click", (event) => {
    const item = event.target.closest(ITEM);
    if (event.target.closest("[data-toggle]")) open(item, !isOpen(item));
  }, { signal });
  element.querySelector(ITEM).tabIndex = 0;
}
