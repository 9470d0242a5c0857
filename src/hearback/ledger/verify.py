"""Check a Hearback ledger: python3 verify.py URL|FOLDER KEY [KEPT_CHECKPOINTS [OLD_KEY…]]. Needs cryptography."""
import base64, datetime, hashlib, json, pathlib, re, sys, typing, urllib.request
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode  # one way to write it

def verify(base: str, key: str, kept: bytes | None = None, *old_keys: str) -> str:
    size, top = checkpoint(get(base, "checkpoint").decode(), key)
    entries = list(fetch_entries(base, size))
    check_tiles(base, hashes := [sha(b"\0" + entry) for entry in entries])
    must(root(hashes) == top, "the entries are not those that were signed")
    held = "" if kept is None else check_kept(kept.decode(), hashes, key, *old_keys)
    must([*map(canonical, told := [*map(json.loads, entries)])] == [*map(bytes.decode, entries)], "an odd entry")
    check_times([one["at"] for one in told])
    if not base.startswith("http") and not (pathlib.Path(base) / "content").is_dir(): told = []  # a copy without texts
    gone = {one["subject"] + name: n for n, one in enumerate(told) for name in one["fields"] if "erased" in one["kind"]}
    texts = [text for n, one in enumerate(told) if one["kind"][:6] != "answer" for text in texts_of(base, n, one, gone)]
    return f"OK: {size} entries{held}; {sum(texts)} texts here are as logged, {len(texts) - sum(texts)} erased"

def checkpoint(note: str, *keys: str) -> tuple[int, bytes]:  # C2SP signed note: name, size, tree hash, "", signature
    origin, size, top, _, line = note.split("\n")[:5]
    signed = base64.b64decode(line.split(" ")[-1])  # the key's number in four bytes, then the signature itself
    ours = [base64.b64decode(key.split("+", 2)[2]) for key in keys if key.startswith(f"{origin}+{signed[:4].hex()}+")]
    must(ours != [], "signed with another key")
    must(note == f"{origin}\n{int(size)}\n{top}\n\n— {origin} {base64.b64encode(signed).decode()}\n", "odd note")
    Ed25519PublicKey.from_public_bytes(ours[0][1:]).verify(signed[4:], f"{origin}\n{size}\n{top}\n".encode())
    return int(size), base64.b64decode(top)

def fetch_entries(base: str, size: int) -> typing.Iterator[bytes]:  # before each its length in two bytes
    for first in range(0, size, 256):
        bundle, at = tile(base, "entries", first // 256, width := min(256, size - first)), 0
        for _ in range(width):
            start, at = at + 2, at + 2 + int.from_bytes(bundle[at:at + 2], "big")
            yield bundle[start:at]
        must(at == len(bundle), "a bundle of entries has another length")

def check_tiles(base: str, row: list[bytes], level: int = 0) -> None:  # the root of 256 hashes is one a level above
    for n, ours in enumerate(row[i:i + 256] for i in range(0, len(row), 256)):
        stored = tile(base, level, n, len(ours))
        odd = [f"entry {n * 256 + i} differs, " for i, one in enumerate(ours) if one != stored[i * 32:i * 32 + 32]]
        must(stored == b"".join(ours), f"{''.join(odd[:0 if level else 3])}tile {level}/{n} differs from the entries")
    if row: check_tiles(base, [root(row[i:i + 256]) for i in range(0, len(row) - 255, 256)], level + 1)

def check_kept(kept: str, hashes: list[bytes], *keys: str) -> str:  # found among whatever else a mail or a page says
    found, sizes = re.findall(r"""([^\s<>&;"]+)[\s>]+(\d+)[\s>]+(\S{43}=)[\s>]+(?:—\s+\S+\s+)?([\w+/]+=*)""", kept), [0]
    must(found != [], "what you kept holds no checkpoint")
    for size, top in sorted({checkpoint("{0}\n{1}\n{2}\n\n— {0} {3}\n".format(*one), *keys) for one in found}):
        wrong = f"{n} entries are missing" if (n := size - len(hashes)) > 0 else f"entry {sizes[-1]} or later differs"
        must(n <= 0 and root(hashes[:size]) == top, f"{wrong} since your checkpoint of {size} entries")
        sizes.append(size)
    return f", as in your checkpoints of {str(sizes[1:])[1:-1]}"

def check_times(times: list[str]) -> None:  # each a company's day, or a second of UTC: these lie a day apart at most
    newest, before = 0, {10: "", 20: ""}
    for number, at in enumerate(times):
        newest = max(newest, day := datetime.date.fromisoformat(at[:10]).toordinal())
        must(day >= newest - 1 and at >= before[len(at)], f"the time of entry {number} goes back")
        before[len(at)] = at

def texts_of(base: str, number: int, entry: typing.Any, gone: dict[str, int]) -> typing.Iterator[bool]:
    fields, told = json.loads(raw := get(base, f"content/{number}")), entry["fields"]
    must(canonical(fields) == raw.decode() and fields.keys() == told.keys(), f"entry {number} has other fields")
    for name, field in fields.items():
        last = gone.get(entry["subject"] + ("broken_why" if entry["kind"] == "promise.broken" else name), 0)
        if field is None: must(last > number, f"entry {number}, {name}: withheld, no entry says yet that it was erased")
        else:
            salt, value = bytes.fromhex(field["salt"]), canonical([name, field["value"]]).encode()
            fits = sha(b"field/v1\0" + salt + value).hex() == told[name] and [*field] == ["salt", "value"]
            must(fits and salt.hex() == field["salt"], f"entry {number}, {name}: another text was logged")
        yield field is not None

def root(row: list[bytes]) -> bytes:  # RFC 6962: pairs, and whoever is left over moves up
    pairs = [sha(b"\1" + b"".join(row[i:i + 2])) if i + 1 < len(row) else row[i] for i in range(0, len(row), 2)]
    return root(pairs) if len(row) > 1 else row[0] if row else sha(b"")

def tile(base: str, level: int | str, number: int, width: int) -> bytes:  # C2SP tlog-tiles: tile/0/x001/234.p/5
    *above, last = (three.zfill(3) for three in f"{number:,}".split(","))
    return get(base, f"tile/{level}/{''.join(f'x{one}/' for one in above)}{last}" + f".p/{width}" * (width < 256))

def get(base: str, path: str) -> bytes:
    web, at = base.startswith(("http://", "https://")), f"{base.rstrip('/')}/{path}"
    return bytes(urllib.request.urlopen(at, timeout=30).read()) if web else pathlib.Path(at).read_bytes()

def must(true: bool, otherwise: str) -> None:
    if not true: raise ValueError(otherwise)

def sha(data: bytes) -> bytes: return hashlib.sha256(data).digest()

if __name__ == "__main__":
    try:
        must(len(sys.argv) > 2, __doc__ or "")
        kept = pathlib.Path(sys.argv[3]).read_bytes() if sys.argv[3:] else None
        print(verify(sys.argv[1], sys.argv[2], kept, *sys.argv[4:]))
    except Exception as wrong: raise SystemExit(f"NOT OK: {str(wrong) or type(wrong).__name__}") from None
