/* The desk: CSRF for htmx, what is said aloud, focus, keys. Everything works without. */
"use strict";
{
  const status = document.getElementById("status");
  const moment = document.getElementById("moment");

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRF-Token"] = document.body.dataset.csrf;
  });

  // One region speaks; it is emptied before it is filled, so that the same words are heard again.
  const tell = (words) => {
    status.textContent = "";
    requestAnimationFrame(() => { status.textContent = words; });
  };

  // Each mark serves once: news that comes later by itself must neither move the focus nor repeat old words.
  const rows = () => [...document.querySelectorAll("[data-row]")];
  let rowBefore = -1;
  document.addEventListener("htmx:beforeSwap", () => {
    rowBefore = rows().findIndex((row) => row.contains(document.activeElement));
  });
  document.addEventListener("htmx:afterSettle", () => {
    const said = document.querySelector("[data-say]");
    if (said) {
      said.removeAttribute("data-say");
      tell(said.textContent);
    }
    const first = document.querySelector("[data-focus]");
    if (first) {
      first.removeAttribute("data-focus");
      first.focus();
    } else if (rowBefore >= 0 && document.activeElement === document.body) {
      rows().at(Math.min(rowBefore, rows().length - 1))?.focus(); // the row left; the next one took its place
    }
  });

  // Two seconds of nothing deserve a word; a lost connection too.
  const show = (words) => {
    moment.textContent = words;
    moment.hidden = !words;
    if (words) tell(words);
  };
  const refusal = () => document.querySelector("#saved [data-unsaved]"); // the writer may be far below it
  let slow;
  document.addEventListener("htmx:beforeRequest", (event) => {
    clearTimeout(slow);
    slow = setTimeout(() => {
      event.detail.target.setAttribute("aria-busy", "true");
      show(moment.dataset.wait);
    }, 2000);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    clearTimeout(slow);
    event.detail.target.removeAttribute("aria-busy");
    show(event.detail.xhr.status === 0 ? moment.dataset.offline : refusal()?.textContent ?? "");
  });

  // Keys work only while no field has the focus, and can be switched off.
  const KEYS_OFF = "hearback-keys-off";
  const keysOff = () => localStorage.getItem(KEYS_OFF) === "1";

  const moveBy = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  const press = (key) => {
    const row = document.activeElement?.closest("[data-row]");
    const target = row?.querySelector(`[data-key="${key}"]`) ?? document.querySelector(`[data-key="${key}"]`);
    if (target?.matches("[data-row] [type=checkbox]")) {
      target.form?.closest("details")?.setAttribute("open", ""); // where the ticked ones go is asked there
      target.click();
    } else if (target?.matches("summary, button, a")) target.click();
    else target?.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
    const space = event.key === " " && event.target.matches("[data-row]"); // elsewhere it scrolls, or presses a button
    const key = space ? "x" : event.key.toLowerCase();
    if (!/^[jkmsznpx?]$/.test(key) || keysOff() || !document.querySelector("[data-row], [data-key]")) return;
    event.preventDefault();
    if (key === "j") moveBy(1);
    else if (key === "k") moveBy(-1);
    else press(key);
  });

  document.addEventListener("keydown", (event) => {
    const tool = event.key === "Escape" && !event.isComposing && event.target.closest("details.tool[open]");
    if (!tool) return;
    tool.open = false;
    tool.querySelector("summary").focus();
  });

  // Words that no server has yet: whoever leaves is asked first, and a line that comes back takes them along.
  const WRITING = "form[hx-post$='/autosave']";
  let unsaved = document.querySelector(WRITING) && document.getElementById("errors") ? 1 : 0;
  let sent = 0;
  document.addEventListener("input", ({ target }) => { if (target.closest(WRITING)) unsaved += 1; });
  document.addEventListener("htmx:beforeRequest", ({ target }) => { if (target.matches(WRITING)) sent = unsaved; });
  document.addEventListener("htmx:afterSwap", ({ target, detail }) => {
    if (target.id !== "vorschau" || detail.xhr.status >= 400 || refusal()) return;
    unsaved -= sent;
    sent = 0;
  });
  document.addEventListener("submit", ({ target }) => { if (target.matches(WRITING)) unsaved = 0; });
  addEventListener("beforeunload", (event) => { if (unsaved > 0) event.preventDefault(); });
  addEventListener("online", () => {
    if (unsaved > 0) document.querySelector(WRITING)?.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // What is written for readers of another language is spell-checked and read aloud in that one.
  document.addEventListener("change", ({ target }) => {
    if (target.name !== "language") return;
    for (const field of target.form.querySelectorAll("input[lang], textarea[lang]")) field.lang = target.value;
  });

  // A fact goes to the end of its field, as if it had been typed there; the beginning of a reason on a line of its own.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-puts]");
    if (!button) return;
    const { puts, words, line } = button.dataset;
    const field = document.getElementById(puts);
    if (!field.value.includes(words)) field.value = [field.value.trimEnd(), words].filter(Boolean).join(line === undefined ? " " : "\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });

  // A sentence is struck as if its writer had deleted it: one step back brings it again.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-strikes]");
    if (!button) return;
    const { strikes, words } = button.dataset;
    const field = document.getElementById(strikes);
    const at = field.value.indexOf(words);
    field.focus();
    if (at < 0) return;
    const before = field.value.slice(0, at), after = field.value.slice(at + words.length);
    const space = after.match(/^ */)[0].length;
    const start = after.trim() && !after.startsWith("\n") ? at : before.trimEnd().length;
    field.setSelectionRange(start, at + words.length + space);
    document.execCommand("delete");
  });

  for (const box of document.querySelectorAll("[data-keys-switch]")) {
    box.checked = !keysOff();
    box.addEventListener("change", () => localStorage.setItem(KEYS_OFF, box.checked ? "0" : "1"));
  }
}
