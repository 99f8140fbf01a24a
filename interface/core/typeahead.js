// What somebody types while a dialog is on its way from the server goes into its first field when it comes, so that
// "L, then the line" works however slow the connection is.
const TEXT = "textarea, input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=hidden])";
let typed = null;

/** Listens for requests into the dialog host and for the keys pressed meanwhile. */
export function installTypeAhead() {
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.target?.id === "dialog-host" && !document.activeElement?.matches(TEXT)) typed = "";
  });
  document.addEventListener("keydown", keep, { capture: true });
  document.addEventListener("htmx:afterRequest", ({ detail }) => detail.target?.id === "dialog-host" && hand());
}

function keep(event) {
  if (typed === null || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.length === 1) typed += event.key;
  else if (event.key === "Backspace") typed = typed.slice(0, -1);
  else if (event.key === "Escape") return void (typed = null);
  else if (event.key !== "Enter") return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function hand() {
  const text = typed;
  const field = document.activeElement;
  typed = null;
  if (!text || !field?.matches(TEXT) || !field.closest("dialog[open]")) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
