// Draws the chart whose options stand in the JSON element data-options, with the library data-library, which is loaded
// once. "token:gold" becomes the colour of that token, {"$number": {…}} a formatter; redrawn when size or theme change.
let library;
const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

const load = (address) => library ??= new Promise((resolve, reject) => {
  const script = Object.assign(document.createElement("script"), { src: address, onload: () => resolve(window.regularsCharts), onerror: reject });
  document.head.append(script);
});

const colour = (token) => {
  paint.clearRect(0, 0, 1, 1);
  paint.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim();
  paint.fillRect(0, 0, 1, 1);
  const [red, green, blue] = paint.getImageData(0, 0, 1, 1).data;
  return `rgb(${red},${green},${blue})`;
};

const revive = (_key, value) => {
  if (typeof value === "string" && value.startsWith("token:")) return colour(value.slice(6));
  if (!value?.$number) return value;
  const format = new Intl.NumberFormat(document.documentElement.lang, value.$number);
  return (number) => [number].flat().at(-1) == null || number === "-" ? "–" : format.format([number].flat().at(-1));
};

export default async function chart(element, signal) {
  const source = document.getElementById(element.dataset.options);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const { init } = await load(element.dataset.library);
  if (signal.aborted) return;
  element.replaceChildren();
  const drawn = init(element, null, { renderer: "canvas" });
  const draw = (moves) => drawn.setOption({ ...JSON.parse(source.textContent, revive), animation: moves && !still, animationDuration: 400 }, true);
  draw(true);
  const size = new ResizeObserver(() => drawn.resize());
  size.observe(element);
  const theme = new MutationObserver(() => draw(false));
  theme.observe(document.documentElement, { attributeFilter: ["class"] });
  addEventListener("beforeprint", () => draw(false), { signal });
  addEventListener("afterprint", () => draw(false), { signal });
  element.closest("figure")?.querySelector("[data-picture]")?.addEventListener("click", (event) => {
    const href = drawn.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: colour("card") });
    Object.assign(document.createElement("a"), { href, download: event.currentTarget.dataset.picture }).click();
  }, { signal });
  signal.addEventListener("abort", () => {
    size.disconnect();
    theme.disconnect();
    drawn.dispose();
  });
}
