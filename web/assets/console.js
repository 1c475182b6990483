// The keyboard of the console: j and k move, Enter opens, / searches, r answers, u goes back.

const rows = () => [...document.querySelectorAll(".queue-row")];

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(document.activeElement);
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => document.getElementById("q")?.focus(),
  r: () => document.querySelector("#answer textarea")?.focus(),
  u: () => { if (document.body.dataset.up) location.href = document.body.dataset.up; },
};

document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (box.matches?.("textarea[data-submit]") && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    box.form.requestSubmit(box.form.querySelector(`button[value="${box.dataset.submit}"]`));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || box.closest?.("input, textarea, select, dialog")) return;
  const act = keys[event.key];
  if (act) { event.preventDefault(); act(); }
});
