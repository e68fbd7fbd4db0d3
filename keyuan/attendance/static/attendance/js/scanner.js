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

// The browser's own detector where there is one, else ours.
async function looker() {
  if ((await globalThis.BarcodeDetector?.getSupportedFormats?.().catch(() => []))?.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async () => (await detector.detect(video))[0]?.rawValue;
  }
  const { read } = await import(frame.dataset.qr);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async () => {
    const shrink = Math.min(1, 640 / video.videoWidth);
    [canvas.width, canvas.height] = [Math.round(video.videoWidth * shrink), Math.round(video.videoHeight * shrink)];
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    return read(pen.getImageData(0, 0, canvas.width, canvas.height));
  };
}

async function watch(look) {
  try {
    const text = await look();
    if (text) enter(text);
  } catch { /* a frame that is not ready yet */ }
  setTimeout(() => watch(look), 250);
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
  watch(await looker());
}

if (frame && navigator.mediaDevices) {
  frame.hidden = false;
  const button = frame.querySelector("[data-camera-start]");
  button.addEventListener("click", () => start(button));
}
