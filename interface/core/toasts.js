// Draws one toast: {text, tone, undo, method, next, link, linkText}. The behaviour "toast" brings the ones from the server.
import { undoButton } from "./undo.js";

const STAYS = 7000;
const STAYS_WITH_UNDO = 12000;

/** Shows a toast; it leaves by itself unless pointed at, focused, or telling of a failure. */
export function showToast(word) {
  const region = document.getElementById("toasts");
  if (!region || !word.text) return;
  const box = make("div", { className: "toast" });
  box.dataset.tone = word.tone ?? "info";
  box.append(make("p", { textContent: word.text }));
  if (word.link) box.append(make("a", { href: word.link, textContent: word.linkText, className: "underline underline-offset-4" }));
  if (word.undo) box.append(undoButton(word, region.dataset, () => leave(box)));
  box.append(closeButton(region, box));
  region.append(box);
  raise(region);
  if (region.children.length > 4) region.children[0].remove();
  if (word.tone !== "risk") leaveLater(box, word.undo ? STAYS_WITH_UNDO : STAYS);
}

// As a popover the region lies above an open dialog too; shown anew it lies above the one opened last.
function raise(region) {
  region.popover = "manual";
  if (region.matches(":popover-open")) region.hidePopover();
  region.showPopover();
}

function leaveLater(box, time) {
  let timer;
  const stop = () => clearTimeout(timer);
  const start = () => {
    stop();
    timer = setTimeout(() => leave(box), time);
  };
  for (const name of ["pointerenter", "focusin"]) box.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) box.addEventListener(name, start);
  start();
}

function closeButton(region, box) {
  const button = make("button", { type: "button", ariaLabel: region.dataset.close, textContent: "×" });
  button.dataset.close = "";
  button.addEventListener("click", () => leave(box));
  return button;
}

function leave(box) {
  box.dataset.leaving = "";
  setTimeout(() => box.remove(), 160);
}

const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
