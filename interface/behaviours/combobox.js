// Picks a contact, colleague or tag by searching: data-url answers ?q= with role=option elements (data-value, data-label).
// The value goes into hidden inputs called data-name; data-multiple keeps several as chips; data-free allows new words.
import { listbox } from "../core/listbox.js";
import { fill } from "../core/suggestions.js";
import { makeChip } from "../core/chips.js";

export default function combobox(element, signal) {
  const input = element.querySelector('[role="combobox"]');
  const list = element.querySelector('[role="listbox"]');
  const values = element.querySelector("[data-values]");
  const { url, name } = element.dataset;
  const many = element.hasAttribute("data-multiple");
  const changed = () => element.dispatchEvent(new Event("change", { bubbles: true }));
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const add = (value, label) => {
    if (many && [...values.querySelectorAll("input")].some((hidden) => hidden.value === value)) return;
    if (!many) values.replaceChildren();
    values.append(makeChip(name, value, label, many, element.dataset.remove));
    input.value = many ? "" : label;
    changed();
  };
  const choose = (option) => {
    add(option.dataset.value, option.dataset.label ?? option.textContent.trim());
    close();
  };
  const box = listbox(input, list, { choose, close, first: !element.hasAttribute("data-free") }, signal);
  const search = fill(list, url, () => {
    list.hidden = false;
    input.setAttribute("aria-expanded", String(box.refresh() > 0));
  });
  input.addEventListener("input", () => {
    if (!many) values.replaceChildren(makeChip(name, "", "", false));
    search(input.value.trim());
  }, { signal });
  input.addEventListener("focus", () => element.hasAttribute("data-eager") && search(input.value.trim()), { signal });
  input.addEventListener("blur", () => {
    close();
    const chosen = !many && values.querySelector("input")?.value;
    if (element.hasAttribute("data-free") && !chosen && input.value.trim()) add(input.value.trim(), input.value.trim());
    else if (!many && !chosen) input.value = "";
  }, { signal });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Backspace" && many && !input.value) values.lastElementChild?.remove(), changed();
    if (event.key !== "Enter" || !element.hasAttribute("data-free") || !input.value.trim()) return;
    event.preventDefault();
    add(input.value.trim(), input.value.trim());
    close();
  }, { signal });
  values.addEventListener("click", (event) => {
    if (event.target.closest("button")) event.target.closest(".chip").remove(), input.focus(), changed();
  }, { signal });
}
