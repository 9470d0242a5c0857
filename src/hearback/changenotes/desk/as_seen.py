"""A note as a fan sees it, in the fan's language: in the log, in a mail, on a receipt, on a phone."""

from collections.abc import Mapping, Sequence
from datetime import date

from markupsafe import Markup

from hearback.changenotes.queries import EarlierMistake
from hearback.changenotes.rules import TOLD_IN_MAIL, NoteKind
from hearback.clock import day_in, now
from hearback.people.access import Desk
from hearback.people.queries import Face
from hearback.themes.queries import Quotable
from hearback.web.pages import render
from hearback.words.speaking import words_for


def as_seen(
    desk: Desk,
    kind: NoteKind,
    texts: Mapping[str, str],
    days: Mapping[str, date],
    *,
    tongue: str,
    signer: Face,
    quotes: Sequence[Quotable] = (),
    before: EarlierMistake | None = None,
    nth: int = 1,
    mail: str = "",
) -> Markup:
    """before: the mistake that this one repeats, the nth time. mail: where the mail can be seen as it arrives; empty
    where there is none."""
    company = desk.company
    return Markup(  # noqa: S704  (a template made it, with everything escaped)
        render(
            "changenotes/_as_seen.html",
            words_for(tongue, company.address, company.timezone),
            company=company,
            kind=kind.value,
            texts=texts,
            days=days,
            tongue=tongue,
            signer=signer,
            quotes=quotes,
            before=before,
            nth=nth,
            today=day_in(company.timezone, now()),
            in_mail=TOLD_IN_MAIL[kind],
            mail=mail,
            desk_words=desk.words,
        )
    )
