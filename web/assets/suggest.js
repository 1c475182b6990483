// Suggestions under a search box while somebody types. Without this script the box is a plain form.

const WAIT = 120;

for (const input of document.querySelectorAll("input[data-suggest]")) attach(input);

function attach(input) {
  const form = input.form;
  const list = document.createElement("ul");
  list.id = `${input.id}-suggest`;
  list.className = "suggest";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.suggestLabel);
  list.hidden = true;
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  form.append(list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  let chosen = -1;
  let timer;
  let asked = "";
  let under;

  const options = () => [...list.children];
  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (at) => {
    const all = options();
    chosen = at;
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", all[at].id);
      all[at].scrollIntoView({ block: "nearest" });
    }
  };
  const show = (items) => {
    list.replaceChildren(...items.map((item, i) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${i}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = item.text;
      option.dataset.url = item.url;
      // Before the box loses the focus.
      option.addEventListener("pointerdown", (event) => { event.preventDefault(); location.assign(item.url); });
      return option;
    }));
    chosen = -1;
    list.hidden = items.length === 0;
    input.setAttribute("aria-expanded", String(items.length > 0));
    input.removeAttribute("aria-activedescendant");
    status.textContent = items.length ? input.dataset.suggestCount.replace("0", String(items.length)) : "";
  };
  const ask = async () => {
    const typed = input.value.trim();
    if (typed === asked) return;
    asked = typed;
    under?.abort();
    if (!typed) { show([]); close(); return; }
    under = new AbortController();
    const query = new URLSearchParams({ q: typed, lang: document.documentElement.lang, limit: "8" });
    const product = form.elements.product?.value;
    if (product) query.set("product", product);
    try {
      const answer = await fetch(`${input.dataset.suggest}?${query}`, { signal: under.signal });
      if (answer.ok && input.value.trim() === typed && document.activeElement === input) show((await answer.json()).items);
    } catch { /* typing on asks again */ }
  };

  input.addEventListener("input", (event) => {
    // A word under composition (pinyin) is not typed yet.
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.isComposing || list.hidden || count === 0) return;
    if (event.key === "ArrowDown") mark(chosen + 1 < count ? chosen + 1 : -1);
    else if (event.key === "ArrowUp") mark(chosen < 0 ? count - 1 : chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) location.assign(options()[chosen].dataset.url);
    else return;
    event.preventDefault();
  });
}
