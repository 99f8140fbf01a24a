// Makes one SVG sprite of the Lucide icons that templates, Python files and icons.txt name.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const NAMED = /(?:\{%\s*(?:icon|emptystate|menu)\s+|\bicon\s*=\s*|"icon":\s*)["']([a-z0-9-]+)["']/g;

/** @returns {string} the sprite: one <symbol> for each icon, sorted by name. */
export function sprite(root) {
  const names = new Set(readFileSync(join(root, "interface/icons.txt"), "utf8").split(/\s+/).filter(Boolean));
  for (const file of sources(join(root, "regulars")))
    for (const [, name] of readFileSync(file, "utf8").matchAll(NAMED)) names.add(name);
  const symbols = [];
  for (const name of [...names].sort()) {
    const file = join(root, "node_modules/lucide-static/icons", `${name}.svg`);
    if (!existsSync(file)) {
      console.warn(`no Lucide icon is called "${name}"`);
      continue;
    }
    const body = readFileSync(file, "utf8").replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "");
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>")}</symbol>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!["static", "migrations", "__pycache__"].includes(entry.name)) yield* sources(path);
    } else if (/\.(html|py)$/.test(entry.name)) yield path;
  }
}
