"""Turn what was typed into a Struct, or into every reason why it does not fit."""

import types
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from enum import EnumMeta
from functools import cache
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import NODEFAULT, Meta, Struct, ValidationError

from hearback.refusals import Faulty, Refused
from hearback.web.typed import Typed

Form = TypeVar("Form", bound=Struct)
YEARS = (1900, 2999)
"""Of any day that is typed. Past them it is a slip, and the ends of the calendar cannot be reckoned with."""
UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
# Default_Ignorable_Code_Point of Unicode 15 outside those categories, and Braille's blank.
SHAPELESS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)


class Field(Struct, frozen=True):
    """One field of a form, read off the Struct: the one place where its limits stand."""

    name: str
    kind: Any
    many: bool
    required: bool
    default: Callable[[], object]
    least: int
    most: int | None


def is_blank(text: str) -> bool:
    """Whether nobody sees anything of it: spaces, breaks, joiners, and letters that have no shape."""
    return all(sign in SHAPELESS or unicodedata.category(sign) in UNSEEN for sign in text)


def read_form(form: type[Form], typed: Typed, *, beside: frozenset[str] = frozenset({"_csrf"})) -> Form:
    """Raise Faulty with one reason per field, in the order of the form; texts are trimmed, what nobody sees is none.

    beside: fields that are not the form's business. Anything else that the Struct does not know is refused.
    """
    reasons: list[Refused] = [
        Refused("form.unknown-field", name=name[:60])
        for name in typed
        if name not in beside and name not in form.__struct_fields__
    ]
    values: dict[str, object] = {}
    for field in fields_of(form):
        try:
            values[field.name] = _value(field, typed.get(field.name, []))
        except Refused as reason:
            reasons.append(reason)
    if reasons:
        raise Faulty(reasons)
    return form(**values)


@cache
def fields_of(form: type[Struct]) -> tuple[Field, ...]:
    hints = get_type_hints(form, include_extras=True)
    return tuple(_field(info, hints[info.name]) for info in msgspec.structs.fields(form))


def most(form: type[Struct], name: str) -> int | None:
    """The longest text this field takes: a template's maxlength."""
    return next(field.most for field in fields_of(form) if field.name == name)


def _field(info: msgspec.structs.FieldInfo, hint: Any) -> Field:
    meta = next((extra for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, Meta)), Meta())
    bare = hint.__origin__ if get_origin(hint) is Annotated else hint
    many = get_origin(bare) in (list, tuple)
    return Field(
        name=info.name,
        kind=hint,
        many=many,
        required=info.required,
        default=info.default_factory if info.default_factory is not NODEFAULT else lambda: info.default,
        least=meta.min_length or 0,
        most=meta.max_length,
    )


def _value(field: Field, given: list[str]) -> object:
    texts = ["" if is_blank(text) else text.strip() for text in given]
    if field.many:
        return _converted(field, [text for text in texts if text])
    if len(texts) > 1:
        raise Refused("form.several-values", field=field.name)
    if not texts or not texts[0]:
        if field.required:
            raise Refused("form.missing", field=field.name)
        return field.default()
    return _converted(field, texts[0])


def _converted(field: Field, value: str | list[str]) -> object:
    try:
        converted = msgspec.convert(value, field.kind, strict=False)
    except ValidationError as error:
        raise _reason(field, value) from error
    if isinstance(converted, date) and not YEARS[0] <= converted.year <= YEARS[1]:
        raise Refused("form.not-a-day", field=field.name)
    return converted


def _reason(field: Field, value: str | list[str]) -> Refused:
    """Our own words for what does not fit; msgspec's are for programmers."""
    if isinstance(value, str) and field.most is not None and len(value) > field.most:
        return Refused("form.too-long", field=field.name, most=field.most, have=len(value))
    if isinstance(value, str) and len(value) < field.least:
        return Refused("form.too-short", field=field.name, least=field.least)
    kinds = plain_kinds(field.kind)
    if datetime in kinds or date in kinds:
        return Refused("form.not-a-day", field=field.name)
    if int in kinds or float in kinds:
        return Refused("form.not-a-number", field=field.name)
    if any(isinstance(kind, EnumMeta) for kind in kinds):
        return Refused("form.not-a-choice", field=field.name)
    return Refused("form.does-not-fit", field=field.name)


def plain_kinds(hint: Any) -> list[Any]:
    """The types that a field takes, without what surrounds them: date for `Annotated[date, …] | None`."""
    if get_origin(hint) in (Annotated, Union, types.UnionType, list, tuple):
        return [kind for part in get_args(hint) for kind in plain_kinds(part)]
    return [hint]
