"""Mail addresses, handles, and links that lead to a person. All expressions are bounded, so the time is linear."""

import re
from collections.abc import Iterator

LOCAL = re.compile(r"[\w.+%-]{0,63}[\w+%-]\Z")
LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
AT = re.compile(rf"@(?:{LABEL}\.){{1,4}}[^\W\d_]{{2,18}}")
DOT = r"(?:\.|\s?[\[(](?:dot|punkt)[\])]\s?|\s(?:dot|punkt)\s)"
SPOKEN_AT = re.compile(
    rf"\s?[\[(]\s?(?:at|ät|@|a)\s?[\])]\s?(?:{LABEL}{DOT}){{1,4}}[^\W\d_]{{2,18}}", re.IGNORECASE
)
SPOKEN = re.compile(rf"\s(?:at|ät)\s(?:{LABEL}\s(?:dot|punkt)\s){{1,4}}[^\W\d_]{{2,18}}", re.IGNORECASE)
HANDLE = re.compile(r"(?<![\w.@/])@[^\W\d][\w.]{0,28}\w(?![\w@])")
# Without the sign, after the place where it is one.
CALLED_THERE = re.compile(
    r"(?<!\w)(?:insta(?:gram)?|tiktok|twitter|telegram|snap(?:chat)?|discord|steam|psn|threema|mastodon|bluesky)"
    r"[ -]?(?:name|account|handle|id)?(?: ist| is)?:\s?([^\W_][\w.#-]{1,30}\w)",
    re.IGNORECASE,
)
NO_WORD = re.compile(r"[\d._#]")
NO_HANDLE = frozenset(["@home", "@work", "@all", "@alle", "@everyone", "@here", "@hearback"])
LINK = re.compile(
    r"(?:https?://|www\.|(?<![\w@.-])(?=[\w-]{1,20}\.(?:com|me|de|net|tv|gg|be|ee)/))[^\s<>\"“”„]{3,300}",
    re.I,
)
PROFILE = re.compile(
    r"(?:https?://)?(?:www\.|m\.|de\.)?"
    r"(?:(?:instagram|facebook|fb|tiktok|twitter|x|threads|snapchat|pinterest|twitch|reddit|linkedin|xing|youtube|"
    r"soundcloud|github|steamcommunity|boardgamegeek|komoot|strava|vimeo|flickr|patreon|paypal)\.(?:com|net|tv)"
    r"|t\.me|wa\.me|paypal\.me|linktr\.ee|youtu\.be|discord\.gg|bsky\.app)/[^/\s?]{2,}"
    r"|(?:https?://)?[\w.-]{3,60}/(?:@|~|user/|users/|profile/|profil/|people/|in/)\w",
    re.IGNORECASE,
)
SECRET = re.compile(
    r"[?&#](?:\w{0,20}(?:token|key|auth|code|passwor[dt]|session|sid|secret|sig|e?mail|user|phone))=", re.I
)
ENDS = ".,;:!?)'»"


def mails(text: str) -> Iterator[tuple[int, int]]:
    """Also `erika (at) example.org` and `erika at example punkt org`."""
    found = [at for form in (AT, SPOKEN_AT, SPOKEN) for at in form.finditer(text)]
    for at in sorted(found, key=re.Match.start):
        before = LOCAL.search(text[max(0, at.start() - 64) : at.start()])
        if before:
            yield at.start() - len(before[0]), at.end()


def handles(text: str) -> Iterator[tuple[int, int]]:
    found = [match.span() for match in HANDLE.finditer(text) if match[0].lower() not in NO_HANDLE]
    found += [match.span(1) for match in CALLED_THERE.finditer(text) if _is_called(match, text)]
    yield from sorted(found)


def links(text: str) -> Iterator[tuple[int, int]]:
    """Only those that lead to somebody's page or carry a secret; the rest say nothing about who wrote."""
    for found in LINK.finditer(text):
        address = found[0].rstrip(ENDS)
        if PROFILE.match(address) or SECRET.search(address):
            yield found.start(), found.start() + len(address)


def _is_called(match: re.Match[str], text: str) -> bool:
    """No plain word, or nothing comes after it: "Twitter: nein danke" names nobody."""
    return bool(NO_WORD.search(match[1])) or text[match.end() : match.end() + 1] in ("", ",", ";", ")", "\n")
