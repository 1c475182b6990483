// The chat: messages as they come, words kept while there is no connection, nothing sent twice.
import { localTimes } from "./app.js";

const chat = document.getElementById("chat");
const log = document.getElementById("log");
const form = document.getElementById("box");
const text = document.getElementById("text");
const picker = document.getElementById("file");
const shelf = document.getElementById("files");
const state = document.getElementById("state");
const end = document.getElementById("end");
const say = chat.dataset;

const MAX_FILES = 5;
const MAX_FILE = 20 * 1024 * 1024;
const MAX_ALL = 2 * MAX_FILE - 64 * 1024;
let files = [];

// --- the log
const atEnd = () => log.scrollTop + log.clientHeight >= log.scrollHeight - 80;
const toEnd = () => { log.scrollTop = log.scrollHeight; };
// A long answer is read from its beginning.
const toNew = (bubble) => { log.scrollTop = Math.min(log.scrollHeight - log.clientHeight, bubble.offsetTop - 16); };

// Pictures come later than their message and would push its end out of sight.
let pinned = true;
log.addEventListener("scroll", () => { pinned = atEnd(); });
log.addEventListener("load", () => { if (pinned) toEnd(); }, true);

function show(id, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const fresh = holder.content.firstElementChild;
  const stay = !atEnd();
  localTimes(fresh);
  const old = document.getElementById(`say-${id}`);
  // Told again after a broken connection: nothing to draw, nothing to read aloud.
  if (old?.isEqualNode(fresh)) return false;
  if (old) old.replaceWith(fresh);
  else insertInOrder(id, fresh);
  if (!stay) toNew(fresh);
  return !old;
}

// Ids sort by time, so a message that was committed late still finds its place.
function insertInOrder(id, fresh) {
  const later = [...log.querySelectorAll(".say[data-id]")].find((m) => m.dataset.id > id);
  const before = later ?? log.querySelector(".say-pending, .say-typing");
  log.insertBefore(fresh, before ?? end);
}

// --- what is on its way, known by the id it was sent under; a tap is known by its words
function pending(words, names, id) {
  const bubble = document.createElement("div");
  bubble.className = "say say-customer say-sending say-pending";
  if (id) bubble.dataset.sent = id;
  const body = document.createElement("div");
  body.className = "say-body";
  body.textContent = [words, ...names].filter(Boolean).join("\n");
  const meta = document.createElement("div");
  meta.className = "say-meta";
  meta.textContent = say.sending;
  bubble.append(body, meta);
  log.insertBefore(bubble, log.querySelector(".say-typing") ?? end);
  toEnd();
  return bubble;
}

const plain = (s) => s.replace(/\s+/g, "");

function settle(sent, html) {
  const waiting = [...log.querySelectorAll(".say-pending")];
  if (sent) { waiting.find((b) => b.dataset.sent === sent)?.remove(); return; }
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const words = plain(holder.content.querySelector(".say-body")?.textContent ?? "");
  waiting.find((b) => !b.dataset.sent && words.startsWith(plain(b.querySelector(".say-body").textContent)))?.remove();
}

// How many answers came so far: one that is faster than its acknowledgement needs no dots any more.
let heard = 0;
let typingEnds;
function typing(on) {
  log.querySelector(".say-typing")?.remove();
  clearTimeout(typingEnds);
  if (!on) return;
  const bubble = document.createElement("div");
  bubble.className = "say say-bot say-typing";
  bubble.setAttribute("aria-hidden", "true");
  bubble.innerHTML = '<div class="say-body"><div class="typing"><i></i><i></i><i></i></div></div>';
  log.insertBefore(bubble, end);
  toEnd();
  typingEnds = setTimeout(() => typing(false), 10000);
}

// --- sending: the id is made here, so a repeat is the same message
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

async function post(path, options) {
  const answer = await fetch(path, { method: "POST", ...options, headers: { accept: "application/json", ...options.headers } });
  if (!answer.ok) throw new Error(String(answer.status));
}

async function send(job) {
  job.bubble.classList.remove("say-failed");
  job.bubble.classList.add("say-sending");
  const before = heard;
  try {
    await job.run();
    // Some buttons only change something and are not said aloud.
    if (job.brief) setTimeout(() => job.bubble.remove(), 3000);
    job.bubble.classList.remove("say-sending");
    job.bubble.querySelector(".say-meta").textContent = "";
    if (heard === before) typing(true);
    return true;
  } catch {
    failed(job);
    return false;
  }
}

