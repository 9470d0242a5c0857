/* The desk: CSRF for htmx, focus, keys. Everything works without. */
"use strict";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = document.body.dataset.csrf;
});

const focusOnWhatMatters = () => document.querySelector("[data-focus]")?.focus();
document.addEventListener("htmx:afterSettle", focusOnWhatMatters);
focusOnWhatMatters();

// One region speaks; it is emptied before it is filled, so that the same words are heard again.
const status = document.getElementById("status");
document.addEventListener("htmx:afterSettle", () => {
  const said = document.querySelector("[data-say]");
  if (!said || !status) return;
  status.textContent = "";
  requestAnimationFrame(() => { status.textContent = said.textContent; });
});

// Keys work only while no field has the focus, and can be switched off.
const KEYS_OFF = "hearback-keys-off";
const keysOff = () => localStorage.getItem(KEYS_OFF) === "1";
const rows = () => [...document.querySelectorAll("[data-row]")];

const moveBy = (step) => {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
};

const press = (key) => {
  const row = document.activeElement?.closest("[data-row]");
  const target = row?.querySelector(`[data-key="${key}"]`) ?? document.querySelector(`[data-key="${key}"]`);
  if (!target) return;
  if (target.tagName === "SUMMARY" || target.tagName === "BUTTON" || target.tagName === "A") target.click();
  else target.focus();
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  if (keysOff() || !/^[jkmsznp?]$/.test(key)) return;
  event.preventDefault();
  if (key === "j") moveBy(1);
  else if (key === "k") moveBy(-1);
  else press(key);
});

for (const box of document.querySelectorAll("[data-keys-switch]")) {
  box.checked = !keysOff();
  box.addEventListener("change", () => localStorage.setItem(KEYS_OFF, box.checked ? "0" : "1"));
}
