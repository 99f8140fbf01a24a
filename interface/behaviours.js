// Attaches each element's behaviours (data-behaviour="menu") when it comes and lets go of them when it leaves.
import autosize from "./behaviours/autosize.js";
import autosubmit from "./behaviours/autosubmit.js";
import capture from "./behaviours/capture.js";
import combobox from "./behaviours/combobox.js";
import copy from "./behaviours/copy.js";
import dialog from "./behaviours/dialog.js";
import disclosure from "./behaviours/disclosure.js";
import dropzone from "./behaviours/dropzone.js";
import keys from "./behaviours/keys.js";
import leave from "./behaviours/leave.js";
import list from "./behaviours/list.js";
import menu from "./behaviours/menu.js";
import palette from "./behaviours/palette.js";
import selection from "./behaviours/selection.js";
import sidebar from "./behaviours/sidebar.js";
import suggest from "./behaviours/suggest.js";
import tabs from "./behaviours/tabs.js";
import theme from "./behaviours/theme.js";
import toast from "./behaviours/toast.js";

const known = {
  autosize, autosubmit, capture, combobox, copy, dialog, disclosure, dropzone, keys, leave, list, menu, palette, selection,
  sidebar, suggest, tabs, theme, toast,
};
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
