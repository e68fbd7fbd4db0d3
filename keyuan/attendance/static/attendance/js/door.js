// The door: notes arrivals on the phone first and hands them in when there is a network; nothing waits for the network.
const root = document.querySelector("[data-door]");
const store = await import(root.dataset.store);
const words = JSON.parse(document.querySelector("#door-words").textContent);
const part = (name) => root.querySelector(`[data-${name}]`);
const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
const EVERY = 15_000;
const AT_ONCE = 100;
const PATIENCE = 12_000;
const PAUSE = 3000;

let pack = null;
let queue = [];
let told = [];
let chosen = 0;
let state = "start";
let fault = "";
let busy = false;
let again = false;

// The phone's clock put right by what the server said last; arrivals themselves are sent with the raw clock.
const now = () => Date.now() + (pack?.offset ?? 0);
const clock = (moment) => new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" }).format(moment);
const sitting = () => pack?.sittings.find((each) => each.id === chosen);
const people = (each = sitting()) => (each ? pack.people[each.owner].filter(([id]) => each.people.includes(id)) : []);

// --- what stands of one person ------------------------------------------------------------------------------------
function mark(each, person) {
  const known = each.marks[person];
  const waits = queue.find((record) => record.sitting === each.id && record.person === person);
  if (known && known[0] !== "absent") return { here: true, at: known[1], kind: known[0] };
  if (waits) return { here: true, at: waits.at + (pack.offset ?? 0), kind: "waits", record: waits };
  if (known) return { here: false, kind: "absent" };
  return { here: false, kind: each.leave.includes(person) ? "leave" : "missing" };
}

async function arrive(person, how) {
  const each = sitting();
  if (!each) return;
  const [id, name] = people(each).find(([found]) => found === person) ?? [];
  if (!id) return tell(say("unknown"), "bad");
  const stands = mark(each, id);
  if (stands.here) return tell(say("already", { name, at: clock(stands.at) }), "info");
  if (now() < each.opens) return tell(say("early", { at: clock(each.opens) }), "bad");
  if (now() > each.ends) return tell(say("over"), "bad");
  const record = { id: crypto.randomUUID(), pack: pack.pack, sitting: each.id, person: id, name, title: each.title, how, at: Date.now() };
  await store.add(record);
  queue.push(record);
  navigator.vibrate?.(60);
  const late = now() > each.starts + each.late * 60_000;
  tell(say(late ? "late" : "noted", { name, at: clock(now()) }) + (stands.kind === "leave" ? say("onleave") : ""), late ? "warn" : "good");
  show();
  sync();
}

async function undo(record) {
  await store.remove(record.id);
  queue = queue.filter((each) => each.id !== record.id);
  tell(say("undone", { name: record.name }), "info");
  show();
}

// --- on the screen ------------------------------------------------------------------------------------------------
function element(name, properties = {}, ...inside) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...inside);
  return made;
}

function tell(text, tone) {
  const last = part("last");
  last.textContent = text;
  last.className = `door-last ${tone}`;
}

function line(each, [id, name, , unit]) {
  const stands = mark(each, id);
  const who = element("span", { className: "door-who" }, element("strong", { textContent: name }), element("small", { textContent: unit }));
  const row = element("li", { className: `door-person ${stands.kind}` }, who);
  if (!stands.here) {
    const tick = element("button", { type: "button", className: "button small", textContent: say("tick") });
    tick.setAttribute("aria-label", say("tickwho", { name }));
    tick.addEventListener("click", () => arrive(id, "list"));
    if (stands.kind !== "missing") row.append(element("span", { className: "door-mark", textContent: say(stands.kind) }));
    row.append(tick);
  } else {
    row.append(element("span", { className: "door-mark", textContent: `${say(stands.kind)} ${clock(stands.at)}` }));
    if (stands.record && !stands.record.sending) {
      const back = element("button", { type: "button", className: "button small quiet", textContent: say("undo") });
      back.addEventListener("click", () => undo(stands.record));
      row.append(back);
    }
  }
  return row;
}

function fits([, name, pinyin, unit, code], text) {
  const wanted = text.toUpperCase().replace(/^KEYUAN:/, "").replace(/\s/g, "");
  if (code === wanted || name.includes(text) || unit.includes(text)) return true;
  return /^[a-z]+$/i.test(text) && pinyin.split(" ").some((word) => word.startsWith(text.toLowerCase()));
}

