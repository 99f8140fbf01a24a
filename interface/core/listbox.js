// The keyboard of a list that belongs to an input (palette, combobox, suggestions), after the WAI-ARIA pattern:
// the focus stays in the input, aria-activedescendant points at the option.
let made = 0;

/**
 * @param {HTMLElement} input with role=combobox, or a textarea
 * @param {HTMLElement} list holding the role=option elements, whenever they come
 * @param {{choose: (option: HTMLElement, event: Event) => void, close: () => void, first?: boolean}} act
 * @returns {{refresh: () => number, active: () => HTMLElement | null}} refresh is to be called when the options changed
 */
export function listbox(input, list, { choose, close, first = true }, signal) {
  const options = () => [...list.querySelectorAll('[role="option"]:not([aria-disabled="true"])')];
  const active = () => list.querySelector('[role="option"][aria-selected="true"]');
  const activate = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.id ||= `option-${++made}`;
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const move = (step) => {
    const all = options();
    const at = all.indexOf(active());
    activate(all.at(at < 0 ? (step > 0 ? 0 : -1) : (at + step) % all.length));
  };
  const shown = () => !list.hidden && list.childElementCount > 0;
  const keydown = (event) => {
    if (event.isComposing || !shown()) return;
    const chosen = active();
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && chosen) choose(chosen, event);
    else if (event.key === "Tab" && chosen && input.matches("textarea")) choose(chosen, event);
    else if (event.key === "Escape") close(event);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  // Before the listeners of the form, so that Enter chooses instead of saving.
  input.addEventListener("keydown", keydown, { signal, capture: true });
  list.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
  list.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]:not([aria-disabled="true"])');
    if (option) choose(option, event);
  }, { signal });
  const refresh = () => {
    activate(first ? options()[0] : null);
    return options().length;
  };
  return { refresh, active };
}
