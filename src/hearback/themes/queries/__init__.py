"""What is read of themes: by other rooms (thread)."""

from hearback.themes.queries.hearing import Unheard, Voice, unheard, voices_to_hear
from hearback.themes.queries.thread import (
    QuestionBehind,
    Quotable,
    ThemeLabel,
    named_themes,
    questions_behind,
    quotable_excerpts,
    theme_labels,
    voices,
)

__all__ = [
    "QuestionBehind",
    "Quotable",
    "ThemeLabel",
    "Unheard",
    "Voice",
    "named_themes",
    "questions_behind",
    "quotable_excerpts",
    "theme_labels",
    "unheard",
    "voices",
    "voices_to_hear",
]
