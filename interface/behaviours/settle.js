// Things that are done where they stand: the row of a control with data-settles says so at once. The rows stay until
// the next page, so that nothing jumps; when the server says no, the row is as it was.
const row = (control) => control.closest("[data-row]");

export default function settle(element, signal) {
  element.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (!detail.elt.matches("[data-settles]")) return;
    row(detail.elt).toggleAttribute("data-settled", true);
  }, { signal });
  element.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.elt.matches("[data-settles]")) return;
    const control = detail.elt;
    row(control).toggleAttribute("data-settled", detail.successful);
    if (control.matches("input")) control.checked = detail.successful;
    // What is undone is undone by the toast; a second click would be a second deed.
    control.disabled = detail.successful;
  }, { signal });
}
