// The editor's preview follows what is typed, and pictures dropped or pasted into a text are uploaded. Without this
// script the buttons "preview" and "upload" do the same.

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

if (form?.dataset.upload) takeFiles(form);

function takeFiles(form) {
  const isText = (target) => target instanceof HTMLTextAreaElement && target.dataset.pictures !== undefined;
  form.addEventListener("paste", (event) => {
    if (isText(event.target) && event.clipboardData.files.length) take(event, event.clipboardData.files);
  });
  form.addEventListener("dragover", (event) => {
    if (isText(event.target) && event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  form.addEventListener("drop", (event) => {
    if (isText(event.target) && event.dataTransfer.files.length) take(event, event.dataTransfer.files);
  });

  async function take(event, files) {
    event.preventDefault();
    const area = event.target;
    const holder = `[${form.dataset.uploading}]`;
    insert(area, holder);
    const body = new FormData();
    body.append("csrf", form.elements.csrf.value);
    for (const file of files) body.append("file", file, file.name);
    let text;
    try {
      const answer = await fetch(form.dataset.upload, { method: "POST", body, headers: { accept: "text/plain" } });
      text = answer.ok ? await answer.text() : `[${form.dataset.failed}]`;
    } catch { text = `[${form.dataset.failed}]`; }
    // Somebody may have typed on meanwhile: only the holder is replaced.
    area.value = area.value.includes(holder) ? area.value.replace(holder, () => text) : `${area.value}\n${text}`;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function insert(area, text) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
