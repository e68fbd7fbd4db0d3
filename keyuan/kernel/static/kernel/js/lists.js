// Lists: ticking rows (with Shift for a run), the bulk bar's count, choice of columns, j/k between rows.
const boxes = (id) => [...document.querySelectorAll(`[data-tick][form="${id}"]`)];
let anchor = null;

function recount(form) {
  const all = boxes(form.id);
  const ticked = all.filter((box) => box.checked).length;
  const words = form.querySelector("[data-bulk-count]");
  words.dataset.empty ??= words.textContent;
  words.textContent = ticked ? words.dataset.some.replace("0", ticked) : words.dataset.empty;
  // A list of several pages may be taken whole, whatever is ticked on this one.
  const some = ticked > 0 || form.querySelector("[data-whole]")?.checked === true;
  form.classList.toggle("live", some);
  for (const button of form.querySelectorAll("button")) button.disabled = !some;
  const head = document.querySelector(`[data-tick-all][form="${form.id}"]`);
  if (head) {
    head.checked = ticked > 0 && ticked === all.length;
    head.indeterminate = ticked > 0 && ticked < all.length;
  }
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-tick]");
  if (!box) return;
  const all = boxes(box.getAttribute("form"));
  if (event.shiftKey && anchor && all.includes(anchor)) {
    const [from, to] = [all.indexOf(anchor), all.indexOf(box)].sort((a, b) => a - b);
    for (const between of all.slice(from, to + 1)) between.checked = box.checked;
  }
  anchor = box;
});
// A row's “more” ticks that row alone and goes to the bar's reason; without scripts the link does it.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-tick-one]");
  if (!link || event.ctrlKey || event.metaKey) return;
  const box = link.closest("tr")?.querySelector("[data-tick]");
  const form = box?.form;
  const note = form?.querySelector("[data-bulk-note]");
  if (!note) return;
  event.preventDefault();
  for (const one of boxes(form.id)) one.checked = one === box;
  recount(form);
  note.focus();
});
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-tick-all]")) for (const one of boxes(box.getAttribute("form"))) one.checked = box.checked;
  if (box.matches("[data-tick], [data-tick-all]")) {
    const form = document.getElementById(box.getAttribute("form"));
    if (form) recount(form);
  }
  if (box.matches("[data-whole]")) recount(box.form);
});
const recountAll = () => document.querySelectorAll("form[data-bulk]").forEach(recount);
recountAll();
document.addEventListener("htmx:after:swap", recountAll);
addEventListener("pageshow", recountAll);

// ---- columns: hidden by class, remembered in this browser ------------------------------------------
function wireColumns(choice) {
  const table = document.getElementById(choice.dataset.columns);
  if (!table) return;
  choice.hidden = false;
  const store = `columns:${location.pathname}:${table.id}`;
  let off = [];
  try {
    off = JSON.parse(localStorage.getItem(store) ?? "[]");
  } catch {
    off = []; // storage refused or spoilt: show all
  }
  const heads = [...table.tHead.rows[0].cells];
  const apply = () => {
    heads.forEach((head, place) => {
      const gone = off.includes(head.dataset.key);
      for (const row of table.rows) if (row.cells[place]) row.cells[place].hidden = gone;
    });
    try {
      localStorage.setItem(store, JSON.stringify(off));
    } catch {
      // the choice then lasts for this page only
    }
  };
  for (const head of heads.filter((one) => one.dataset.key).slice(1)) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = !off.includes(head.dataset.key);
    box.addEventListener("change", () => {
      off = box.checked ? off.filter((key) => key !== head.dataset.key) : [...off, head.dataset.key];
      apply();
    });
    label.append(box, head.textContent);
    choice.querySelector(".menu-body").append(label);
  }
  apply();
}
document.querySelectorAll("details[data-columns]").forEach(wireColumns);

// ---- keyboard -----------------------------------------------------------------------------------
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  const rows = [...document.querySelectorAll(".table tbody tr")];
  if (!rows.length || document.querySelector("dialog[open]")) return;
  const here = rows.findIndex((row) => row.classList.contains("marked"));
  if (event.key === "j" || event.key === "k") {
    const next = rows[Math.min(rows.length - 1, Math.max(0, here + (event.key === "j" ? 1 : -1)))];
    rows[here]?.classList.remove("marked");
    next.classList.add("marked");
    next.tabIndex = -1;
    next.dataset.row = "";
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  } else if (here >= 0 && event.key === "x") {
    rows[here].querySelector("[data-tick]")?.click();
  } else if (here >= 0 && event.key === "Enter" && event.target === rows[here]) {
    rows[here].querySelector("th a, td a")?.click();
  }
});
