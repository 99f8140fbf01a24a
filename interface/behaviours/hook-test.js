// Has the server sign a sample and sends it from here to the real address, as a shop would; says how it went.
import { showToast } from "../core/toasts.js";

export default function hookTest(form, signal) {
  const button = form.querySelector("button");
  const say = (text, tone) => showToast({ text, tone });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      const sample = await (await fetch(form.action, { method: "POST", body: new FormData(form) })).json();
      if (sample.problem) return say(sample.problem, "risk");
      const began = performance.now();
      const answer = await fetch(sample.url, {
        method: "POST", credentials: "omit", body: sample.body,
        headers: { ...sample.headers, "Content-Type": "application/json" },
      });
      const took = Math.max(1, Math.round(performance.now() - began));
      if (answer.ok) say(form.dataset.good.replace("MS", took), "good");
      else say(form.dataset.bad.replace("STATUS", answer.status), "risk");
      document.body.dispatchEvent(new Event("hook-tested"));
    } catch {
      say(form.dataset.nobody, "risk");
    } finally {
      button.disabled = false;
    }
  }, { signal });
}
