// Keys. Whatever carries data-shortcut="l", "g t" or "mod+k" (several: "mod+k, /") is clicked when its keys are pressed.
// With data-shortcut-label it is listed in the keys dialog. Plain letters never act while somebody types.
import { openDialog } from "./openers.js";

const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
const PATIENCE = 1200;
export const mac = /Mac|iPhone|iPad/.test(navigator.platform);

let before = "";
let beforeAt = 0;

/** Listens to the keyboard and writes ⌘ instead of Ctrl where that is the key. */
export function installKeys() {
  document.addEventListener("keydown", press);
  if (mac) for (const kbd of document.querySelectorAll("[data-keys]")) kbd.textContent = name(kbd.dataset.keys);
}

/** How a combination is written for people: "mod+k" → "⌘ K" or "Ctrl K". */
export function name(keys) {
  const names = { mod: mac ? "⌘" : "Ctrl", enter: "Enter" };
  return keys.split(/[+\s]/).map((key) => names[key] ?? key.toUpperCase()).join(" ");
}

function press(event) {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const mod = event.ctrlKey || event.metaKey;
  const typing = event.target.closest?.(TYPING);
  if (typing && !mod) return;
  const key = (mod ? "mod+" : "") + event.key.toLowerCase();
  const sequence = Date.now() - beforeAt < PATIENCE ? `${before} ${key}` : key;
  const target = find(sequence) ?? find(key);
  before = key;
  beforeAt = Date.now();
  if (!target) return;
  event.preventDefault();
  before = "";
  if (target.matches("dialog")) openDialog(target.id);
  else if (target.matches(TYPING)) target.focus();
  else target.click();
}

// In an open dialog only its own keys count. A sequence is written with a space, a choice of keys with a comma.
function find(keys) {
  const root = document.querySelector("dialog[open]") ?? document;
  for (const element of root.querySelectorAll("[data-shortcut]"))
    if (element.dataset.shortcut.split(",").some((each) => each.trim() === keys)) return element;
}
