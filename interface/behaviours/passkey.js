// Asks the device for a passkey, puts its answer into the form's "credential" and sends the form.
// data-passkey: "create" or "get"; data-options: id of a JSON script, or data-options-url: where to fetch them.
const ENCODED = ["challenge", "id"];

export default function passkey(form, signal) {
  const problem = form.querySelector("[data-problem]");
  form.addEventListener("submit", async (event) => {
    const field = form.elements.credential;
    if (field.value) return;
    event.preventDefault();
    problem.hidden = true;
    try {
      field.value = JSON.stringify(await ask(form));
      form.requestSubmit();
    } catch (error) {
      const gone = !window.PublicKeyCredential;
      problem.textContent = gone ? form.dataset.unsupported : error.name === "InvalidStateError" ? form.dataset.known : form.dataset.refused;
      problem.hidden = false;
    }
  }, { signal });
}

async function ask(form) {
  const { passkey: act, options: id, optionsUrl: url } = form.dataset;
  const given = url
    ? (await (await fetch(url, { headers: { Accept: "application/json" } })).json()).request_options
    : Object.values(JSON.parse(document.getElementById(id).textContent))[0];
  const { publicKey } = decode(structuredClone(given));
  if (act === "create" && form.elements.passwordless) {
    const alone = form.elements.passwordless.checked;
    const how = { residentKey: alone ? "required" : "discouraged", requireResidentKey: alone };
    publicKey.authenticatorSelection = { ...publicKey.authenticatorSelection, ...how, ...(alone && { userVerification: "required" }) };
  }
  const credential = await navigator.credentials[act]({ publicKey });
  return encode(credential);
}

/** Turns the base64url texts that are bytes (challenges and ids) into bytes. */
function decode(value, key = "", inside = "") {
  const bytes = typeof value === "string" && ENCODED.includes(key) && inside !== "rp";
  if (bytes) return Uint8Array.from(atob(value.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  if (value === null || typeof value !== "object") return value;
  for (const name of Object.keys(value)) value[name] = decode(value[name], name, Array.isArray(value) ? inside : key);
  return value;
}

/** Turns a credential into plain values, its bytes into base64url. */
function encode(value) {
  if (value instanceof ArrayBuffer)
    return btoa(String.fromCharCode(...new Uint8Array(value))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  if (value === null || typeof value !== "object") return value;
  if (value instanceof PublicKeyCredential)
    return { ...pick(value, "id", "rawId", "type", "authenticatorAttachment", "response"), clientExtensionResults: value.getClientExtensionResults() };
  return pick(value, "clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle");
}

function pick(source, ...names) {
  return Object.fromEntries(names.filter((name) => source[name] != null).map((name) => [name, encode(source[name])]));
}
