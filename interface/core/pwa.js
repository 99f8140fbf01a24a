// Registers the service worker, which only keeps a page for when there is no connection.

/** Registers it once a colleague is signed in; without a secure origin there is none. */
export function installWorker() {
  if (!("serviceWorker" in navigator) || !document.body.hasAttribute("data-signed-in")) return;
  addEventListener("load", () => navigator.serviceWorker.register("/service-worker.js").catch(() => {}));
}
