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
}
