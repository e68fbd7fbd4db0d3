// The frame: menus, dialogs, toasts, copying, printing, keyboard. Everything here also works without it.
const root = document.documentElement;
root.classList.add("scripted");

// Words come from the page, so that they are translated with it.
const once = (element, mark) => !element.dataset[mark] && (element.dataset[mark] = "1");

function reveal(scope) {
  for (const element of scope.querySelectorAll("[data-copy], [data-print], [data-back], [data-dismiss]")) element.hidden = false;
}
reveal(document);
document.addEventListener("htmx:after:swap", () => reveal(document));

document.addEventListener("click", async (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener && !event.ctrlKey && !event.metaKey) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
  }
  if (event.target instanceof HTMLDialogElement) event.target.close();
  const copier = event.target.closest("[data-copy]");
  if (copier) {
    const field = copier.parentElement.querySelector(".copy-text");
    field?.select();
    try {
      await navigator.clipboard.writeText(copier.dataset.copy);
    } catch {
      document.execCommand("copy"); // plain http on the office network has no clipboard interface
    }
    copier.querySelector("use")?.setAttribute("href", copier.querySelector("use").getAttribute("href").replace(/#.*/, "#tick"));
  }
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-back]")) history.back();
  event.target.closest("[data-dismiss]")?.closest(".toast").remove();
  for (const menu of document.querySelectorAll("details[data-menu][open], details.column-choice[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("change", (event) => {
  event.target.closest("form[data-submit-on-change]")?.requestSubmit();
});

// Toasts that only confirm leave by themselves; faults stay until closed.
function expire() {
  for (const toast of document.querySelectorAll(".toast[role=status]")) {
    if (once(toast, "timed")) setTimeout(() => toast.matches(":hover, :focus-within") || toast.remove(), 8000);
  }
}
expire();
document.addEventListener("htmx:after:swap", expire);

const typing = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
let last = "";
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details[data-menu][open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key;
  if (key === "/") {
    const search = document.querySelector("[data-global-search]") ?? document.querySelector("input[type=search]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  } else if (key === "?") {
    document.getElementById("keys")?.showModal();
  } else if (key === "h" && last === "g") {
    document.querySelector("a.brand")?.click();
  }
  last = key;
});
