// Files dragged into the console go in pieces. A piece that is lost is asked for again from the last safe byte, also
// after the page was reloaded: choose the file again, and it goes on.

const PIECE = 8 * 1024 * 1024;
const box = document.querySelector("[data-uploads]");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// Names the file on this machine; the same file chosen again is the same upload.
const key = (file) => `upload:${file.name}:${file.size}:${file.lastModified}`;

function store(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch { /* without it only a reload begins anew */ }
}

function stored(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

class Upload {
  constructor(file, csrf, row) {
    Object.assign(this, { file, csrf, row, stopped: false });
  }

  async ask(method, path, headers = {}, body = undefined) {
    return fetch(path, { method, body, headers: { accept: "application/json", "x-csrf": this.csrf, ...headers } });
  }

  // The upload's address and how many bytes of it are safe.
  async begin() {
    const known = stored(key(this.file));
    if (known) {
      const answer = await this.ask("HEAD", known);
      if (answer.ok) return [known, Number(answer.headers.get("upload-offset"))];
      if (answer.status >= 500 || answer.status === 429) throw new Error("later");
      if (answer.status !== 404) throw await refusal(answer);
      store(key(this.file), null);
    }
    const about = JSON.stringify({ name: this.file.name, size: this.file.size });
    const answer = await this.ask("POST", "/console/uploads", { "content-type": "application/json" }, about);
    if (!answer.ok) throw await refusal(answer);
    const path = answer.headers.get("location");
    store(key(this.file), path);
    return [path, 0];
  }

  async send() {
    let patience = 1000;
    for (;;) {
      try {
        let [path, at] = await this.begin();
        this.path = path;
        while (at < this.file.size) {
          if (this.stopped) return null;
          this.row.progress(at, this.file.size);
          const piece = this.file.slice(at, at + PIECE);
          const answer = await this.ask("PATCH", path, { "upload-offset": String(at) }, piece);
          if (answer.status === 409) {
            const to = answer.headers.get("upload-offset");
            if (to === null) throw await refusal(answer);
            at = Number(to);
          } else if (answer.status >= 500 || answer.status === 429) throw new Error("later");
          else if (!answer.ok) throw await refusal(answer);
          else at = Number(answer.headers.get("upload-offset"));
          patience = 1000;
        }
        this.row.say("checking", 1);
        return await this.outcome(path);
      } catch (error) {
        if (error.final || this.stopped) throw error;
        // The line is cut, or the server is being restarted.
        this.row.say("waiting");
        await wait(patience);
        patience = Math.min(patience * 2, 30000);
      }
    }
  }

  async outcome(path) {
    for (let pause = 200; ; pause = Math.min(pause * 1.5, 3000)) {
      const answer = await this.ask("GET", path);
      if (!answer.ok) throw new Error("later");
      const status = await answer.json();
      if (status.state === "done" || status.state === "refused") {
        store(key(this.file), null);
        return status;
      }
      await wait(pause);
    }
  }

  async stop() {
    this.stopped = true;
    store(key(this.file), null);
    if (this.path) await this.ask("DELETE", this.path);
  }
}

async function refusal(answer) {
  let detail = String(answer.status);
  try { detail = (await answer.json()).detail ?? detail; } catch { /* the number has to do */ }
  return Object.assign(new Error(detail), { final: true });
}

function rowFor(file, onStop) {
  const row = document.createElement("li");
  row.className = "drop-row";
  const name = document.createElement("strong");
  name.textContent = file.name;
  const words = document.createElement("span");
  words.className = "small muted";
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "button button-s";
  stop.textContent = box.dataset.tStop;
  stop.addEventListener("click", () => { onStop(); row.remove(); });
  row.append(name, " ", words, bar, stop);
  box.querySelector(".drop-list").append(row);
  const say = (word, value) => {
    words.textContent = box.dataset[`t${word[0].toUpperCase()}${word.slice(1)}`];
    if (value !== undefined) bar.value = value;
  };
  return {
    say,
    progress(at, size) {
      say("sending", at / size);
      words.textContent += ` ${Math.floor((at / size) * 100)} %`;
    },
    end(status) {
      stop.remove();
      bar.remove();
      if (status.state === "done") {
        say("done");
        const link = document.createElement("a");
        link.href = `/console/files/${status.file.id}`;
        link.textContent = status.file.sha256;
        link.className = "hash small";
        row.append(document.createElement("br"), link);
      } else this.fail(status.problem);
    },
    fail(why) {
      stop.remove();
      bar.remove();
      say("refused");
      const told = document.createElement("p");
      told.className = "field-error";
      told.textContent = why;
      row.append(told);
    },
  };
}

// On a release's page a finished file becomes a line of its form, to be saved with it.
function enter(status) {
  const lines = document.getElementById("files");
  if (box.dataset.into !== "release" || !lines || !status.file) return;
  const file = status.file;
  const line = `${file.name} | ${file.id} | ${file.size} | ${file.sha256}`;
  if (lines.value.includes(file.id)) return;
  const kept = lines.value.split("\n").filter((l) => l.trim() && l.split("|")[0].trim() !== file.name);
  lines.value = [...kept, line].join("\n");
  lines.dispatchEvent(new Event("input", { bubbles: true }));
}

async function take(files) {
  // Signatures come after what they sign; two at a time would only share the line.
  const signature = (file) => file.name.endsWith(".minisig");
  const ordered = [...files].sort((a, b) => signature(a) - signature(b));
  for (const file of ordered) {
    let upload = null;
    const row = rowFor(file, () => upload?.stop());
    upload = new Upload(file, box.dataset.csrf, row);
    try {
      const status = await upload.send();
      if (!status) continue;
      row.end(status);
      if (status.state === "done" && !signature(file)) enter(status);
    } catch (error) {
      row.fail(error.message);
    }
  }
}

if (box) {
  const input = box.querySelector("input[type=file]");
  input.addEventListener("change", () => { take([...input.files]); input.value = ""; });
  const over = (on) => box.classList.toggle("drop-over", on);
  box.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
  box.addEventListener("dragleave", () => over(false));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    take([...event.dataTransfer.files]);
  });
  document.querySelectorAll("[data-forget]").forEach((button) => button.addEventListener("click", async () => {
    const headers = { "x-csrf": box.dataset.csrf, accept: "application/json" };
    const answer = await fetch(`/console/uploads/${button.dataset.forget}`, { method: "DELETE", headers });
    if (answer.ok) button.closest("li").remove();
  }));
}
