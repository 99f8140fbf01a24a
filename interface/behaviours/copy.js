// Copies data-copy (or the text of the element it names with #id) and says so (data-copied).
import { showToast } from "../core/toasts.js";

export default function copy(button, signal) {
  button.addEventListener("click", async () => {
    const { copy: what = "", copied } = button.dataset;
    const source = what.startsWith("#") ? document.querySelector(what) : null;
    const text = source ? (source.value ?? source.textContent).trim() : what;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = Object.assign(document.createElement("textarea"), { value: text, className: "sr-only" });
      (button.closest("dialog") ?? document.body).append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    showToast({ text: copied || "✓", tone: "good" });
  }, { signal });
}
