"""What is read of themes: by other rooms (thread)."""

from hearback.themes.queries.hearing import Unheard, Voice, unheard, voices_to_hear
from hearback.themes.queries.thread import (
    QuestionBehind,
    Quotable,
    ThemeLabel,
    ThemeOfResponse,
    named_themes,
    questions_behind,
    quotable_excerpts,
    theme_labels,
    themes_of_response,
    voices,
)

__all__ = [
    "QuestionBehind",
    "Quotable",
    "ThemeLabel",
    "ThemeOfResponse",
    "Unheard",
    "Voice",
    "named_themes",
    "questions_behind",
    "quotable_excerpts",
    "theme_labels",
    "themes_of_response",
    "unheard",
    "voices",
    "voices_to_hear",
]
