// What every page does beyond plain HTML: times in the reader's zone, theme, live regions, drafts, dialogs.

const cookie = (name, value) => { document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax`; };
const cookieOf = (name) => document.cookie.split("; ").find((c) => c.startsWith(`${name}=`))?.slice(name.length + 1);

// --- times: the server learns the zone for its next page; this one is mended here.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const known = decodeURIComponent(cookieOf("tz") ?? "");
if (zone && zone !== known) cookie("tz", encodeURIComponent(zone).replaceAll("%2F", "/"));

export function localTimes(root) {
  if (!zone || zone === known) return;
  const lang = document.documentElement.lang;
  const time = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const full = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
  const day = new Intl.DateTimeFormat(lang, { dateStyle: "medium" });
  const relative = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
  const midnight = (d) => new Date(d.getFullYear(), d.getMonth(), d.getDate());
  for (const el of root.querySelectorAll("time[datetime]")) {
    const at = new Date(el.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const days = Math.round((midnight(at) - midnight(new Date())) / 86400000);
    if ("day" in el.dataset) el.textContent = day.format(at);
    else if (Math.abs(days) <= 1) el.textContent = `${relative.format(days, "day")} ${time.format(at)}`;
    else el.textContent = full.format(at);
    el.removeAttribute("title");
  }
  for (const el of root.querySelectorAll("[data-zone]")) el.textContent = el.textContent.replace(el.dataset.zone, zone);
}
localTimes(document);

// --- tables: on a phone a row becomes a card, whose lines need the names of their columns
function nameCells(root) {
  for (const table of root.querySelectorAll(".table-wrap > .table")) {
    const heads = [...table.querySelectorAll("thead th")].map((th) => (th.querySelector(".visually-hidden") ? "" : th.textContent.trim()));
    if (!heads.length) continue;
    for (const cell of table.querySelectorAll("tbody td")) {
      // A row below a cell that spans rows has fewer cells: they are the last ones.
      const at = heads.length - cell.parentElement.cells.length + cell.cellIndex;
      if (cell.colSpan === 1 && at >= 0) cell.dataset.column = heads[at] ?? "";
      // What leads to the thing itself is its headline.
      cell.classList.toggle("is-head", cell.cellIndex === 0 && Boolean(cell.querySelector("a")));
    }
    table.classList.add("table-named");
    // A block is no table to a screen reader any more unless it says so.
    table.setAttribute("role", "table");
    for (const part of table.querySelectorAll("tr")) part.setAttribute("role", "row");
    for (const part of table.querySelectorAll("th")) part.setAttribute("role", "columnheader");
    for (const part of table.querySelectorAll("td")) part.setAttribute("role", "cell");
    for (const part of table.querySelectorAll("thead, tbody")) part.setAttribute("role", "rowgroup");
  }
}
nameCells(document);

// --- the row of sections shows where one is
document.querySelector(".sections [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// --- theme
for (const link of document.querySelectorAll("[data-theme-switch]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    cookie("theme", root.dataset.theme);
  });
}

// --- a message told once does not come back on reload
const here = new URL(location.href);
const confirmed = here.searchParams.has("done");
if (here.searchParams.has("done")) {
  here.searchParams.delete("done");
  history.replaceState(history.state, "", here);
}

// --- live regions: fetch this page again and swap what differs
const live = document.body.dataset.live;
// A page drawn in answer to a form stands at the form's address, which cannot be fetched.
const own = document.body.dataset.self;
const was = new WeakMap();
let busy = false;
let again = false;

async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    const answer = await fetch(own ?? location.href, { headers: { accept: "text/html" } });
    if (answer.ok && !answer.redirected) swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch { /* the next change tries again */ }
  busy = false;
  if (again) { again = false; refresh(); }
}

function swap(fresh) {
  const reading = atNewest();
  const focused = document.activeElement?.id;
  for (const old of document.querySelectorAll("[data-region]")) {
    const next = fresh.querySelector(`[data-region="${old.dataset.region}"]`);
    // A control in use is not pulled from under the hand.
    if (!next || next.innerHTML === was.get(old) || old.querySelector("select:focus, input:focus, textarea:focus")) continue;
    old.innerHTML = next.innerHTML;
    was.set(old, next.innerHTML);
    localTimes(old);
    nameCells(old);
  }
  if (reading) toNewest();
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

// A ticket is read from its newest message: above the answer box, when there is one.
const newest = () => document.querySelector(".work .timeline > :last-child");
const wanted = () => newest().getBoundingClientRect().bottom + scrollY + 24 - (innerHeight - document.getElementById("answer").offsetHeight);
const atNewest = () => newest() && Math.abs(scrollY - Math.max(0, wanted())) < 80;
const toNewest = () => { if (newest()) scrollTo(0, Math.max(0, wanted())); };
toNewest();

if (live) {
  for (const region of document.querySelectorAll("[data-region]")) was.set(region, region.innerHTML);
  let later;
  let source;
  const soon = () => { clearTimeout(later); later = setTimeout(refresh, 150); };
  // Browsers allow six connections to a site: tabs nobody looks at give theirs back.
  const listen = () => {
    source?.close();
    source = undefined;
    if (document.hidden) return;
    source = new EventSource(live);
    source.addEventListener("changed", soon);
    let broken = false;
    source.addEventListener("error", () => { broken = true; });
    source.addEventListener("open", () => { if (broken) soon(); broken = false; });
  };
  listen();
  document.addEventListener("visibilitychange", () => { listen(); if (!document.hidden) soon(); });
  const every = Number(document.body.dataset.refresh ?? 60);
  setInterval(() => { if (!document.hidden) refresh(); }, every * 1000);
}

// --- drafts: unsent words survive a reload and a lost session
for (const box of document.querySelectorAll("[data-draft]")) {
  const key = `draft:${box.dataset.draft}`;
  if (!box.value) box.value = sessionStorage.getItem(key) ?? "";
  box.addEventListener("input", () => sessionStorage.setItem(key, box.value));
  box.form?.addEventListener("submit", () => sessionStorage.setItem("draft-sent", key));
}
const sent = sessionStorage.getItem("draft-sent");
sessionStorage.removeItem("draft-sent");
// Arrived with a confirmation: the words are on the server. Without one they stay.
if (sent && confirmed) {
  sessionStorage.removeItem(sent);
  for (const box of document.querySelectorAll("[data-draft]")) if (`draft:${box.dataset.draft}` === sent) box.value = "";
}

// --- forms sent once; chosen files named
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 8000);
});
document.addEventListener("change", ({ target }) => {
  if (target.dataset.files) document.getElementById(target.dataset.files).textContent = [...target.files].map((f) => f.name).join(", ");
});

// --- dialogs
for (const button of document.querySelectorAll("[data-dialog]")) {
  button.hidden = false;
  button.addEventListener("click", () => document.getElementById(button.dataset.dialog).showModal());
}
for (const button of document.querySelectorAll("dialog [data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}
