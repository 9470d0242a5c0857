"""What a browser sent, read strictly: nothing is guessed, dropped or turned into other letters."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from litestar import Request
from litestar.datastructures import FormMultiDict, UploadFile

from hearback.refusals import Refused

Typed = Mapping[str, list[str]]
MOST_FIELDS = 400


async def read_typed(request: Request[Any, Any, Any]) -> dict[str, list[str]]:
    """Every field with all its values, line ends as LF.

    Raises Refused for broken UTF-8, NUL characters and more than 400 fields. Also kept on the request, so
    that an error page can give it back; of what is refused whatever can be read.
    """
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        typed = _from_parts(await _parts(request))
    else:
        body = await request.body()
        try:
            typed = parse_urlencoded(body)
        except Refused:
            request.state.typed = parse_urlencoded(body, letters=_readable)
            raise
    request.state.typed = typed
    return typed


async def read_file(request: Request[Any, Any, Any], name: str) -> bytes | None:
    """The bytes of an uploaded file; None when none was chosen."""
    upload = (await _parts(request)).get(name)
    if not isinstance(upload, UploadFile) or not upload.filename:
        return None
    return await upload.read()


async def _parts(request: Request[Any, Any, Any]) -> FormMultiDict:
    try:
        return await request.form()
    except (UnicodeDecodeError, LookupError) as error:  # LookupError: a charset that nobody knows
        raise Refused("form.broken-letters") from error


def parse_urlencoded(body: bytes, *, letters: Callable[[bytes], str] | None = None) -> dict[str, list[str]]:
    """letters: how names and values are read, strictly unless said otherwise."""
    read = letters or _letters
    typed: dict[str, list[str]] = {}
    if not body:
        return typed
    pairs = body.split(b"&")
    if len(pairs) > MOST_FIELDS:
        raise Refused("form.too-many-fields")
    for pair in pairs:
        name, _, value = pair.partition(b"=")
        typed.setdefault(read(name), []).append(read(value))
    return typed


def one(typed: Typed, name: str, default: str = "") -> str:
    """The last value of a field, for showing it again."""
    values = typed.get(name)
    return values[-1] if values else default


def _letters(raw: bytes) -> str:
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("form.broken-letters") from error
    return _clean(text)


def _readable(raw: bytes) -> str:
    """Whatever of it can be shown."""
    return unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8", "replace").replace("\0", "")


def _clean(text: str) -> str:
    if "\0" in text:
        raise Refused("form.nul")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _from_parts(parts: FormMultiDict) -> dict[str, list[str]]:
    typed: dict[str, list[str]] = {}
    for name, value in parts.multi_items():
        if isinstance(value, str):
            typed.setdefault(_clean(name), []).append(_clean(value))
    return typed
