// Rows of a form that can be added and taken away: a <template data-row> with __prefix__ for the number of the row,
// [data-rows] that holds them, [data-add] and in each row [data-remove]. Django's TOTAL_FORMS keeps the count.
export default function repeat(element, signal) {
  const rows = element.querySelector("[data-rows]");
  const blank = element.querySelector("template[data-row]");
  const total = element.querySelector('input[name$="-TOTAL_FORMS"]');
  element.addEventListener("click", ({ target }) => {
    const add = target.closest("[data-add]");
    if (add) {
      const holder = document.createElement("template");
      holder.innerHTML = blank.innerHTML.replaceAll("__prefix__", total.value);
      total.value = Number(total.value) + 1;
      const row = holder.content.firstElementChild;
      if (add.dataset.add) row.querySelector("select").value = add.dataset.add;
      rows.append(row);
      row.querySelector("input:not([type=hidden], [type=checkbox])")?.focus();
    }
    const remove = target.closest("[data-remove]");
    if (remove) {
      // The row stays for the count, empty and out of sight: the server drops empty rows.
      const row = remove.closest("[data-row-of]");
      for (const input of row.querySelectorAll("input, textarea")) {
        if (input.type === "checkbox") input.checked = false;
        else if (input.type !== "hidden") input.value = "";
      }
      row.hidden = true;
      rows.dispatchEvent(new Event("change", { bubbles: true }));
      element.querySelector("[data-add]").focus();
    }
  }, { signal });
}
