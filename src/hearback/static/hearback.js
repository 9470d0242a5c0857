/* Small comforts for every page. Everything works without. */
"use strict";
{
  // A receipt's link carries its code behind the # so that it never reaches a server log; we post it for the fan.
  const openFromLink = () => {
    const field = document.querySelector("form[data-from-fragment] input[name=code]");
    const code = location.hash.slice(1).replace(/%20|[^0-9A-Za-z]/g, "");
    if (!field || code.length < 20) return;
    field.value = code;
    history.replaceState(null, "", location.pathname + location.search);
    field.form.submit();
  };
  openFromLink();
  addEventListener("hashchange", openFromLink);

  // What does not fit is what the reader should hear first.
  const first = document.querySelector("[data-focus]");
  first?.removeAttribute("data-focus");
  first?.focus();

  const copy = async (button) => {
    const field = document.getElementById(button.dataset.copy);
    field.select?.();
    try {
      await navigator.clipboard.writeText(field.value ?? field.textContent);
    } catch {
      document.execCommand("copy"); // where the page comes over plain http there is no clipboard to write to
    }
    const said = document.getElementById(button.dataset.copySays);
    if (said) said.hidden = false;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-print]");
    if (button?.hasAttribute("data-print")) window.print();
    else if (button) copy(button);
  });

  // What somebody kept of an answer on this device goes when it was sent, and after its time.
  try {
    const sent = document.querySelector("[data-sent]")?.dataset.sent;
    for (const name of Object.keys(localStorage).filter((name) => name.startsWith("hearback-draft:"))) {
      const kept = JSON.parse(localStorage.getItem(name));
      if (name === `hearback-draft:${sent}` || !(Date.parse(kept?.until) > Date.now())) localStorage.removeItem(name);
    }
  } catch {
    // a browser that keeps nothing has nothing to forget
  }

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

  // On paper everything is open, and closed again afterwards.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
}
