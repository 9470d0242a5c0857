/* Comforts of the page where people answer. Everything works without. */
"use strict";
{
  // An answer may be kept on this device: only once somebody pressed the button that says so, and until it is sent.
  const DAYS = 14;
  const BESIDE = ["key", "page", "do", "website", "proof", "link", "address"];
  const typedIn = (form) =>
    [...form.elements]
      .filter((field) => field.name && !BESIDE.includes(field.name) && (!["radio", "checkbox"].includes(field.type) || field.checked))
      .filter((field) => field.tagName !== "BUTTON" && field.tagName !== "FIELDSET" && field.value)
      .map((field) => [field.name, field.value]);
  const putBack = (form, [name, value]) => {
    const fields = [...form.elements].filter((field) => field.name === name);
    const box = fields.find((field) => ["radio", "checkbox"].includes(field.type) && field.value === value);
    if (box) box.checked = true;
    else if (fields.length) fields[0].value = value;
    else form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value })); // of another page
  };
  for (const corner of document.querySelectorAll("[data-draft]")) {
    const form = corner.closest("form");
    const place = `hearback-draft:${corner.dataset.draft}`;
    let keeps = false;
    const show = (said) => {
      for (const part of corner.querySelectorAll("[data-draft-on]")) part.hidden = !keeps;
      for (const part of corner.querySelectorAll("[data-draft-off]")) part.hidden = keeps;
      corner.querySelector("[role=status]").textContent = said ? corner.dataset[said] : "";
    };
    const keep = () => {
      const until = new Date(Date.now() + DAYS * 24 * 60 * 60 * 1000).toISOString();
      localStorage.setItem(place, JSON.stringify({ until, fields: typedIn(form) }));
    };
    try {
      const kept = JSON.parse(localStorage.getItem(place));
      keeps = kept !== null;
      if (keeps && corner.hasAttribute("data-draft-fresh")) for (const field of kept.fields) putBack(form, field);
    } catch {
      keeps = false; // this browser keeps nothing, or another program wrote there
    }
    show(keeps && corner.hasAttribute("data-draft-fresh") ? "back" : "");
    corner.addEventListener("click", (event) => {
      const button = event.target.closest("[data-draft-keep], [data-draft-forget]");
      if (!button) return;
      try {
        keeps = button.hasAttribute("data-draft-keep");
        if (keeps) keep();
        else localStorage.removeItem(place);
        show(keeps ? "kept" : "forgotten");
      } catch {
        keeps = false;
        show("refused");
      }
      corner.querySelector("button:not([hidden] *)")?.focus();
    });
    for (const kind of ["input", "change"]) {
      form.addEventListener(kind, () => {
        try {
          if (keeps) keep();
        } catch {
          keeps = false; // no room left: say so rather than keep half of it
          show("refused");
        }
      });
    }
  }

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
  for (const form of [...document.forms].filter((form) => form.querySelector("[data-if]"))) {
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
}
