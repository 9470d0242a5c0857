/* A protected question: while the form is sent, the device computes a proof of work (altcha). Whatever goes wrong,
   the answer goes without one, and waits for a person's look. */
"use strict";
{
  const field = document.querySelector("input[name=proof]");
  const status = document.getElementById("computing");
  const PATIENCE_MS = 60_000;

  const solved = (challenge) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(field.dataset.worker);
      const ended = (act) => {
        clearTimeout(clock);
        worker.terminate();
        act();
      };
      const clock = setTimeout(() => ended(() => reject(new Error("too slow"))), PATIENCE_MS);
      worker.onmessage = ({ data }) => ended(() => resolve(data));
      worker.onerror = () => ended(() => reject(new Error("no worker")));
      worker.postMessage(challenge.parameters);
    });

  const proof = async () => {
    const reply = await fetch(field.dataset.challenge, { cache: "no-store" });
    if (!reply.ok) return "";
    const challenge = await reply.json();
    const solution = await solved(challenge);
    return btoa(JSON.stringify({ challenge, solution }));
  };

  // Said until this script is there: it may be switched off, or not have come.
  document.querySelector("[data-without-proof]")?.setAttribute("hidden", "");

  let busy = false;
  let ready = false;
  field?.form.addEventListener("submit", async (event) => {
    if (ready || event.submitter?.name === "do") {
      ready = false;
      return;
    }
    event.preventDefault();
    if (busy) return;
    busy = true;
    status.hidden = false;
    try {
      field.value = await proof();
    } catch {
      field.value = "";
    }
    busy = false;
    ready = true;
    status.hidden = true;
    field.form.requestSubmit(event.submitter);
  });
}
