"""How headers are written. The standard library breaks a long address apart, and mail programs then cannot read it."""

from email.policy import EmailPolicy
from typing import Any

ADDRESSES = frozenset({"list-unsubscribe", "list-id", "message-id", "in-reply-to", "references"})


class WholeAddresses(EmailPolicy):
    """Headers that hold one of our own addresses stay on one line; they are ASCII, and shorter than 900 signs."""

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {value}{self.linesep}" if name.lower() in ADDRESSES else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in ADDRESSES:
            return self.fold(name, value).encode("ascii")
        return super().fold_binary(name, value)


MAIL = WholeAddresses(linesep="\r\n")
WIDE_MAIL = WholeAddresses(linesep="\r\n", utf8=True)
