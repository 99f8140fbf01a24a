// Takes from Basecoat only the components we use, so that nobody downloads the look of things we don't show.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const USED = ["avatar", "badge", "button", "checkbox", "input", "kbd", "label", "native-select", "radio", "skeleton", "switch", "textarea"];
// Class at the start of a rule in the theme ("nova") → the component it belongs to.
const CLASSES = /^\.(avatar|badge|btn|input|kbd|label|select|skeleton|textarea|field)\b(?!-)/;
const PAIRED = /^(html\.dark )?:is\(\.field > (input|select)/;
const NEVER = /range|\.select:not\(select\)|\.avatar-group|^\.field(?! > (input|select|textarea))/;

/** @returns {string} CSS: Basecoat's base, the used components, and their rules in the nova theme. */
export function basecoat(root) {
  const dist = join(root, "node_modules/basecoat-css/dist");
  // Basecoat excepts inputs in parts that we don't use; the exception would outweigh our own rules.
  const read = (path) => readFileSync(join(dist, path), "utf8").replaceAll(/:not\(:is\(\.command[^)]*\)\)/g, "");
  const theme = rules(inside(read("styles/nova.css"))).filter((rule) => {
    const selector = rule.replace(/\/\*[\s\S]*?\*\//g, "").trim();
    return (CLASSES.test(selector) || PAIRED.test(selector)) && !NEVER.test(selector.split("{")[0]);
  });
  return [
    read("base/base.css"),
    ...USED.map((name) => read(`components/${name}.css`)),
    `@layer components {\n${theme.join("\n")}\n}`,
  ].join("\n");
}

/** The text between the first brace and the last one: the body of the theme's only layer. */
function inside(css) {
  return css.slice(css.indexOf("{") + 1, css.lastIndexOf("}"));
}

/** Splits CSS into its outermost rules. */
function rules(css) {
  const found = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < css.length; at++) {
    if (css[at] === "{") depth++;
    if (css[at] === "}" && --depth === 0) {
      found.push(css.slice(start, at + 1));
      start = at + 1;
    }
  }
  return found;
}
