"""Questions are written (writing), and open and close (opening)."""

from hearback.asking.commands.opening import close_later, close_question, last_day, open_question
from hearback.asking.commands.writing import save_question

__all__ = ["close_later", "close_question", "last_day", "open_question", "save_question"]
