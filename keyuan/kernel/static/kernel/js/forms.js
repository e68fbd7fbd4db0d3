// Forms: drafts that survive an expired session, one submission a click, confirmation, dropped files.
const owner = document.body.dataset.owner;
const live = document.body.dataset.drafts === "live";
const PREFIX = "draft:";

// ---- drafts: kept in this tab only, for this account only, never secrets -------------------------
const storage = (() => {
  try {
    sessionStorage.setItem("draft-probe", "1");
    sessionStorage.removeItem("draft-probe");
    return sessionStorage;
  } catch {
    return null; // a browser that refuses storage only loses this comfort
  }
})();

const keyOf = (form) => `${PREFIX}${owner}:${location.pathname}:${form.dataset.keep}`;
const keys = () => (storage ? Object.keys(storage).filter((key) => key.startsWith(PREFIX)) : []);
const forget = () => keys().forEach((key) => storage.removeItem(key));
const read = (key) => JSON.parse(storage.getItem(key) ?? "null");
const secret = (control) =>
  !control.name || control.name === "csrfmiddlewaretoken" || control.closest("[data-secret]") ||
  ["password", "file", "hidden", "submit", "button"].includes(control.type) ||
  /one-time-code|password|cc-/.test(control.autocomplete ?? "");
const controls = (form) => [...form.elements].filter((control) => "value" in control && !secret(control));

function typed(form) {
  return controls(form).map((control) => ({
    name: control.name,
    value: control.value,
    on: "checked" in control ? control.checked : null,
    many: control.multiple && control.options ? [...control.selectedOptions].map((option) => option.value) : null,
  }));
}

function fill(form, values) {
  const seen = new Map();
  for (const control of controls(form)) {
    const place = seen.get(control.name) ?? 0;
    seen.set(control.name, place + 1);
    const kept = values.filter((value) => value.name === control.name)[place];
    if (!kept) continue;
    if (kept.many) for (const option of control.options) option.selected = kept.many.includes(option.value);
    else if (control.type === "checkbox" || control.type === "radio") control.checked = kept.on;
    else control.value = kept.value;
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function offer(form, key, before) {
  const note = document.getElementById("restored-words").content.firstElementChild.cloneNode(true);
  note.querySelector("button").addEventListener("click", () => {
    fill(form, before);
    storage.removeItem(key);
    note.remove();
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
  form.prepend(note);
}

function keepDrafts(form) {
  const key = keyOf(form);
  const before = typed(form);
  const draft = read(key);
  const refused = form.querySelector(".error-list") !== null;
  if (draft && !refused && !same(draft.values, before)) {
    fill(form, draft.values);
    offer(form, key, before);
  }
  let timer = 0;
  const save = (sent) => storage.setItem(key, JSON.stringify({ values: typed(form), sent }));
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => save(false), 300);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    save(true);
  });
  addEventListener("pagehide", () => {
    if (timer && !read(key)?.sent && !same(typed(form), before)) save(false);
  });
}

if (storage) {
  if (live) {
    for (const key of keys()) {
      // Another person's, or one that was sent and led on to an ordinary page: done with.
      const foreign = !key.startsWith(`${PREFIX}${owner}:`);
      if (foreign || read(key)?.sent) storage.removeItem(key);
    }
  } else {
    // The sign-in or a fault page answered: what was sent did not arrive.
    for (const key of keys()) {
      const draft = read(key);
      if (draft?.sent) storage.setItem(key, JSON.stringify({ ...draft, sent: false }));
    }
  }
  if (live) for (const form of document.querySelectorAll("form[data-keep]")) keepDrafts(form);
  for (const form of document.querySelectorAll("form[data-clear-drafts]")) form.addEventListener("submit", forget);
}

// ---- one submission, confirmed where it matters ---------------------------------------------------
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (form.hasAttribute("hx-post") || event.submitter?.hasAttribute("hx-post")) return; // htmx guards its own
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  // Files to download answer without leaving the page.
  setTimeout(() => release(form), 15000);
}, true);

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.querySelectorAll("form[data-sent]")) release(form);
});

// ---- a refused form takes the focus ---------------------------------------------------------------
const focusFault = () => document.querySelector("[data-focus]")?.focus();
focusFault();
document.addEventListener("htmx:after:swap", focusFault);

// ---- files dropped into a field -------------------------------------------------------------------
function wireDrop(zone) {
  const input = zone.querySelector("input[type=file]");
  const name = zone.querySelector(".drop-name");
  const show = () => {
    name.textContent = [...input.files].map((file) => `${file.name}（${Math.max(1, Math.round(file.size / 1024))} KB）`).join("、");
  };
  input.addEventListener("change", show);
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
for (const zone of document.querySelectorAll("[data-drop]")) wireDrop(zone);
