"""That an answer was a reply in the fediverse; who wrote it there is kept nowhere in words."""

from hearback.trust.export import keeps

keeps(
    "fedi_heard",
    """select jsonb_build_object('came_from', 'fediverse') as told from fedi_heard
       where company = $1 and response = $2""",
)
