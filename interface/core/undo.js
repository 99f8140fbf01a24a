// The Undo button of a toast: asks the server to take back what was done, then shows the page anew.
import { csrf } from "./requests.js";
import { showToast } from "./toasts.js";

/** @returns {HTMLButtonElement} that sends word.method (DELETE) to word.undo, then reloads or goes to word.next */
export function undoButton(word, words, done) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.undo });
  button.dataset.undo = "";
  button.addEventListener("click", async () => {
    button.disabled = true;
    const request = { method: word.method ?? "DELETE", headers: { "X-CSRFToken": csrf() }, redirect: "manual" };
    const answer = await fetch(word.undo, request).catch(() => null);
    if (!answer || answer.status >= 400) return showToast({ text: words[answer ? "failed" : "offline"], tone: "risk" });
    done();
    if (word.next) location.assign(word.next);
    else location.reload();
  });
  return button;
}
