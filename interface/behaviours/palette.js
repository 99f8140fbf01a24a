// The palette: the input brings results by htmx, arrows choose, Enter opens, Ctrl/⌘-Enter in a new tab,
// Shift-Enter logs a moment with whoever is chosen (data-log="contact-5"). Enter pressed before the answer waits for it.
// An option has data-href, or data-command: "theme", "log", "keys", or "#id" to click that element.
import htmx from "htmx.org/dist/htmx.esm.js";
import { listbox } from "../core/listbox.js";
import { openDialog } from "../core/openers.js";
import { setTheme } from "./theme.js";

export default function palette(dialog, signal) {
  const input = dialog.querySelector('[role="combobox"]');
  const results = dialog.querySelector("[data-results]");
  const status = dialog.querySelector("[data-status]");
  let [asked, shown, waiting] = ["", "", null];
  const choose = (option, event) => {
    const { href, command, log } = option.dataset;
    if (href && (event.ctrlKey || event.metaKey)) return open(href, "_blank", "noopener");
    dialog.close();
    if (log && event.shiftKey) logWith(log);
    else if (href) location.assign(href);
    else if (command) run(command);
  };
  const wait = (event) => {
    if (event.key !== "Enter" || event.isComposing || input.value === shown) return;
    waiting = event;
    event.stopImmediatePropagation();
  };
  input.addEventListener("keydown", wait, { signal, capture: true });
  const box = listbox(input, results, { choose, close: () => dialog.close() }, signal);
  dialog.addEventListener("open", () => {
    input.value = "";
    input.focus();
    input.dispatchEvent(new Event("open"));
  }, { signal });
  input.addEventListener("input", () => (waiting = null), { signal });
  input.addEventListener("htmx:configRequest", () => (asked = input.value), { signal });
  results.addEventListener("htmx:afterSwap", () => {
    const count = box.refresh();
    const { one, many, none } = status.dataset;
    status.textContent = count === 0 ? none : count === 1 ? one : many.replace("#", count);
    input.setAttribute("aria-controls", results.querySelector('[role="listbox"]')?.id || results.id);
    shown = asked;
    if (waiting && count && input.value === shown) choose(box.active(), waiting);
  }, { signal });
}

function logWith(key) {
  const url = document.querySelector('[data-shortcut="l"]')?.getAttribute("hx-get");
  if (url) htmx.ajax("GET", `${url}?on=${key}`, { target: "#dialog-host" });
}

const commands = {
  theme: () => setTheme(document.documentElement.classList.contains("dark") ? "light" : "dark"),
  log: () => document.querySelector('[data-shortcut="l"]')?.click(),
  keys: () => openDialog("keys"),
};

function run(command) {
  if (command.startsWith("#")) document.querySelector(command)?.click();
  else commands[command]?.();
}
