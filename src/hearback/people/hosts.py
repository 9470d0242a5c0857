"""Sites that may show a company's questions and notes inside their own pages."""

import re

from hearback.refusals import Faulty, Refused

MOST_HOSTS = 20
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"(?:{LABEL}\.)+(?=[a-z0-9-]*[a-z]){LABEL}(?::[1-9][0-9]{{0,4}})?")


def read_hosts(typed: str) -> list[str]:
    """One site a line, `shop.example` or `https://shop.example/`; each once, in their order. Raises Faulty with every
    reason. What is kept stands in a header of ours, so it holds nothing but letters, digits, hyphens, dots and a port.
    """
    hosts: list[str] = []
    reasons: list[Refused] = []
    for line in filter(None, map(str.strip, typed.split("\n"))):
        try:
            hosts.append(_host(line))
        except Refused as refusal:
            reasons.append(refusal)
    found = list(dict.fromkeys(hosts))
    if len(found) > MOST_HOSTS:
        reasons.append(Refused("embed.too-many-hosts", field="hosts", most=MOST_HOSTS))
    if reasons:
        raise Faulty(reasons)
    return found


def _host(line: str) -> str:
    """Raises Refused: a whole domain by `*` is refused, for not all that stands below one is the same people's."""
    if "*" in line:
        raise Refused("embed.no-star", field="hosts", host=line[:80])
    scheme, found, rest = line.lower().rpartition("://")
    if found and scheme != "https":
        raise Refused("embed.only-https", field="hosts", host=line[:80])
    name = rest.removesuffix("/")
    if "/" in name or "?" in name or "#" in name:
        raise Refused("embed.only-the-site", field="hosts", host=line[:80])
    try:
        name = name.encode("idna").decode("ascii") if not name.isascii() else name
    except UnicodeError as error:
        raise Refused("embed.not-a-host", field="hosts", host=line[:80]) from error
    if len(name) > 253 or not HOST.fullmatch(name) or int(name.partition(":")[2] or 0) > 65535:
        raise Refused("embed.not-a-host", field="hosts", host=line[:80])
    return name.removesuffix(":443")
