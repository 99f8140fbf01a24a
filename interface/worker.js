// The service worker keeps one page for when there is no connection, and nothing else: no private page is ever stored.
const CACHE = "regulars-offline-1";
const PAGE = "/offline";

addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.add(new Request(PAGE, { cache: "reload" }))));
  skipWaiting();
});

addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  // With preload the browser asks the server while the worker wakes up, so that no page waits for it.
  const preload = () => registration.navigationPreload?.enable();
  event.waitUntil(caches.keys().then(old).then(preload).then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  if (event.request.mode !== "navigate" || event.request.method !== "GET") return;
  const answer = async () => (await event.preloadResponse) ?? fetch(event.request);
  event.respondWith(answer().catch(() => caches.match(PAGE)));
});
