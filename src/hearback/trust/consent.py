"""Which words a fan agreed to when we may quote them. Kept with every answer, so that nobody can say later that the
question had been another. Change the sentences on the form: raise the wording, and the old answers keep theirs."""

WORDING = 1


def consent(language: str) -> str:
    """What is kept: the wording and the language in which the fan read it, such as `1 de`."""
    return f"{WORDING} {language}"
