/* Finds the counter whose SHA-256 over salt, nonce and counter begins with the given prefix. By hand, because browsers
   offer crypto.subtle only over https, and one call for each of 100,000 hashes would take many times as long. */
"use strict";

// The first 32 bits of the fractional parts of the cube roots (K) and square roots (H) of the first primes.
const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
const K = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
const H = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));

const w = new Int32Array(64);
const turned = (x, by) => (x >>> by) | (x << (32 - by));

/** SHA-256 of the one block in the first 16 words of `w`, into `out`. */
const hash = (out) => {
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15];
    const b = w[i - 2];
    const s0 = turned(a, 7) ^ turned(a, 18) ^ (a >>> 3);
    const s1 = turned(b, 17) ^ turned(b, 19) ^ (b >>> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = H;
  for (let i = 0; i < 64; i++) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  out[0] = H[0] + a;
  out[1] = H[1] + b;
  out[2] = H[2] + c;
  out[3] = H[3] + d;
  out[4] = H[4] + e;
  out[5] = H[5] + f;
  out[6] = H[6] + g;
  out[7] = H[7] + h;
};

const words = (hex) => Int32Array.from(hex.match(/.{8}/g), (word) => parseInt(word, 16) | 0);
const hexOf = (out) => Array.from(out, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");

const solve = ({ salt, nonce, keyPrefix }) => {
  const open = [...words(salt), ...words(nonce)];
  const first = words(keyPrefix)[0];
  const out = new Int32Array(8);
  w.set(open);
  w[open.length + 1] = 0x80000000;
  w[15] = (open.length + 1) * 32;
  for (let counter = 0; ; counter++) {
    w[open.length] = counter;
    hash(out);
    if (out[0] === first && hexOf(out).startsWith(keyPrefix)) return { counter, derivedKey: hexOf(out) };
  }
};

onmessage = ({ data }) => postMessage(solve(data));