function showPeople() {
  const each = sitting();
  const text = part("q").value.trim();
  const all = people(each);
  const found = text ? all.filter((person) => fits(person, text)) : all;
  const order = { missing: 0, absent: 0, leave: 1, waits: 2, late: 3, present: 3 };
  const rows = found.map((person) => [order[mark(each, person[0]).kind], person]).sort((a, b) => a[0] - b[0]);
  part("people").replaceChildren(...rows.map(([, person]) => line(each, person)));
  part("none").hidden = !each || rows.length > 0;
  part("here").textContent = String(all.filter(([id]) => mark(each, id).here).length);
  part("all").textContent = String(all.length);
}

function showState() {
  const waiting = queue.length;
  const text = state === "online" && waiting === 0 ? say("online") : say(state === "online" ? "waiting" : state, { n: waiting });
  part("state").textContent = text + (fault ? ` ${fault}` : "");
  part("state").className = `door-state ${state === "online" && waiting === 0 ? "good" : state === "start" ? "" : "warn"}`;
  part("waiting").textContent = waiting ? say("queue", { n: waiting }) : "";
  part("signin").hidden = state !== "signedout";
  part("stale").hidden = Boolean(pack) || state === "start";
  part("nothing").hidden = !pack || pack.sittings.length > 0;
  part("work").hidden = !pack || pack.sittings.length === 0;
}

function showTold() {
  part("told").hidden = told.length === 0;
  part("told-list").replaceChildren(...told.map((each) => {
    const away = element("button", { type: "button", className: "button small quiet", textContent: say("read") });
    away.addEventListener("click", async () => { await store.forget(each.id); told = told.filter((other) => other !== each); show(); });
    return element("li", {}, element("span", { textContent: `${each.name} · ${each.title} ${clock(each.at)}：${each.words}` }), away);
  }));
}

function showSittings() {
  const choose = part("sittings");
  const key = pack.sittings.map((each) => `${each.id}:${each.title}`).join();
  if (choose.dataset.key !== key) {
    choose.dataset.key = key;
    choose.replaceChildren(...pack.sittings.map((each) => element("option", { value: each.id, textContent: `${clock(each.starts)}–${clock(each.ends)} ${each.title}` })));
  }
  if (!sitting()) {
    const next = pack.sittings.find((each) => now() <= each.ends) ?? pack.sittings.at(-1);
    chosen = next?.id ?? 0;
  }
  choose.value = String(chosen);
}

function show() {
  if (pack) showSittings();
  showState();
  showTold();
  if (pack) showPeople();
}

// --- with the server ----------------------------------------------------------------------------------------------
async function ask(address, options = {}) {
  const answer = await fetch(address, { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE), ...options });
  const isJson = answer.headers.get("Content-Type")?.includes("json");
  if (answer.redirected || answer.status === 401) throw new Error("signedout");
  if (!isJson) throw new Error(answer.status === 403 ? "forbidden" : "offline");
  return { status: answer.status, body: await answer.json() };
}

async function refresh() {
  const before = Date.now();
  const { status, body } = await ask(root.dataset.roster);
  if (status !== 200) throw new Error("forbidden");
  // Half of the way there and back is what the server's word is old.
  body.offset = Math.round(body.now - (before + Date.now()) / 2);
  pack = body;
  await store.setList(pack);
}

async function handIn() {
  for (const token of new Set(queue.map((record) => record.pack))) {
    const mine = queue.filter((record) => record.pack === token && !record.refused).slice(0, AT_ONCE);
    if (!mine.length) continue;
    mine.forEach((record) => { record.sending = true; });
    const records = mine.map(({ id, sitting: where, person, how, at }) => ({ id, sitting: where, person, how, at }));
    const headers = { "Content-Type": "application/json", "X-CSRFToken": pack.csrf };
    const { status, body } = await ask(root.dataset.records, { method: "POST", headers, body: JSON.stringify({ pack: token, sent: Date.now(), records }) })
      .finally(() => mine.forEach((record) => { record.sending = false; }));
    if (status !== 200) { mine.forEach((record) => { record.refused = true; }); fault = body.fault; continue; }
    await entered(mine, body.results);
  }
}

