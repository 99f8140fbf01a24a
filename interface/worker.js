// The service worker keeps one page for when there is no connection, and shows what it is told by push. No private page is stored.
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

// What the server tells this device while Regulars may be closed. The message was decrypted by the browser.
addEventListener("push", (event) => {
  const { title = "Regulars", body = "", url = "/", tag, unread } = event.data?.json() ?? {};
  const shown = registration.showNotification(title, { body, tag, icon: "/favicon.ico", data: { url } });
  const badge = unread ? navigator.setAppBadge?.(unread).catch(() => {}) : undefined;
  event.waitUntil(Promise.all([shown, badge]));
});

// A click goes where it leads: in a window of ours when one is open, else in a new one. Never to another site.
addEventListener("notificationclick", (event) => {
  event.notification.close();
  const target = new URL(event.notification.data?.url ?? "/", location.origin);
  if (target.origin !== location.origin) return;
  const open = async () => {
    const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
    const found = windows.find((one) => one.visibilityState === "visible") ?? windows[0];
    if (!found) return clients.openWindow(target.href);
    await found.focus();
    return found.navigate(target.href).catch(() => clients.openWindow(target.href));
  };
  event.waitUntil(open());
});
