"""HTTP message signatures (RFC 9421; Content-Digest: RFC 9530) as newer houses of the fediverse make them: read. Pure.

Asked for is what Mastodon's documents ask for: one signature, of method, whole address and digest at least, made by RSA
(PKCS #1 v1.5) with SHA-256, and its moment. Whatever the standard allows beyond that, and we do not know, is refused.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from hearback.fediverse.signing import LONGEST, Claim, Doubtful, check_moment

NEEDED = frozenset({"@method", "@target-uri", "content-digest"})
ALGORITHM = '"rsa-v1_5-sha256"'
PARAMETERS = frozenset({"created", "expires", "nonce", "alg", "keyid", "tag"})
DIGESTS = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}
LABEL = r"([a-z*][a-z0-9_.*-]*)"
NAME = r'"@?[a-z0-9-]+"'
VALUE = r'(?:[1-9][0-9]{0,14}|"[ !#-\[\]-~]*")'
INPUT = re.compile(rf"{LABEL}=\( *({NAME}(?: +{NAME})*) *\)((?:; *[a-z]+={VALUE})*)")
PARAMETER = re.compile(rf"; *([a-z]+)=({VALUE})")
BYTES = re.compile(rf"{LABEL}=:([A-Za-z0-9+/]+=*):")


def read_message_claim(
    method: str, target: str, headers: Mapping[str, str], body: bytes, *, house: str, now: datetime
) -> Claim:
    """All that can be checked without the key. target: path and query; house: our own scheme and host, for whatever a
    request says of them proves nothing. Raises Doubtful."""
    said = headers["signature-input"].strip()
    found = INPUT.fullmatch(said) if len(said) <= LONGEST else None
    if found is None:
        raise Doubtful("signature-input")
    label, names = found[1], re.findall(r'"([^"]+)"', found[2])
    told = PARAMETER.findall(found[3])
    parameters = dict(told)
    if len(parameters) != len(told) or not set(parameters) <= PARAMETERS:
        raise Doubtful("parameters")
    if not set(names) >= NEEDED or len(names) != len(set(names)):
        raise Doubtful("components")
    if parameters.get("alg", ALGORITHM) != ALGORITHM:
        raise Doubtful("algorithm")
    _check_moments(parameters, now)
    _check_content(headers.get("content-digest", ""), body)
    signatures = _bytes_in(headers.get("signature", ""))
    if list(signatures) != [label]:
        raise Doubtful("one signature")
    lines = [f'"{name}": {_component(name, method, target, headers, house)}' for name in names]
    listed = " ".join(f'"{name}"' for name in names)
    signed = "".join(f";{name}={value}" for name, value in told)
    lines.append(f'"@signature-params": ({listed}){signed}')
    return Claim(_text_of(parameters.get("keyid", "")), "\n".join(lines), signatures[label])


def _check_moments(parameters: Mapping[str, str], now: datetime) -> None:
    """What its author calls over is over, to the second. Raises Doubtful."""
    try:
        created = datetime.fromtimestamp(int(parameters["created"]), UTC)
        expires = int(parameters.get("expires", parameters["created"]))
    except (KeyError, ValueError, OverflowError, OSError) as error:
        raise Doubtful("created") from error
    check_moment(created, now)
    if "expires" in parameters and now.timestamp() > expires:
        raise Doubtful("expired")


def _check_content(said: str, body: bytes) -> None:
    """Each digest that we can take has to fit, and there has to be one (RFC 9530, 2). Raises Doubtful."""
    told = {name: value for name, value in _bytes_in(said).items() if name in DIGESTS}
    if not told or any(value != DIGESTS[name](body).digest() for name, value in told.items()):
        raise Doubtful("digest")


def _component(name: str, method: str, target: str, headers: Mapping[str, str], house: str) -> str:
    """RFC 9421, 2.1 and 2.2. Raises Doubtful for what a request to us never has."""
    parts = urlsplit(house)
    path, _, query = target.partition("?")
    derived = {
        "@method": method.upper(),
        "@target-uri": f"{house}{target}",
        "@authority": parts.netloc.lower(),
        "@scheme": parts.scheme,
        "@request-target": target,
        "@path": path,
        "@query": f"?{query}",
    }
    value = derived.get(name) if name.startswith("@") else headers.get(name)
    if value is None:
        raise Doubtful("components")
    return value.strip()


def _bytes_in(said: str) -> dict[str, bytes]:
    """A dictionary of byte sequences (RFC 8941, 3.2 and 3.3.5), each name once. Raises Doubtful."""
    members = [BYTES.fullmatch(member.strip()) for member in said.split(",")] if len(said) <= LONGEST else []
    found = {member[1]: member[2] for member in members if member is not None}
    if not found or len(found) != len(members):
        raise Doubtful("bytes")
    try:
        return {name: base64.b64decode(value, validate=True) for name, value in found.items()}
    except ValueError as error:
        raise Doubtful("base64") from error


def _text_of(value: str) -> str:
    """Raises Doubtful for none, and for a number."""
    if len(value) < 3 or not value.startswith('"'):
        raise Doubtful("unsigned")
    return value[1:-1]
