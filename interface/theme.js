// Runs before the first paint: puts the chosen theme and the width of the side navigation on <html>.
const root = document.documentElement;
const read = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};
const apply = () => {
  const theme = read("theme") ?? "system";
  const dark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.classList.toggle("dark", dark);
  root.dataset.theme = theme;
  const side = read("side");
  if (side) root.dataset.side = side;
  const colour = document.querySelector('meta[name="theme-color"]');
  if (colour) colour.content = dark ? "#151714" : "#fdfdfb";
};
apply();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
addEventListener("storage", apply);
addEventListener("theme:change", apply);
