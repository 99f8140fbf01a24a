// Suggestions inside a text: @ for colleagues, # for tags, a capital letter for contacts. data-suggest-url answers ?q=ma&sign=@
// with role=option elements whose data-insert replaces the word being typed. The list is the textarea's aria-controls.
import { listbox } from "../core/listbox.js";
import { fill } from "../core/suggestions.js";

const WORD = /(?:^|[\s(])([@#])([\p{L}\p{N}_-]{0,40})$|(?:^|\s)(\p{Lu}[\p{L}'’-]{1,30})$/u;

export default function suggest(area, signal) {
  const list = document.getElementById(area.getAttribute("aria-controls"));
  if (!list) return;
  const close = () => {
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
  };
  const found = () => WORD.exec(area.value.slice(0, area.selectionStart));
  const choose = (option) => {
    const match = found();
    const length = match ? (match[3] ?? match[1] + match[2]).length : 0;
    area.setRangeText(`${option.dataset.insert} `, area.selectionStart - length, area.selectionStart, "end");
    close();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  let sign = "";
  const box = listbox(area, list, { choose, close, first: false }, signal);
  const search = fill(list, area.dataset.suggestUrl, () => {
    list.hidden = !list.querySelector('[role="option"]') || !found();
    box.refresh();
    // After a sign the first one is meant, unless it stands there in full; after a capital letter Enter must still save.
    const first = list.querySelector('[role="option"]')?.dataset.insert.toLowerCase();
    if (sign && !list.hidden && first !== found()[0].trim().toLowerCase()) area.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown" }));
  });
  area.addEventListener("input", () => {
    const match = found();
    if (!match) return close();
    sign = match[1] ?? "";
    search(match[2] ?? match[3], { sign });
  }, { signal });
  area.addEventListener("blur", close, { signal });
}
