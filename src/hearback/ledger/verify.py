"""Check a Hearback ledger: python3 verify.py URL|FOLDER KEY [OLDER_CHECKPOINT [ITS_KEY]]. Needs only `cryptography`."""

# fmt: off
import base64
import datetime
import hashlib
import json
import pathlib
import sys
import urllib.request
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha(data: bytes) -> bytes: return hashlib.sha256(data).digest()

canon = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode

def must(true: bool, otherwise: str) -> None:
    if not true:
        raise ValueError(otherwise)

def get(base: str, path: str) -> bytes:
    web, at = base.startswith(("http://", "https://")), f"{base.rstrip('/')}/{path}"
    return bytes(urllib.request.urlopen(at, timeout=30).read()) if web else pathlib.Path(at).read_bytes()  # noqa: S310

def unbase64(text: str) -> bytes:
    must(base64.b64encode(base64.b64decode(text, validate=True)).decode() == text, "base64 written in an odd way")
    return base64.b64decode(text)

def root(row: list[bytes]) -> bytes:  # RFC 6962: pairs, and whoever is left over moves up
    while len(row) > 1:
        row = [sha(b"\1" + b"".join(row[i:i + 2])) if row[i + 1:] else row[i] for i in range(0, len(row), 2)]
    return row[0] if row else sha(b"")

def checkpoint(note: bytes, key: str) -> tuple[int, bytes]:
    name, number, public = key.split("+", 2)
    origin, size, top, gap, line, end = note.decode().split("\n")
    must([origin, size, gap + end, *line.split(" ")[:2]] == [name, str(int(size)), "", "—", name], "another ledger's")
    must((signed := unbase64(line[len(name) + 3:]))[:4].hex() == number, "signed with another key")
    Ed25519PublicKey.from_public_bytes(unbase64(public)[1:]).verify(signed[4:], f"{origin}\n{size}\n{top}\n".encode())
    return int(size), unbase64(top)

def tile(base: str, level: int | str, n: int, width: int) -> bytes:
    *above, last = (three.zfill(3) for three in f"{n:,}".split(","))
    return get(base, f"tile/{level}/{''.join(f'x{three}/' for three in above)}{last}" + f".p/{width}" * (width < 256))

def entries(base: str, size: int) -> Iterator[bytes]:
    for n in range(-(-size // 256)):
        data, at = tile(base, "entries", n, width := min(256, size - n * 256)), 0
        for _ in range(width):
            yield data[at + 2:(at := at + 2 + int.from_bytes(data[at:at + 2], "big"))]
        must(at == len(data), "a bundle of entries has another length")

def texts(base: str, number: int, told: dict[str, str]) -> Iterator[bool]:
    opened, at = json.loads(raw := get(base, f"content/{number}")), f"entry {number}"
    must(canon(opened).encode() == raw and opened.keys() == told.keys(), f"{at} has other fields")
    for name, one in opened.items():  # null: erased, and its salt with it
        if one is not None:
            own = sha(b"field/v1\0" + (salt := bytes.fromhex(one["salt"])) + canon([name, one["value"]]).encode()).hex()
            must([own, salt.hex(), len(one)] == [told[name], one["salt"], 2], f"{at}, {name}: another text was logged")
        yield one is not None

def verify(base: str, key: str, older: bytes | None = None, older_key: str | None = None) -> str:
    size, top = checkpoint(get(base, "checkpoint"), key)
    leaves, level = list(entries(base, size)), 0
    row = hashes = [sha(b"\0" + leaf) for leaf in leaves]
    while row:
        for n, part in enumerate(row[i:i + 256] for i in range(0, len(row), 256)):
            stored = tile(base, level, n, len(part))
            odd = [f"entry {n * 256 + i} differs, " for i, one in enumerate(part) if one != stored[32 * i:32 * i + 32]]
            must(stored == b"".join(part), f"{''.join(odd[:3]) * (not level)}tile {level}/{n} differs from the entries")
        row, level = [root(row[i:i + 256]) for i in range(0, len(row) - 255, 256)], level + 1
    must(root(hashes) == top, "the entries are not those that were signed")
    old = older.decode().split() if older else []  # as it was fetched, or in one line as under notes and in mails
    note = "{0}\n{1}\n{2}\n\n— {0} {3}\n".format(*old[:3], old[3 + 2 * (old[3] == "—")]).encode() if old else b""
    was, old_top = checkpoint(note, older_key or key) if old else (0, root([]))
    must(was <= size and root(hashes[:was]) == old_top, f"history was rewritten since your checkpoint of {was} entries")
    told, newest, seen = [json.loads(leaf) for leaf in leaves], 0, {10: "", 20: ""}
    must([canon(one).encode() for one in told] == leaves, "an oddly written entry")
    for n, at in enumerate(one["at"] for one in told):  # a company's day, or a second of UTC: a day apart at most
        day = datetime.date.fromisoformat(at[:10]).toordinal()
        must(day >= newest - 1 and at >= seen[len(at)], f"the time of entry {n} goes back")
        newest, seen[len(at)] = max(newest, day), at
    told *= base.startswith("http") or (pathlib.Path(base) / "content").is_dir()  # a folder may hold no texts at all
    shown = [is_ for n, one in enumerate(told) if one["kind"][:7] != "answer." for is_ in texts(base, n, one["fields"])]
    return f"OK: {size} entries; {sum(shown)} texts are as they were logged, {len(shown) - sum(shown)} erased"

if __name__ == "__main__":
    try:
        kept = pathlib.Path(sys.argv[3]).read_bytes() if sys.argv[3:] else None
        print(verify(sys.argv[1], sys.argv[2], kept, *sys.argv[4:5]))
    except Exception as wrong:
        raise SystemExit(f"NOT OK: {wrong or type(wrong).__name__}") from None
