"""The triage: what people said, sorted, and what people decide about it."""

from hearback.themes.desk import deciding, looking, parts, picture

HANDLERS = [*looking.HANDLERS, *deciding.HANDLERS, *parts.HANDLERS, *picture.HANDLERS]
