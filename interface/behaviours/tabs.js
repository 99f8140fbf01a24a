// Tabs within a page: buttons role=tab with aria-controls, panels role=tabpanel. Arrows move, as in every tab list.
export default function tabs(element, signal) {
  const all = [...element.querySelectorAll('[role="tab"]')];
  const choose = (tab) => {
    for (const other of all) {
      const on = other === tab;
      other.setAttribute("aria-selected", String(on));
      other.tabIndex = on ? 0 : -1;
      document.getElementById(other.getAttribute("aria-controls")).hidden = !on;
    }
  };
  element.addEventListener("click", (event) => {
    const tab = event.target.closest('[role="tab"]');
    if (tab) choose(tab);
  }, { signal });
  element.addEventListener("keydown", (event) => {
    const at = all.indexOf(event.target.closest('[role="tab"]'));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const tab = all.at(to % all.length);
    choose(tab);
    tab.focus();
  }, { signal });
  choose(all.find((tab) => tab.getAttribute("aria-selected") === "true") ?? all[0]);
}
