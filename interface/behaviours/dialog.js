// A native dialog. With data-open (an htmx answer in #dialog-host) it opens at once and is removed when closed.
// The server closes it with the header HX-Trigger: dialog:close.
export default function dialog(element, signal) {
  const passing = element.hasAttribute("data-open");
  let pressed = null;
  element.addEventListener("pointerdown", (event) => (pressed = event.target), { signal });
  element.addEventListener("click", (event) => {
    if (event.target === element && pressed === element && outside(element, event)) element.close();
  }, { signal });
  document.body.addEventListener("dialog:close", () => element.open && element.close(), { signal });
  if (!passing) return;
  const back = document.activeElement;
  for (const other of document.querySelectorAll("dialog[open]")) if (other !== element) other.close();
  element.removeAttribute("open");
  element.showModal();
  element.addEventListener("close", () => {
    if (back?.isConnected) back.focus();
    setTimeout(() => element.remove(), 160);
  }, { signal });
}

function outside(element, { clientX, clientY }) {
  const box = element.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}
