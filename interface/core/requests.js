// What every htmx request needs: the CSRF token on the way out, a plain word when it fails.
import { showToast } from "./toasts.js";

const AGAIN_AFTER = 4000;
const SAFE = /^(GET|HEAD|OPTIONS)$/i;

/** The CSRF token of this page. */
export function csrf() {
  return document.querySelector('meta[name="csrf"]')?.content ?? "";
}

/** Listens to every request of the page. */
export function installRequests() {
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (!SAFE.test(detail.verb)) detail.headers["X-CSRFToken"] = csrf();
  });
  document.addEventListener("htmx:sendError", () => complain("offline"));
  document.addEventListener("htmx:timeout", () => complain("offline"));
  document.addEventListener("htmx:responseError", ({ detail }) => {
    const status = detail.xhr.status;
    complain(status === 403 ? "forbidden" : status === 404 || status === 410 ? "gone" : "failed");
  });
  document.addEventListener("submit", guardTwice);
  addEventListener("pageshow", ({ persisted }) => persisted && release(document));
}

function complain(kind) {
  const words = document.getElementById("toasts")?.dataset ?? {};
  showToast({ text: words[kind] ?? words.failed ?? "", tone: "risk" });
}

// A form that leads to a new page is sent once, however often its button is pressed.
function guardTwice(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.method === "get") return;
  if (form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => release(form.parentNode ?? form), AGAIN_AFTER); // a download leaves the page where it is
}

function release(root) {
  for (const form of root.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of root.querySelectorAll('[aria-busy="true"]')) button.removeAttribute("aria-busy");
}
