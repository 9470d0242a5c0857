/* Public pages: small comforts. Everything works without. */
"use strict";

// A receipt's link carries its code behind the # so that it never reaches a server log; we post it for the fan.
const codeField = document.querySelector("form[data-from-fragment] input[name=code]");
if (codeField && location.hash.length > 20) {
  codeField.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname + location.search);
  codeField.form.submit();
}

// What does not fit is what the reader should hear first.
document.querySelector("[data-focus]")?.focus();

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-print]");
  if (!button) return;
  if (button.hasAttribute("data-print")) {
    window.print();
    return;
  }
  const field = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(field.value);
  const said = document.getElementById(button.dataset.copySays);
  if (said) said.hidden = false;
});

// Buttons that only a script can serve appear only with it.
for (const button of document.querySelectorAll("[data-needs-script]")) button.hidden = false;

// Filters send themselves; the button beside them is for readers without scripts.
for (const form of document.querySelectorAll("form[data-sends-itself]")) {
  form.addEventListener("change", () => form.requestSubmit());
  form.querySelector("[data-without-script]")?.setAttribute("hidden", "");
}

// Too many answers from one network: the button frees itself when its time has come.
const waiting = document.querySelector("[data-free-in]");
if (waiting) {
  waiting.setAttribute("aria-disabled", "true");
  waiting.addEventListener("click", (event) => {
    if (waiting.getAttribute("aria-disabled") === "true") event.preventDefault();
  });
  setTimeout(() => waiting.removeAttribute("aria-disabled"), Number(waiting.dataset.freeIn) * 1000);
}
