"""Plain speech: what in a text sounds like a press office, and how it could be said to a person."""
