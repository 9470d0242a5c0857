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

  // A ranking by buttons: what is sent are its lists, which go out of sight.
  const ranked = (ranking) => [...ranking.querySelectorAll("li")];
  const rank = (ranking, places) => {
    const all = ranked(ranking);
    all.forEach((item, at) => {
      const [place, [up, down]] = [item.querySelector("[data-place]"), item.querySelectorAll("[data-move]")];
      if (places !== undefined) item.querySelector("select").value = places ? String(at + 1) : "";
      place.textContent = item.querySelector("select").value || "–";
      up.setAttribute("aria-disabled", String(at === 0));
      down.setAttribute("aria-disabled", String(at === all.length - 1));
    });
    const some = all.some((item) => item.querySelector("select").value);
    for (const button of ranking.querySelectorAll("[data-rank]")) button.hidden = (button.dataset.rank === "keep") === some;
  };
  const sayIn = (ranking, said) => {
    ranking.querySelector("[data-said]").textContent = said;
    ranking.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const sayPlace = (ranking, item) => {
    const values = { option: item.querySelector("label").textContent, place: ranked(ranking).indexOf(item) + 1, all: ranked(ranking).length };
    sayIn(ranking, ranking.dataset.says.replace(/{(\w+)}/g, (_, name) => values[name]));
  };
  const moveIn = (ranking, button, up) => {
    const item = button.closest("li");
    const beside = up ? item.previousElementSibling : item.nextElementSibling;
    if (beside && up) beside.before(item);
    else if (beside) beside.after(item);
    rank(ranking, true);
    button.focus(); // moving takes it away
    sayPlace(ranking, item);
  };
  for (const ranking of document.querySelectorAll("[data-ranking]")) {
    const order = (item) => Number(item.querySelector("select").value) || 99;
    ranking.querySelector("ol").append(...ranked(ranking).sort((one, other) => order(one) - order(other)));
    for (const part of ranking.querySelectorAll("select, [data-without-script]")) part.hidden = true;
    for (const place of ranking.querySelectorAll("[data-place]")) place.hidden = false;
    rank(ranking);
    ranking.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move], [data-rank]");
      if (button?.dataset.move) moveIn(ranking, button, button.dataset.move === "up");
      if (!button?.dataset.rank) return;
      rank(ranking, button.dataset.rank === "keep");
      ranking.querySelector("[data-rank]:not([hidden])").focus(); // the one that was pressed has gone
      if (button.dataset.rank === "keep") sayPlace(ranking, ranked(ranking)[0]);
      else sayIn(ranking, ranking.dataset.saysEmpty);
    });
    ranking.addEventListener("keydown", (event) => {
      const button = event.target.closest("[data-move]");
      if (!button || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      moveIn(ranking, button, event.key === "ArrowUp");
    });
  }

  // What is asked only after certain answers appears with them; what is out of sight is not sent.
  const picked = (form, name) =>
    [...form.querySelectorAll(`[name="${name}"]:not(:disabled)`)].filter((field) => field.type === "hidden" || field.checked).map((field) => field.value);
  const showAsked = (form) => {
    for (const part of form.querySelectorAll("[data-if]")) {
      const wanted = part.dataset.ifPicks.split(" ");
      part.hidden = !picked(form, part.dataset.if).some((pick) => wanted.includes(pick));
      for (const field of part.querySelectorAll("input, select, textarea")) field.disabled = part.hidden;
    }
  };
  for (const form of document.querySelectorAll("form:has([data-if])")) {
    for (const words of form.querySelectorAll("[data-if] > [data-without-script]")) words.hidden = true;
    form.addEventListener("change", () => showAsked(form));
    showAsked(form);
  }

  // Who writes something else means it.
  document.addEventListener("input", (event) => {
    const field = event.target.closest("[data-ticks]");
    const box = field && document.querySelector(`[name="${field.dataset.ticks}"][value="other"]`);
    if (!box || !field.value.trim() || box.checked) return;
    box.checked = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
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
