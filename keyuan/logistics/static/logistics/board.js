// Moves people on a board by dragging; the same form serves ticking, choosing and pressing, with or without this.
const form = () => document.getElementById("move");
const boxes = () => [...(form()?.querySelectorAll('input[name="pk"]') ?? [])];
const cards = "#board [data-to] li, #board .seat label, #board details li";
const zoneOf = (target) => target.closest?.("#board [data-to]");
let dragged = null;

function recount() {
  const words = form()?.querySelector(".lg-count");
  if (!words) return;
  const count = boxes().filter((box) => box.checked).length;
  const said = count ? words.dataset.some.replace("0", count) : words.dataset.none;
  if (words.textContent !== said) words.textContent = said;
  words.parentElement.classList.toggle("live", count > 0);
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(cards) ?? null;
  const box = dragged?.querySelector('input[name="pk"]');
  if (!box) { dragged = null; return; }
  // Taking hold of one of several ticked people moves them all; of another, that one alone.
  if (!box.checked) for (const one of boxes()) one.checked = one === box;
  dragged.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", box.value);
  recount();
});

document.addEventListener("dragover", (event) => {
  const zone = dragged && zoneOf(event.target);
  if (!zone) return;
  event.preventDefault();
  for (const other of document.querySelectorAll("#board .over")) if (other !== zone) other.classList.remove("over");
  zone.classList.add("over");
});

function letGo() {
  for (const zone of document.querySelectorAll("#board .over")) zone.classList.remove("over");
  dragged?.classList.remove("dragged");
  dragged = null;
}

document.addEventListener("drop", (event) => {
  const zone = dragged && zoneOf(event.target);
  if (!zone) return;
  event.preventDefault();
  const target = form();
  if (target) {
    target.elements.to.value = zone.dataset.to;
    // In the hall the empty place means leaving one's seat.
    const act = zone.dataset.to === "" && target.querySelector('[value="clear"]') ? "clear" : "move";
    target.requestSubmit(target.querySelector(`[name="act"][value="${act}"]`));
  }
  letGo();
});
document.addEventListener("dragend", letGo);
document.addEventListener("change", (event) => { if (event.target.matches('input[name="pk"]')) recount(); });

function ready() {
  if (form()) for (const card of document.querySelectorAll(cards)) card.draggable = true;
  recount();
}
ready();
document.addEventListener("htmx:after:swap", ready);
addEventListener("pageshow", recount);
