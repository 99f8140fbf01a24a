// The keys dialog lists what can be pressed on this page, read from the page itself.
import { name } from "../core/shortcuts.js";

const LIST_KEYS = { j: "next", k: "before", enter: "openRow", e: "edit", x: "selectRow" };

export default function keys(dialog, signal) {
  dialog.addEventListener("open", () => {
    const lines = new Map();
    for (const element of document.querySelectorAll("[data-shortcut][data-shortcut-label]"))
      lines.set(element.dataset.shortcut, element.dataset.shortcutLabel);
    const list = document.querySelector("[data-behaviour~=list]");
    if (list) for (const [key, word] of Object.entries(LIST_KEYS)) lines.set(key, dialog.dataset[word]);
    dialog.querySelector("[data-list]").replaceChildren(...[...lines].map(([keys, label]) => line(keys, label)));
  }, { signal });
}

function line(keys, label) {
  const row = document.createElement("div");
  const term = Object.assign(document.createElement("dt"), { textContent: label });
  const data = document.createElement("dd");
  for (const each of keys.split(","))
    data.append(Object.assign(document.createElement("kbd"), { className: "kbd ms-1.5", textContent: name(each.trim()) }));
  row.append(term, data);
  return row;
}
