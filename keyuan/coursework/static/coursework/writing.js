// Keeps what is typed as it is typed, counts its characters, and counts that a material was opened.
// Without this script the buttons do the same.

const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value
  ?? document.querySelector("[data-token]")?.dataset.token;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-count]");
  if (!link || !token()) return;
  const said = new FormData();
  said.append("csrfmiddlewaretoken", token());
  navigator.sendBeacon(`${link.getAttribute("href")}count/`, said);
});

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const status = form.querySelector(".cw-status");
  const saved = form.querySelector("[data-saved]");
  const count = form.querySelector("[data-count-of]");
  const text = form.elements.text;
  let timer = 0;
  let dirty = false;
  let running = null;

  const told = () => {
    const signs = [...text.value].filter((sign) => !/[\s\p{Cf}]/u.test(sign)).length;
    count.textContent = count.dataset.words.replace("{n}", signs);
  };
  const body = () => {
    const said = new FormData(form);
    said.delete("act");
    return said;
  };
  const save = async () => {
    if (running) return;
    dirty = false;
    saved.textContent = form.dataset.waiting;
    running = fetch(form.dataset.autosave, { method: "POST", body: body(), redirect: "error" });
    try {
      const answer = await running;
      const words = answer.ok || answer.status === 422 ? (await answer.text()).trim() : "";
      if (!words) throw new Error(String(answer.status));
      saved.textContent = new DOMParser().parseFromString(words, "text/html").body.textContent;
      status.classList.toggle("unsaved", !answer.ok);
    } catch {
      dirty = true;
      saved.textContent = form.dataset.offline;
      status.classList.add("unsaved");
      clearTimeout(timer);
      timer = setTimeout(save, 8000);
    } finally {
      running = null;
      if (dirty && !status.classList.contains("unsaved")) later();
    }
  };
  const later = () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, 1200);
  };
  form.addEventListener("input", () => { told(); later(); });
  form.addEventListener("submit", () => { dirty = false; clearTimeout(timer); });
  window.addEventListener("online", () => { if (dirty) save(); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && dirty) {
      dirty = false;
      navigator.sendBeacon(form.dataset.autosave, body());
    }
  });
  told();
}
