// Sends a form as soon as it changes: at once for choices, after a pause while somebody types.
const PAUSE = 250;

export default function autosubmit(form, signal) {
  let timer;
  const send = () => {
    clearTimeout(timer);
    form.requestSubmit();
  };
  form.addEventListener("change", (event) => {
    if (!event.target.matches("[data-no-autosubmit]")) send();
  }, { signal });
  form.addEventListener("input", (event) => {
    if (!event.target.matches('[type="search"], [type="text"], textarea')) return;
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  }, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
}
