// The capture box: kind buttons and the sign at the start of the text say the same; Enter saves, Shift-Enter is a new line.
// Buttons carry data-kind and perhaps data-sign ("?", "!"); the kind goes into the hidden input called "kind".
export default function capture(form, signal) {
  const area = form.querySelector("textarea");
  const kind = form.querySelector('[name="kind"]');
  const buttons = [...form.querySelectorAll("[data-kind]")];
  const signed = (text) => buttons.find((button) => button.dataset.sign && text.startsWith(button.dataset.sign));
  const press = (chosen) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button === chosen));
    if (kind && chosen) kind.value = chosen.dataset.kind;
  };
  let byHand = buttons.find((button) => button.getAttribute("aria-pressed") === "true") ?? buttons[0];
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-kind]");
    if (!button) return;
    const before = signed(area.value);
    let text = before ? area.value.slice(before.dataset.sign.length).trimStart() : area.value;
    if (button.dataset.sign) text = `${button.dataset.sign} ${text}`;
    else byHand = button;
    if (text !== area.value) area.value = text;
    press(button);
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }, { signal });
  area.addEventListener("input", () => press(signed(area.value) ?? byHand), { signal });
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.defaultPrevented || event.shiftKey) return;
    event.preventDefault();
    if (area.value.trim()) form.requestSubmit();
  }, { signal });
  // What was understood comes while somebody answers "Whom is this about?" already: their choice asks for it again.
  form.addEventListener("htmx:beforeSwap", ({ target, detail }) => {
    const answers = target.contains(document.activeElement) && document.activeElement.matches("input");
    if (answers && detail.requestConfig.elt === area) detail.shouldSwap = false;
  }, { signal });
  form.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.elt !== form || !detail.successful || detail.xhr.status >= 400) return; // 422 counts as successful
    form.reset();
    press((byHand = buttons[0]));
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }, { signal });
  press(signed(area.value) ?? byHand);
}
