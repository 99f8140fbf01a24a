// A place to drop files on, around a file input; the names chosen stand in data-names. data-autosend sends the form.
export default function dropzone(element, signal) {
  const input = element.querySelector('input[type="file"]');
  const names = element.querySelector("[data-names]");
  const show = () => {
    if (names) names.textContent = [...input.files].map((file) => file.name).join(", ");
    if (input.files.length && element.hasAttribute("data-autosend")) input.form.requestSubmit();
  };
  for (const name of ["dragenter", "dragover"])
    element.addEventListener(name, (event) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      element.dataset.over = "";
    }, { signal });
  for (const name of ["dragleave", "drop"]) element.addEventListener(name, () => delete element.dataset.over, { signal });
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    const files = new DataTransfer();
    const given = [...event.dataTransfer.files];
    for (const file of input.multiple ? given : given.slice(0, 1)) files.items.add(file);
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }, { signal });
  input.addEventListener("change", show, { signal });
  input.form?.addEventListener("reset", () => setTimeout(show), { signal });
}
