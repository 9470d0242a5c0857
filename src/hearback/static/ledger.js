/* Checks the ledger here in the browser, with nothing but its own cryptography: the whole of it on its page, and on a
   receipt where the answer stands in it. What that proves, and what not, stands beside the button. */
"use strict";
{
  const subtle = globalThis.crypto?.subtle; // missing where the page came without https
  const WIDTH = 256;
  const AT_ONCE = 6;
  class Misfit extends Error {
    constructor(what, values) {
      super(what);
      this.values = values;
    }
  }
  const must = (fits, otherwise, values = {}) => {
    if (!fits) throw new Misfit(otherwise, values);
  };

  const utf8 = (text) => new TextEncoder().encode(text);
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));
  const joined = (...parts) => {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
    return all;
  };
  const unbase64 = (text) => {
    let letters = "";
    try {
      letters = atob(text);
    } catch {
      must(false, "signature");
    }
    must(btoa(letters) === text, "signature");
    return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  };
  const sha = async (...parts) => new Uint8Array(await subtle.digest("SHA-256", joined(...parts)));
  const leafHash = (leaf) => sha(Uint8Array.of(0), leaf);
  const node = (left, right) => sha(Uint8Array.of(1), left, right);
  const inOrder = (value) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.keys(value).sort().map((name) => [name, inOrder(value[name])]))
      : value;
  const canonical = (value) => JSON.stringify(inOrder(value));

  // RFC 6962: pairs, and whoever is left over moves up.
  const root = async (hashes) => {
    let row = hashes;
    while (row.length > 1) {
      const pairs = [];
      for (let at = 0; at < row.length; at += 2) pairs.push(at + 1 < row.length ? node(row[at], row[at + 1]) : row[at]);
      row = await Promise.all(pairs);
    }
    return row.length ? row[0] : sha();
  };

  // A C2SP signed note: text, an empty line, and the ledger's own signature first, with one of these keys.
  const checkpoint = async (note, keys) => {
    const end = note.indexOf("\n\n");
    const text = note.slice(0, end + 1);
    const first = note.slice(end + 2).split("\n")[0];
    const [name, size, top, ...more] = text.split("\n");
    must(end > 0 && first.startsWith(`— ${name} `), "signature");
    const signature = unbase64(first.slice(name.length + 3));
    const signer = `${name}+${hex(signature.slice(0, 4))}+`;
    const line = keys.find((one) => one.startsWith(signer));
    must(line, "keyChanged");
    const key = await subtle.importKey("raw", unbase64(line.slice(signer.length)).slice(1), { name: "Ed25519" }, false, ["verify"]);
    must(await subtle.verify({ name: "Ed25519" }, key, signature.slice(4), utf8(text)), "signature");
    must(String(Number(size)) === size && more.join() === "", "signature");
    return { size: Number(size), root: hex(unbase64(top)) };
  };

  // As they were fetched, or in one line as under notes and in mails; whatever else a pasted mail says is passed over.
  const KEPT = /([^\s<>&;"]+)[\s>]+(\d+)[\s>]+(\S{43}=)[\s>]+(?:—\s+\S+\s+)?([\w+/]+=*)/g;
  const asNotes = (kept) =>
    Array.from(kept.matchAll(KEPT), ([, name, size, top, by]) => `${name}\n${size}\n${top}\n\n— ${name} ${by}\n`);

  const fetched = async (address) => {
    const reply = await fetch(address, { cache: "no-cache" });
    must(reply.ok, "gone");
    return new Uint8Array(await reply.arrayBuffer());
  };
  const text = (bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const tilePath = (level, number, width) => {
    const threes = number.toLocaleString("en").split(",").map((three) => three.padStart(3, "0"));
    const last = threes.pop();
    return `tile/${level}/${threes.map((three) => `x${three}/`).join("")}${last}${width < WIDTH ? `.p/${width}` : ""}`;
  };
  const entriesOf = (bundle, width) => {
    const found = [];
    let at = 0;
    for (let each = 0; each < width; each += 1) {
      const end = at + 2 + bundle[at] * 256 + bundle[at + 1];
      found.push(bundle.slice(at + 2, end));
      at = end;
    }
    must(at === bundle.length, "entries");
    return found;
  };

  const opens = async (name, { salt, value, ...more }, told) =>
    hex(unhex(salt)) === salt && !Object.keys(more).length &&
    hex(await sha(utf8("field/v1\0"), unhex(salt), utf8(JSON.stringify([name, value])))) === told;

  // The last entry that says of a field that it was erased. A breach calls its reason `why`, as a new day does.
  const goneIn = (entries) =>
    new Map(entries.flatMap(({ kind, subject, fields }, at) =>
      kind.includes("erased") ? Object.keys(fields).map((name) => [subject + name, at]) : []));

  const textsOf = async (base, number, { kind, subject, fields }, gone) => {
    const raw = text(await fetched(`${base}/content/${number}`));
    const opened = JSON.parse(raw);
    const line = number + 1; // pages count from 1
    must(canonical(opened) === raw, "texts", { line });
    must(Object.keys(opened).sort().join() === Object.keys(fields).sort().join(), "texts", { line });
    const sums = { texts: 0, erased: 0 };
    for (const [name, field] of Object.entries(opened)) {
      if (field === null) {
        const last = gone.get(subject + (kind === "promise.broken" ? "broken_why" : name));
        must(last > number, "withheld", { line });
        sums.erased += 1;
      } else {
        must(await opens(name, field, fields[name]), "texts", { line });
        sums.texts += 1;
      }
    }
    return sums;
  };

  // A company's day, or a second of UTC: a day apart at most. None may be earlier than one before it.
  const mustNotGoBack = (times) => {
    const seen = { 10: "", 20: "" };
    let newest = -Infinity;
    times.forEach((at, number) => {
      const day = Date.parse(at.slice(0, 10)) / 86_400_000;
      must(day >= newest - 1 && at >= seen[at.length], "back", { line: number + 1 });
      newest = Math.max(newest, day);
      seen[at.length] = at;
    });
  };

  const whole = async ({ ledger, key, keysBefore }, kept, tell) => {
    const { size, root: top } = await checkpoint(text(await fetched(`${ledger}/checkpoint`)), [key]);
    const leaves = [];
    for (let first = 0; first < size; first += WIDTH) {
      const width = Math.min(WIDTH, size - first);
      leaves.push(...entriesOf(await fetched(`${ledger}/${tilePath("entries", first / WIDTH, width)}`), width));
      tell(leaves.length, size);
    }
    const hashes = await Promise.all(leaves.map(leafHash));
    for (let row = hashes, level = 0; row.length; level += 1) {
      const full = [];
      for (let first = 0; first < row.length; first += WIDTH) {
        const part = row.slice(first, first + WIDTH);
        const tile = await fetched(`${ledger}/${tilePath(level, first / WIDTH, part.length)}`);
        const odd = part.findIndex((hash, at) => hex(hash) !== hex(tile.slice(at * 32, at * 32 + 32)));
        must(level > 0 || odd < 0, "line", { line: first + odd + 1 });
        must(hex(tile) === hex(joined(...part)), "tiles");
        if (part.length === WIDTH) full.push(await root(part));
      }
      row = full;
    }
    must(hex(await root(hashes)) === top, "entries");
    let older = 0;
    if (kept.trim()) {
      const notes = asNotes(kept);
      must(notes.length, "nothingKept");
      const before = await Promise.all(notes.map((note) => checkpoint(note, [key, ...keysBefore.split(" ")])));
      for (const was of before.sort((one, other) => one.size - other.size)) {
        must(was.size <= size, "missing", { older: was.size, missing: was.size - size });
        const same = hex(await root(hashes.slice(0, was.size))) === was.root;
        must(same, older ? "between" : "older", { older: was.size, still: older, from: older + 1 });
        older = was.size;
      }
    }
    const told = leaves.map((leaf) => text(leaf));
    const read = told.map((leaf) => JSON.parse(leaf));
    must(read.every((leaf, at) => canonical(leaf) === told[at]), "entries");
    mustNotGoBack(read.map((leaf) => String(leaf.at)));
    const open = read.map((leaf, at) => [at, leaf]).filter(([, leaf]) => !leaf.kind.startsWith("answer."));
    const gone = goneIn(read);
    const sums = { texts: 0, erased: 0 };
    for (let at = 0; at < open.length; at += AT_ONCE) {
      const some = open.slice(at, at + AT_ONCE).map(([number, leaf]) => textsOf(ledger, number, leaf, gone));
      for (const { texts, erased } of await Promise.all(some)) {
        sums.texts += texts;
        sums.erased += erased;
      }
    }
    return { size, older, ...sums };
  };

  // RFC 9162, 2.1.3.2.
  const included = async (leaf, number, size, path) => {
    let at = number;
    let last = size - 1;
    let found = await leafHash(leaf);
    for (const beside of path) {
      must(last > 0, "entries");
      if (at % 2 || at === last) {
        found = await node(beside, found);
        while (at % 2 === 0 && at > 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
      } else found = await node(found, beside);
      [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    }
    must(last === 0, "entries");
    return hex(found);
  };

  const one = async ({ proof, key }) => {
    const { checkpoint: note, entries } = JSON.parse(proof);
    const { size, root: top } = await checkpoint(note, [key]);
    const signed = entries.filter((entry) => entry.number !== null);
    for (const entry of signed) {
      must((await included(utf8(entry.entry), entry.number, size, entry.path.map(unhex))) === top, "entries");
      const { fields } = JSON.parse(entry.entry);
      for (const [name, value] of Object.entries(entry.values))
        must(await opens(name, { salt: entry.salts[name], value }, fields[name]), "texts", { line: entry.number + 1 });
    }
    return { size, texts: signed.reduce((sum, entry) => sum + Object.keys(entry.values).length, 0) };
  };

  const filled = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  // Said until this script is there: it may be switched off, or not have come.
  document.querySelector("[data-ledger-without]")?.setAttribute("hidden", "");
  for (const form of document.querySelectorAll("[data-ledger-check]")) {
    const said = form.querySelector("[role=status]");
    const words = { ...form.dataset, ...form.querySelector("[data-outcomes]").dataset };
    const say = (what, values = {}) => {
      said.textContent = filled(words[what] ?? words.gone, values);
      said.dataset.result = what;
    };
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!subtle) return say("cannot");
      say("busy", { at: 0, size: "…" });
      try {
        const kept = form.elements.kept?.value ?? "";
        const found = words.proof ? await one(words) : await whole(words, kept, (at, size) => say("busy", { at, size }));
        say(found.older ? "since" : "fits", found);
      } catch (wrong) {
        if (wrong.name === "NotSupportedError") say("cannot");
        else if (wrong instanceof Misfit) say(wrong.message, wrong.values);
        else say("gone");
      }
    });
  }
}
