// The editor's preview follows what is typed. Without this script the button "preview" does the same.

const form = document.getElementById("words");
const preview = document.getElementById("preview");

if (form && preview) {
  let later;
  let asked = 0;
  const ask = async () => {
    const turn = ++asked;
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch("/console/kb/preview", { method: "POST", body, headers: { accept: "text/html" } });
      // An older answer never covers a newer one.
      if (answer.ok && turn === asked) preview.innerHTML = await answer.text();
    } catch { /* the next key asks again */ }
  };
  form.addEventListener("input", () => { clearTimeout(later); later = setTimeout(ask, 400); });
  let dirty = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}
