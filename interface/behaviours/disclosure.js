// A button that shows and hides what aria-controls names. <details> does the same without this, where it fits.
export default function disclosure(button, signal) {
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    for (const id of button.getAttribute("aria-controls").split(" ")) {
      const part = document.getElementById(id);
      if (!part) continue;
      part.hidden = !open;
      if (open) part.querySelector("[autofocus]")?.focus();
    }
  }, { signal });
}
