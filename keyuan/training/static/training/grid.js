// Moves sessions on the half-day grid by pointer or keys; without this the link 移动 opens a page that does the same.
const form = document.getElementById("drag");
const said = document.getElementById("drag-said");
const cells = () => [...document.querySelectorAll("[data-cell]")];
const at = (template, pk) => template.replace("/0/", `/${pk}/`);
let card = null;
let known = {};
let aim = null;

async function learn(lifted) {
  const answer = await fetch(at(form.dataset.slots, lifted.dataset.session), { headers: { accept: "application/json" } });
  if (!answer.ok || card !== lifted) return;
  known = await answer.json();
  for (const cell of cells()) {
    const fact = known[cell.dataset.cell];
    if (!fact || cell.contains(lifted)) continue;
    cell.classList.toggle("free", fact.free);
    cell.classList.toggle("taken", !fact.free);
    cell.classList.toggle("wary", fact.said === "cannot");
    cell.dataset.why = words(cell);
  }
}

function words(cell) {
  const fact = known[cell.dataset.cell];
  if (!fact) return "";
  if (fact.free) return fact.said ? fact.words : form.dataset.free;
  const other = fact.swap && cell.querySelector(`[data-session="${fact.swap}"] .lesson-title`);
  return other ? form.dataset.swapWords.replace("{}", other.textContent) : fact.words;
}

function lift(lifted) {
  letGo();
  card = lifted;
  card.classList.add("lifted");
  return learn(lifted);
}

function letGo() {
  card?.classList.remove("lifted");
  for (const cell of cells()) { cell.classList.remove("free", "taken", "wary", "over"); delete cell.dataset.why; }
  card = aim = null;
  known = {};
}

function aimAt(cell) {
  if (aim === cell) return;
  aim?.classList.remove("over");
  aim = cell;
  aim?.classList.add("over");
  if (cell) said.textContent = `${cell.dataset.name} ${words(cell)}`;
}

function drop(cell) {
  if (!card || !cell || cell.contains(card)) return letGo();
  const fact = known[cell.dataset.cell];
  const pk = card.dataset.session;
  if (fact && !fact.free && !fact.swap) { said.textContent = `${cell.dataset.name} ${fact.words}`; return letGo(); }
  form.action = at(fact?.swap && !fact.free ? form.dataset.swaps : form.dataset.moves, pk);
  form.elements.to.value = cell.dataset.cell;
  form.elements.with.value = fact?.swap ?? "";
  letGo();
  form.requestSubmit();
}

function byKey(event) {
  const lifter = event.target.closest("[data-lift]");
  if (!card && lifter && (event.key === " " || event.key === "Enter")) {
    event.preventDefault();
    const lifted = lifter.closest("[data-session]");
    lift(lifted);
    said.textContent = form.dataset.lifted.replace("{}", lifted.querySelector(".lesson-title").textContent);
    aim = lifted.closest("[data-cell]");
    return;
  }
  if (!card) return;
  const all = cells();
  const here = all.indexOf(aim);
  const day = all.filter((cell) => cell.parentElement === aim.parentElement);
  const step = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -day.length, ArrowRight: day.length }[event.key];
  if (step) {
    event.preventDefault();
    const next = all[here + step];
    if (next) { aimAt(next); next.scrollIntoView({ block: "nearest" }); }
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    drop(aim);
  } else if (event.key === "Escape" || event.key === "Tab") {
    said.textContent = form.dataset.back;
    letGo();
  }
}

if (form) {
  for (const each of document.querySelectorAll("[data-session]")) each.draggable = true;
  document.addEventListener("dragstart", (event) => {
    const lifted = event.target.closest?.("[data-session]");
    if (!lifted) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", lifted.dataset.session);
    lift(lifted);
  });
  document.addEventListener("dragover", (event) => {
    const cell = card && event.target.closest?.("[data-cell]");
    if (!cell) return;
    event.preventDefault();
    aimAt(cell);
  });
  document.addEventListener("drop", (event) => {
    if (!card) return;
    event.preventDefault();
    drop(event.target.closest("[data-cell]"));
  });
  document.addEventListener("dragend", letGo);
  document.addEventListener("keydown", byKey);
}
