// Ticks what the chosen kind of activity has; the office may tick otherwise before it saves.
const kind = document.querySelector("select[data-parts]");
if (kind) {
  const parts = JSON.parse(kind.dataset.parts);
  kind.addEventListener("change", () => {
    for (const [name, value] of Object.entries(parts[kind.value] ?? {})) {
      const field = kind.form.elements[name];
      if (!field) continue;
      if (typeof value === "boolean") field.checked = value;
      else field.value = value;
    }
  });
}
