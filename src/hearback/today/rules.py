"""What time of day it is. No database, no web."""


def part_of_day(hour: int) -> str:
    """A key for the greeting."""
    if hour < 11:
        return "morning"
    return "day" if hour < 18 else "evening"
