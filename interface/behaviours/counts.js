// Keeps the numbers beside the places true while the page is looked at: asks every half minute, when the page is seen
// again, and after something was done. The server answers 304 when nothing has changed.
const EVERY = 30_000;
const SOON = 400;

export default function counts(element, signal) {
  let tag = "";
  let timer;
  const later = (time) => {
    clearTimeout(timer);
    timer = setTimeout(look, time);
  };
  const look = async () => {
    clearTimeout(timer);
    if (document.hidden || signal.aborted) return;
    later(EVERY);
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(element.dataset.url, { headers, redirect: "error", signal }).catch(() => null);
    if (answer?.status !== 200) return;
    tag = answer.headers.get("ETag") ?? "";
    for (const [address, count] of Object.entries(await answer.json())) show(address, count);
  };
  document.addEventListener("visibilitychange", look, { signal });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.requestConfig.verb !== "get" && detail.successful) later(SOON);
  }, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  later(EVERY);
}

/** Writes the number at the end of each line that leads to `address`, and on the icon of the installed app. */
function show(address, count) {
  for (const link of document.querySelectorAll(`.side-link[href="${CSS.escape(address)}"]`)) {
    let place = link.querySelector(".count");
    if (!place && count) link.append((place = Object.assign(document.createElement("span"), { className: "count" })));
    if (place) place.textContent = count;
  }
  if (address !== "/notifications/") return;
  if (count) navigator.setAppBadge?.(parseInt(count, 10)).catch(() => {});
  else navigator.clearAppBadge?.().catch(() => {});
}
