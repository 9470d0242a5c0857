"""The only errors people see: a refusal that can be explained, and a thing that is not there."""

from collections.abc import Mapping


class Refused(Exception):
    """Something asked for that cannot be done, with a reason people understand.

    reason: a key into the catalogues, never a finished sentence. field: the input to correct; empty
    when the whole request is refused. values: what the sentence needs, such as `least=3`.
    """

    def __init__(self, reason: str, *, field: str = "", **values: object) -> None:
        super().__init__(reason)
        self.reason, self.field, self.values = reason, field, values

    @property
    def reasons(self) -> "list[Refused]":
        return [self]


class Faulty(Refused):
    """Several fields at once do not fit; every one is named, in the order of the form."""

    def __init__(self, reasons: "list[Refused]") -> None:
        super().__init__(reasons[0].reason, field=reasons[0].field, **reasons[0].values)
        self._reasons = reasons

    @property
    def reasons(self) -> "list[Refused]":
        return self._reasons


class Stopped(Exception):
    """Why a command ended, in one sentence for the person at the terminal."""


class NotFound(Exception):
    """Nothing here that this person may see; another company's thing looks the same as a missing one.

    what: which page says so in public.
    """

    what = "not-found"


class NoCompany(NotFound):
    what = "no-company"


class NoQuestion(NotFound):
    what = "no-question"


class TooMany(Exception):
    """A limit is reached; again after `wait_s` seconds. `typed` is what must not be lost."""

    def __init__(self, wait_s: int, typed: Mapping[str, list[str]] | None = None) -> None:
        super().__init__(f"again in {wait_s} s")
        self.wait_s, self.typed = wait_s, typed or {}
