"""Lists that go on on further pages."""

from typing import Any
from uuid import UUID

from litestar import Request

from hearback.refusals import NotFound


def last_seen(request: Request[Any, Any, Any]) -> UUID | None:
    """`?before=`: the last entry of the page before this one; None on the first. Raises NotFound for what is no id."""
    mark = request.query_params.get("before", "")
    try:
        return UUID(mark) if mark else None
    except ValueError:
        raise NotFound from None
