// Notifications on this device: asks the browser, hands its address to the server, and says in words why it can't.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const same = (one, other) => one?.byteLength === other.byteLength && new Uint8Array(one).every((byte, at) => byte === other[at]);

export default function push(element, signal) {
  const key = bytes(element.dataset.key);
  const offer = element.querySelector("[data-offer]");
  const problem = element.querySelector("[data-problem]");
  const say = (why) => {
    problem.hidden = !why;
    problem.querySelector("p").textContent = element.dataset[why] ?? "";
  };
  const keep = (subscription) => {
    const { endpoint, keys } = subscription.toJSON();
    offer.hidden = true;
    const values = { endpoint, p256dh: keys.p256dh, auth: keys.auth };
    return window.htmx.ajax("POST", element.dataset.url, { target: "#devices", swap: "outerHTML", values });
  };
  const manager = async () => (await navigator.serviceWorker.ready).pushManager;
  const start = async () => {
    const why = obstacle();
    if (why) return say(why);
    const known = await (await manager()).getSubscription();
    if (known && same(known.options.applicationServerKey, key)) return keep(known);
    await known?.unsubscribe(); // made for another key, as after a move to a new machine
    offer.hidden = false;
  };
  const switchOn = async () => {
    if ((await Notification.requestPermission()) === "denied") return say("refused");
    if (Notification.permission !== "granted") return;
    try {
      await keep(await (await manager()).subscribe({ userVisibleOnly: true, applicationServerKey: key }));
      say("");
    } catch {
      say("failed");
    }
  };
  offer.addEventListener("click", (event) => event.target.closest("button") && switchOn(), { signal });
  element.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-this-device]")) return;
    await (await (await manager()).getSubscription())?.unsubscribe();
    offer.hidden = false;
  }, { signal });
  start().catch(() => say("failed"));
}

function obstacle() {
  const apple = /iPhone|iPad/.test(navigator.userAgent) && !matchMedia("(display-mode: standalone)").matches;
  if (!isSecureContext) return "insecure";
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return apple ? "install" : "unsupported";
  return Notification.permission === "denied" ? "refused" : "";
}
