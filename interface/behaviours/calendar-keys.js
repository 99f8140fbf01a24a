// Moves the focused appointment (data-move) by keys: Space picks it up, arrows move it (days, and quarters of an hour
// where hours are shown; weeks in a month), Enter puts it down, Escape leaves it where it was. Says where it is (data-live).
import { QUARTER, redraw, send, shifted, show, spoken } from "../core/calendar.js";

export default function calendarKeys(element, signal) {
  let held = null;
  const say = (text) => (element.querySelector("[data-live]").textContent = text);
  const isMonth = element.dataset.view === "month";
  const steps = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: isMonth ? [-7, 0] : [0, -QUARTER],
    ArrowDown: isMonth ? [7, 0] : [0, QUARTER],
  };
  const pick = (target) => {
    held = { target, wall: target.dataset.start };
    target.dataset.held = "";
    say(element.dataset.saysPicked);
  };
  const step = ([days, minutes]) => {
    const wall = shifted(held.wall, days, minutes);
    const time = held.target.closest("[data-slots]");
    const there = show(held.target, wall);
    held.target.focus();
    if (!there && time) return say(spoken(held.wall));
    held.wall = wall;
    say(spoken(wall));
  };
  const drop = () => {
    const { target, wall } = held;
    held = null;
    delete target.dataset.held;
    if (wall === target.dataset.start) return leave(target);
    say(element.dataset.saysAsked);
    send(target, wall);
  };
  const leave = (target) => {
    held = null;
    delete target.dataset.held;
    say(element.dataset.saysLeft);
    redraw(target);
  };
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target.closest("[data-move]");
    if (!held && !(target && event.key === " ")) return;
    if (!held) pick(target);
    else if (steps[event.key]) step(steps[event.key]);
    else if (event.key === "Enter" || event.key === " ") drop();
    else if (event.key === "Escape" || event.key === "Tab") leave(held.target);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, { signal });
}
