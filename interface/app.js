// The one script of every page: htmx, the named behaviours, and what concerns the page as a whole.
import htmx from "htmx.org/dist/htmx.esm.js";
import { attach, detach } from "./behaviours.js";
import { installKeys } from "./core/shortcuts.js";
import { installLoadline } from "./core/loadline.js";
import { installOpeners } from "./core/openers.js";
import { installRequests } from "./core/requests.js";
import { installTypeAhead } from "./core/typeahead.js";
import { installWorker } from "./core/pwa.js";

window.htmx = htmx;
installRequests();
installOpeners();
installTypeAhead();
installKeys();
installLoadline();
installWorker();
// At once, so that keys pressed right after the page came are heard; later for what htmx brings.
attach(document.body);
htmx.onLoad(attach);
document.addEventListener("htmx:beforeCleanupElement", (event) => detach(event.target));
