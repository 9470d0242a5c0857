"""The triage: what people said, sorted, and what people decide about it."""

from hearback.themes.desk import deciding, looking

HANDLERS = [*looking.HANDLERS, *deciding.HANDLERS]
