// A button with data-opens="ID" opens the dialog of that id; one with data-closes closes the dialog it stands in.

/** Listens for openers and closers anywhere on the page. */
export function installOpeners() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) openDialog(opener.dataset.opens);
    const closer = event.target.closest("[data-closes]");
    closer?.closest("dialog")?.close();
  });
}

/** Opens a dialog as a modal one, closing any other, and tells it so with an "open" event. */
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  for (const other of document.querySelectorAll("dialog[open]")) other.close();
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("open"));
}
