// A chosen value: a chip with a button to take it away, or only the hidden input where one value is picked.

/** @returns {HTMLElement} holding the hidden input `name`=`value` */
export function makeChip(name, value, label, many, remove = "Remove") {
  const hidden = Object.assign(document.createElement("input"), { type: "hidden", name, value });
  if (!many) return hidden;
  const chip = Object.assign(document.createElement("span"), { className: "chip" });
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "×", ariaLabel: `${remove} ${label}` });
  chip.append(Object.assign(document.createElement("span"), { textContent: label }), hidden, button);
  return chip;
}
