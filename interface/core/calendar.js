// What moving an appointment needs, by mouse or by keys: times by the wall, the place in the grid, the request.
export const QUARTER = 15;

/** "2026-11-24T10:00" moved by whole days and minutes, by the wall. */
export function shifted(wall, days, minutes) {
  const time = new Date(`${wall}:00Z`);
  time.setUTCDate(time.getUTCDate() + days);
  return new Date(time.getTime() + minutes * 60_000).toISOString().slice(0, 16);
}

/** The same as people say it, in the language of the page. */
export function spoken(wall) {
  const words = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZone: "UTC" };
  return new Date(`${wall}:00Z`).toLocaleString(document.documentElement.lang || "en", words);
}

/** Shows `event` where it would stand at `wall`; false when that day or hour is not on the page. */
export function show(event, wall) {
  const day = document.querySelector(`#calendar [data-day="${wall.slice(0, 10)}"]`);
  if (!day) return false;
  const slots = day.querySelector("[data-slots]");
  if (!slots) {
    const list = day.querySelector(".cal-chips") ?? day.appendChild(document.createElement("ul"));
    list.className = "cal-chips";
    if (event.parentElement.parentElement !== list) list.append(event.parentElement);
    return true;
  }
  const [hour, minute] = wall.slice(11).split(":").map(Number);
  const row = (hour - slots.dataset.firstHour) * 4 + Math.floor(minute / QUARTER) + 1;
  if (row < 1) return false;
  if (event.parentElement !== slots) slots.append(event);
  // By classes: the CSP knows no style of an element, not even when htmx carries it over.
  const place = { at: row, lane: 1, wide: /cal-cols-(\d+)/.exec(slots.className)?.[1] ?? 1 };
  event.className = event.className.replace(/cal-(at|lane|wide)-\d+/g, (_all, name) => `cal-${name}-${place[name]}`);
  return true;
}

/** Asks the server to move `event` to `wall`; the calendar draws itself again, or a dialog asks first. */
export function send(event, wall) {
  keepFocus(event);
  const again = () => document.querySelector("#dialog-host dialog[open]")?.addEventListener("close", () => redraw(event));
  htmx.ajax("POST", event.dataset.move, { source: event, swap: "none", values: { starts_at: wall } }).then(again);
}

/** Draws the calendar as it is. */
export function redraw(event) {
  keepFocus(event);
  htmx.trigger(document.body, "calendar-changed");
}

// The calendar is drawn anew: whoever moved an appointment finds the focus on it again.
function keepFocus(event) {
  const life = new AbortController();
  document.addEventListener("htmx:afterSettle", () => {
    const drawn = document.getElementById(event.id);
    if (!drawn || drawn === event) return;
    life.abort();
    drawn.focus();
  }, { signal: life.signal });
}
