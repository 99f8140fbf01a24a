// Lets a textarea grow with its text where CSS field-sizing cannot do it yet.
export default function autosize(area, signal) {
  if (CSS.supports("field-sizing", "content")) return;
  const fit = () => {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  };
  area.addEventListener("input", fit, { signal });
  fit();
}
