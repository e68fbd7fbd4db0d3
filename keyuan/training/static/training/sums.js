// Keeps the sum of quota shares in sight while numbers are typed; the server checks it again.
for (const form of document.querySelectorAll("[data-sum-form]")) {
  const shown = form.querySelector("[data-sum]");
  const limit = Number(form.querySelector("[data-sum-limit]").textContent);
  const add = () => {
    let sum = 0;
    for (const field of form.querySelectorAll("[data-sum-part]")) sum += Number(field.value) || 0;
    shown.textContent = String(sum);
    shown.closest(".sum-line").classList.toggle("over", sum > limit);
  };
  form.addEventListener("input", add);
  add();
}
