// Answers without a name: fetches a blindly signed token under the session, casts the ballot without one.
import { begin, finish, supported } from "./blind.js";

const form = document.querySelector("[data-urn]");
const fault = form?.querySelector("[data-fault]");
const place = () => `urn:${form.dataset.tokenUrl}:${form.dataset.modulus.slice(0, 16)}`;

function keep(state) {
  try { localStorage.setItem(place(), JSON.stringify(state)); } catch { /* a private window keeps nothing */ }
}
function kept() {
  try { return JSON.parse(localStorage.getItem(place())); } catch { return null; }
}
function forget() {
  try { localStorage.removeItem(place()); } catch { /* nothing was kept */ }
}

async function refused(answer) {
  let message = "";
  try { message = (await answer.json()).message; } catch { /* not ours */ }
  const error = new Error(message || "网络不稳，没有交上。您选的还在，请再按一次提交。");
  error.shown = true;
  return error;
}

async function fetchToken() {
  let state = kept();
  if (state?.token) return state.token;
  if (!state) {
    state = await begin(form.dataset.modulus);
    keep(state);
  }
  const answer = await fetch(form.dataset.tokenUrl, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.dataset.csrf },
    body: JSON.stringify({ blinded: state.blinded }),
  });
  if (!answer.ok) throw await refused(answer);
  const token = finish(form.dataset.modulus, state, (await answer.json()).signed);
  keep({ token });
  return token;
}

function missing() {
  for (const item of form.querySelectorAll(".urn-item")) {
    const chosen = item.querySelector("input:checked");
    item.classList.toggle("invalid", !chosen);
    if (!chosen) return item;
  }
  return null;
}

async function cast() {
  const ballot = new URLSearchParams(new FormData(form));
  ballot.set("token", await fetchToken());
  // No cookies, no referrer: the ballot arrives from nobody.
  const answer = await fetch(form.action, {
    method: "POST", credentials: "omit", referrerPolicy: "no-referrer", headers: { Accept: "application/json" }, body: ballot,
  });
  if (!answer.ok) throw await refused(answer);
  forget();
  form.hidden = true;
  const done = document.querySelector("[data-done]");
  done.hidden = false;
  done.focus();
}

async function send(event) {
  event.preventDefault();
  const left = missing();
  if (left) {
    fault.textContent = `请给“${left.querySelector("legend").firstChild.textContent.trim()}”选一个等级。`;
    left.querySelector("input").focus();
    return;
  }
  const button = form.querySelector(".urn-send");
  button.disabled = true;
  fault.textContent = "";
  try {
    await cast();
  } catch (error) {
    fault.textContent = error.shown ? error.message : "网络不稳，没有交上。您选的还在，请再按一次提交。";
  } finally {
    button.disabled = false;
  }
}

if (form && !form.elements.token.value) {
  if (supported()) {
    form.hidden = false;
    form.noValidate = true;
    form.addEventListener("submit", send);
    form.addEventListener("change", () => { fault.textContent = ""; });
  } else {
    document.querySelector("[data-weak]").hidden = false;
  }
}