async function entered(mine, results) {
  for (const { id, words: what } of results) {
    const record = mine.find((each) => each.id === id);
    if (!record) continue;
    await store.settled({ ...record, sending: undefined }, what);
    queue = queue.filter((each) => each.id !== id);
    if (what) told.push({ ...record, words: what });
    const each = pack.sittings.find((one) => one.id === record.sitting);
    if (each && !each.marks[record.person]) each.marks[record.person] = ["present", record.at + pack.offset];
  }
}

async function sync() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    await refresh();
    fault = "";
    while (queue.some((record) => !record.refused)) await handIn();
    if (queue.length === 0 || fault) await refresh();
    state = "online";
  } catch (trouble) {
    state = ["signedout", "forbidden"].includes(trouble.message) ? trouble.message : "offline";
  }
  busy = false;
  await expire();
  show();
  if (again) { again = false; sync(); }
}

// At midnight the names go; arrivals not yet handed in stay until they are.
async function expire() {
  if (!pack || now() < pack.expires) return;
  pack = null;
  await store.dropList();
}

// --- the camera ---------------------------------------------------------------------------------------------------
let seen = "";
let until = 0;

function scanned(text) {
  const code = text.trim().toUpperCase();
  if (!code.startsWith("KEYUAN:") || (code === seen && Date.now() < until)) return;
  [seen, until] = [code, Date.now() + PAUSE];
  const found = people().filter((person) => person[4] === code.slice("KEYUAN:".length));
  if (found.length === 1) arrive(found[0][0], "code");
  else tell(say("unknown"), "bad");
}

async function reader(video) {
  if ("BarcodeDetector" in globalThis && (await BarcodeDetector.getSupportedFormats?.().catch(() => []))?.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async () => (await detector.detect(video))[0]?.rawValue;
  }
  const { read } = await import(root.dataset.qr);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async () => {
    const shrink = Math.min(1, 640 / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * shrink);
    canvas.height = Math.round(video.videoHeight * shrink);
    if (!canvas.width) return null;
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    return read(pen.getImageData(0, 0, canvas.width, canvas.height));
  };
}

async function watch(look, video) {
  try {
    const text = video.srcObject && document.visibilityState === "visible" ? await look() : null;
    if (text) scanned(text);
  } catch { /* a frame that is not ready yet */ }
  if (video.srcObject) setTimeout(() => watch(look, video), 150);
}

async function camera() {
  const video = part("video");
  const button = part("camera");
  if (video.srcObject) {
    video.srcObject.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
    video.hidden = true;
    button.textContent = say("opencamera");
    return;
  }
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
    video.hidden = false;
    await video.play();
    button.textContent = say("closecamera");
    part("note").textContent = say("aim");
    watch(await reader(video), video);
  } catch {
    part("note").textContent = say("nocamera");
  }
}

// --- begin --------------------------------------------------------------------------------------------------------
part("sittings").addEventListener("change", (event) => { chosen = Number(event.target.value); show(); });
part("q").addEventListener("input", showPeople);
part("find").addEventListener("submit", (event) => {
  event.preventDefault();
  const found = people().filter((person) => fits(person, part("q").value.trim()));
  if (found.length !== 1) return tell(found.length ? say("several", { n: found.length }) : say("unknown"), "bad");
  part("q").value = "";
  arrive(found[0][0], "list");
});
part("camera").addEventListener("click", camera);
part("sync").addEventListener("click", () => { queue.forEach((record) => { record.refused = false; }); sync(); });
globalThis.addEventListener("online", sync);
globalThis.addEventListener("offline", () => { state = "offline"; show(); });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") sync(); });
setInterval(sync, EVERY);

[pack, queue, told] = [await store.list(), await store.queue(), await store.told()];
const asked = Number(new URLSearchParams(location.search).get("sitting"));
await expire();
if (pack?.sittings.some((each) => each.id === asked)) chosen = asked;
show();
root.dataset.ready = "1";
navigator.storage?.persist?.().catch(() => false);
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.scope }).then(() => navigator.serviceWorker.ready)
    .then(() => { root.dataset.kept = "1"; part("kept").hidden = false; }).catch(() => { part("unkept").hidden = false; });
} else part("unkept").hidden = false;
await sync();
if (asked && pack?.sittings.some((each) => each.id === asked)) { chosen = asked; show(); }
