// Theme: buttons with data-theme-choice="system|light|dark"; the choice is kept in this browser.
export default function theme(element, signal) {
  const buttons = element.querySelectorAll("[data-theme-choice]");
  const show = () => {
    const chosen = document.documentElement.dataset.theme ?? "system";
    for (const button of buttons) {
      const state = String(button.dataset.themeChoice === chosen);
      button.setAttribute(button.getAttribute("role") === "menuitemradio" ? "aria-checked" : "aria-pressed", state);
    }
  };
  element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (button) setTheme(button.dataset.themeChoice);
  }, { signal });
  addEventListener("theme:change", show, { signal });
  show();
}

/** Keeps the theme ("system", "light" or "dark") and shows it at once. */
export function setTheme(name) {
  try {
    localStorage.setItem("theme", name);
  } catch {
    document.documentElement.dataset.theme = name;
  }
  dispatchEvent(new Event("theme:change"));
}
