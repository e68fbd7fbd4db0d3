// The list of what was found: arrow keys move between hits.
const hits = [...document.querySelectorAll("[data-found] .hit")];
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !hits.length || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.target.closest?.("textarea, select, [role=menu], details[open]")) return;
  const here = hits.indexOf(document.activeElement);
  const field = document.getElementById("find-q");
  event.preventDefault();
  if (here === 0 && step < 0) field.focus();
  else (hits[here < 0 ? (step > 0 ? 0 : hits.length - 1) : Math.min(here + step, hits.length - 1)]).focus();
});
