// Attaches each element's behaviours (data-behaviour="menu") when it comes and lets go of them when it leaves.
// A behaviour is the file of its name in interface/behaviours; the build lists them.
import known from "all-behaviours";

const attached = new WeakMap();

/** Attaches behaviours to `root` and all below it. Each gets the element and a signal that fires when it leaves. */
export function attach(root) {
  const elements = [...root.querySelectorAll("[data-behaviour]")];
  if (root.matches?.("[data-behaviour]")) elements.unshift(root);
  for (const element of elements) {
    if (attached.has(element)) continue;
    const life = new AbortController();
    attached.set(element, life);
    for (const name of element.dataset.behaviour.split(/\s+/).filter(Boolean)) {
      if (known[name]) known[name](element, life.signal);
      else console.warn(`no behaviour is called "${name}"`);
    }
  }
}

/** Lets go of an element that leaves the page. */
export function detach(element) {
  attached.get(element)?.abort();
  attached.delete(element);
}
