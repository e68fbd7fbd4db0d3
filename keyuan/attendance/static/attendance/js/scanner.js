// The head teacher's scanner: reads a personal QR code where the browser can, else the typed code does.
const frame = document.querySelector("[data-camera]");
const note = frame?.querySelector("[data-camera-note]");
const video = frame?.querySelector("video");
const PAUSE = 2500;
let last = "";
let until = 0;

function enter(text) {
  const code = text.trim().toUpperCase();
  if (!code.startsWith("KEYUAN:") || (code === last && Date.now() < until)) return;
  [last, until] = [code, Date.now() + PAUSE];
  const form = document.querySelector("[data-scan]");
  form.elements.code.value = code.slice("KEYUAN:".length);
  navigator.vibrate?.(60);
  form.requestSubmit();
}

async function watch(detector) {
  try {
    const [found] = await detector.detect(video);
    if (found) enter(found.rawValue);
  } catch { /* a frame that is not ready yet */ }
  setTimeout(() => watch(detector), 250);
}

async function start(button) {
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    await video.play();
  } catch {
    note.textContent = "打不开摄像头，请允许使用，或在下面输入本人码。";
    return;
  }
  button.hidden = true;
  note.textContent = "把学员的码放进画面。";
  watch(new BarcodeDetector({ formats: ["qr_code"] }));
}

if (frame && "BarcodeDetector" in globalThis && navigator.mediaDevices) {
  frame.hidden = false;
  const button = frame.querySelector("[data-camera-start]");
  button.addEventListener("click", () => start(button));
}
