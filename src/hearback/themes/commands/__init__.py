"""What changes themes: the machine's sorting."""

from hearback.themes.commands.sorting import find_missed, group_anew, read_response, sort

__all__ = ["find_missed", "group_anew", "read_response", "sort"]
