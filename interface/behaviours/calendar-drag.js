// Drags an appointment (data-move) with the mouse to another day (data-day) or time (data-slots, quarters of an hour),
// and starts a new one where a free time is clicked. Keys do the same: see calendar-keys.
import { QUARTER, redraw, send, shifted, show } from "../core/calendar.js";

const FAR = 5; // pixels before a press becomes a drag

export default function calendarDrag(element, signal) {
  let held = null;
  const quarters = (slots, y) => {
    const box = slots.getBoundingClientRect();
    const count = (slots.closest(".cal-grid-wrap").querySelectorAll(".cal-hours > span").length || 1) * 4;
    return Math.max(0, Math.min(count - 1, Math.floor(((y - box.top) / box.height) * count)));
  };
  const wallAt = (x, y, time) => {
    const under = document.elementFromPoint(x, y)?.closest("[data-day]");
    const slots = under?.querySelector("[data-slots]");
    if (!under) return null;
    if (!slots) return `${under.dataset.day}T${time}`;
    return shifted(`${under.dataset.day}T00:00`, 0, slots.dataset.firstHour * 60 + quarters(slots, y) * QUARTER);
  };
  element.addEventListener("pointerdown", (event) => {
    const target = event.target.closest("[data-move]");
    if (!target || event.button || event.pointerType === "touch") return;
    const grip = target.closest("[data-slots]") ? event.clientY - target.getBoundingClientRect().top : 0;
    held = { target, grip, x: event.clientX, y: event.clientY, wall: null };
  }, { signal });
  document.addEventListener("pointermove", (event) => {
    if (!held || (!held.wall && Math.hypot(event.clientX - held.x, event.clientY - held.y) < FAR)) return;
    held.target.dataset.held = "";
    const wall = wallAt(event.clientX, event.clientY - held.grip, held.target.dataset.start.slice(11));
    held.wall = wall ?? held.wall ?? held.target.dataset.start;
    if (wall) show(held.target, wall);
  }, { signal });
  document.addEventListener("pointerup", () => {
    const done = held;
    held = null;
    if (!done?.wall) return;
    element.addEventListener("click", (event) => event.preventDefault(), { once: true, capture: true, signal });
    delete done.target.dataset.held;
    if (done.wall === done.target.dataset.start) return redraw(done.target);
    send(done.target, done.wall);
  }, { signal });
  element.addEventListener("click", (event) => {
    const slots = event.target.closest("[data-slots]");
    const cell = event.target.closest("td[data-day]");
    if (!element.dataset.add || event.defaultPrevented || event.target.closest("a, button, .cal-event")) return;
    if (!slots && !cell) return;
    const start = slots ? wallAt(event.clientX, event.clientY) : `${cell.dataset.day}T09:00`;
    const half = start.slice(0, 14) + (Number(start.slice(14)) < 30 ? "00" : "30");
    htmx.ajax("GET", `${element.dataset.add}?start=${half}&who=${element.dataset.who}`, "#dialog-host");
  }, { signal });
}
