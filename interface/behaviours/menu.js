// A button and its menu (a popover): opens below, turns upwards without room, arrows and letters move in it.
export default function menu(element, signal) {
  const button = element.querySelector("[aria-haspopup]");
  const box = element.querySelector("[popover]");
  const items = () => [...box.querySelectorAll('[role^="menuitem"]:not(:disabled)')];
  const place = () => {
    const at = button.getBoundingClientRect();
    const room = { width: document.documentElement.clientWidth, height: innerHeight };
    box.style.minWidth = `${Math.max(at.width, 192)}px`;
    const below = at.bottom + box.offsetHeight + 8 < room.height;
    box.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - box.offsetHeight - 4)}px`;
    const start = at.left + box.offsetWidth + 8 < room.width ? at.left : at.right - box.offsetWidth;
    box.style.left = `${Math.max(8, start)}px`;
  };
  const focus = (index) => items().at(index)?.focus();
  const open = (index) => {
    box.showPopover();
    place();
    focus(index);
  };
  const onKey = (event) => {
    const all = items();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Tab") box.hidePopover();
    else if (to !== undefined) all.at(to % all.length)?.focus();
    else if (/^\S$/.test(event.key)) {
      const letter = event.key.toLowerCase();
      const turn = [...all.slice(at + 1), ...all.slice(0, at + 1)];
      turn.find((item) => item.textContent.trim().toLowerCase().startsWith(letter))?.focus();
    } else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
  };
  let wasOpen = false;
  button.addEventListener("pointerdown", () => (wasOpen = box.matches(":popover-open")), { signal });
  button.addEventListener("click", () => (wasOpen ? box.hidePopover() : open(0), (wasOpen = false)), { signal });
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open(event.key === "ArrowDown" ? 0 : -1);
  }, { signal });
  box.addEventListener("keydown", onKey, { signal });
  box.addEventListener("click", (event) => event.target.closest('[role="menuitem"]') && box.hidePopover(), { signal });
  box.addEventListener("toggle", (event) => button.setAttribute("aria-expanded", String(event.newState === "open")), { signal });
  addEventListener("resize", () => box.matches(":popover-open") && box.hidePopover(), { signal });
}
