// The place of the toasts: shows those that came with the page and those that come with htmx answers.
import { showToast } from "../core/toasts.js";

export default function toast(region, signal) {
  for (const word of region.querySelectorAll("[data-toast]")) {
    word.remove();
    showToast(JSON.parse(word.dataset.toast));
  }
  document.body.addEventListener("toast", (event) => {
    for (const word of event.detail.toasts ?? []) showToast(word);
  }, { signal });
  // Toasts stay above an open dialog by moving into it, and back when it closes.
  const follow = () => {
    const home = document.querySelector("dialog[open]:last-of-type") ?? document.body;
    if (region.parentElement !== home && region.childElementCount === 0) return;
    if (region.parentElement !== home) home.append(region);
  };
  document.body.addEventListener("toast", follow, { signal });
  document.addEventListener("close", () => document.body.append(region), { signal, capture: true });
}
