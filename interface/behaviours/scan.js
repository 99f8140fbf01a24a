// The camera as a scanner, where the browser itself reads codes (BarcodeDetector): what it sees goes into the field.
// Without it the button stays hidden; scanners that type work everywhere.
export default function scan(element, signal) {
  const button = element.querySelector("[data-camera]");
  const video = element.querySelector("[data-video]");
  const field = element.querySelector("[data-field]");
  if (!button || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const detector = new window.BarcodeDetector({ formats: ["qr_code", "code_128", "ean_13"] });
  let stream = null;
  button.hidden = false;

  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
    button.setAttribute("aria-pressed", "false");
  };
  const look = async () => {
    if (!stream) return;
    const [code] = await detector.detect(video).catch(() => []);
    if (!code) return void setTimeout(look, 150);
    stop();
    field.value = code.rawValue;
    field.form.requestSubmit();
  };
  const start = async () => {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch(() => null);
    if (!stream) return void (button.hidden = true);
    if (signal.aborted) return stop();
    video.srcObject = stream;
    video.hidden = false;
    button.setAttribute("aria-pressed", "true");
    await video.play();
    look();
  };

  button.addEventListener("click", () => (stream ? stop() : start()), { signal });
  signal.addEventListener("abort", stop);
}