function failed(job) {
  job.bubble.classList.remove("say-sending");
  job.bubble.classList.add("say-failed");
  const meta = job.bubble.querySelector(".say-meta");
  meta.textContent = "";
  const retry = document.createElement("button");
  retry.type = "button";
  retry.className = "button button-s button-quiet";
  retry.textContent = say.failed;
  retry.addEventListener("click", () => { meta.textContent = say.sending; send(job); });
  meta.append(retry);
}

function sendMessage() {
  const words = text.value.trim();
  if (!words && !files.length) return;
  const id = newId();
  const chosen = files;
  const bubble = pending(words, chosen.map((f) => `📎 ${f.name}`), id);
  const run = chosen.length ? () => post("/chat/send", { body: withFiles(id, words, chosen) }) : () => post("/chat/messages", {
    body: JSON.stringify({ id, text: words }),
    headers: { "content-type": "application/json" },
  });
  text.value = "";
  keep();
  files = [];
  drawFiles();
  send({ bubble, run });
  text.focus();
}

function withFiles(id, words, chosen) {
  const data = new FormData();
  data.append("id", id);
  data.append("text", words);
  for (const file of chosen) data.append("file", file, file.name);
  return data;
}

form.addEventListener("submit", (event) => { event.preventDefault(); sendMessage(); });
text.addEventListener("keydown", (event) => {
  // Enter also chooses a Chinese candidate; only an Enter outside of composing sends.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    sendMessage();
  }
});

// --- buttons of messages
log.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  const row = event.target;
  if (!button || row.dataset.busy) return;
  row.dataset.busy = "yes";
  const bubble = pending(button.textContent.trim(), []);
  const body = new URLSearchParams({ action: button.value, message: row.elements.message?.value ?? "", id: newId() });
  send({ bubble, brief: true, run: () => post("/chat/press", { body }) }).then(() => { delete row.dataset.busy; });
});

// --- files
function drawFiles() {
  shelf.replaceChildren(...files.map((file, i) => {
    const item = document.createElement("span");
    item.className = "file";
    item.append(file.name);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "×";
    remove.setAttribute("aria-label", `${say.remove} ${file.name}`);
    remove.addEventListener("click", () => { files.splice(i, 1); drawFiles(); });
    item.append(remove);
    return item;
  }));
}

function add(more) {
  const all = [...files, ...more];
  const fits = all.length <= MAX_FILES && all.every((f) => f.size <= MAX_FILE) && all.reduce((n, f) => n + f.size, 0) <= MAX_ALL;
  tell(fits ? "" : say.toolarge);
  if (fits) files = all;
  drawFiles();
}
picker.addEventListener("change", () => { add([...picker.files]); picker.value = ""; });
text.addEventListener("paste", (event) => { if (event.clipboardData?.files.length) { event.preventDefault(); add([...event.clipboardData.files]); } });
chat.addEventListener("dragover", (event) => { event.preventDefault(); chat.classList.add("dropping"); });
chat.addEventListener("dragleave", () => chat.classList.remove("dropping"));
chat.addEventListener("drop", (event) => { event.preventDefault(); chat.classList.remove("dropping"); add([...event.dataTransfer.files]); });

// --- words not sent yet
const keep = () => sessionStorage.setItem("draft:chat", text.value);
if (!text.value) text.value = sessionStorage.getItem("draft:chat") ?? "";
text.addEventListener("input", keep);

// --- the live line
function tell(words) {
  state.hidden = !words;
  state.textContent = words;
}

const title = document.title;
let missed = 0;
document.addEventListener("visibilitychange", () => { if (!document.hidden) { missed = 0; document.title = title; } });

function came(event) {
  const { id, author, sent, html } = JSON.parse(event.data);
  const fresh = show(id, html);
  if (author === "customer") return settle(sent, html);
  if (!fresh) return undefined;
  heard += 1;
  typing(false);
  if (document.hidden) document.title = `(${missed += 1}) ${title}`;
  return undefined;
}

function connect() {
  const source = new EventSource("/chat/events");
  source.addEventListener("message", came);
  source.addEventListener("open", () => tell(""));
  source.addEventListener("error", () => {
    tell(say.offline);
    // The browser reconnects by itself, except after an answer that was an error.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 5000);
  });
}
connect();

toEnd();
if (text.value) text.focus();
