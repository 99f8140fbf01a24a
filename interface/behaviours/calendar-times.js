// In the form of an appointment: when the beginning changes, the end goes along, so that it lasts as long as before.
import { shifted } from "../core/calendar.js";

const MINUTE = 60_000;

export default function calendarTimes(form, signal) {
  const [start, end] = ["starts_at", "ends_at"].map((name) => form.elements.namedItem(name));
  if (!start || !end) return;
  let before = start.value;
  start.addEventListener("change", () => {
    const minutes = (Date.parse(`${end.value}Z`) - Date.parse(`${before}Z`)) / MINUTE;
    if (start.value && minutes > 0) end.value = shifted(start.value.slice(0, 16), 0, minutes);
    before = start.value || before;
  }, { signal });
}
