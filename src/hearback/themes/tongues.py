"""Which language an excerpt is in: German, English, another one, or unknown.

py3langid looks at the letters; its model (BSD, 77 MB) is loaded by the first text, so only the worker pays for it.
A few words say little by themselves, so the whole answer and the language of the form weigh in.
"""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, LanguageIdentifier

OTHER, UNKNOWN = "other", ""
OURS = ("de", "en")
LETTERS = re.compile(r"[^\W\d_]{2}")
# The languages that people here write in, and one or more for each other script: among all 97, short German would
# often be taken for Luxembourgish.
LANGUAGES = (
    "de en tr pl fr es it nl pt ru uk ar hr ro cs hu el he ja ko zh fa hi th bg".split()  # noqa: SIM905  (words read better)
)
ANSWER_WEIGHS = 5.0  # divided by the letters of the excerpt, at most MOST: a sentence speaks for itself
MOST = 0.3
FORM_WEIGHS = 4.0  # in natural logarithms, like the scores: 55 to 1

Scores = NDArray[np.float64]


def languages_of(answer: str, excerpts: Sequence[str], form: str = "") -> list[str]:
    """`de`, `en`, `other` or "" for each excerpt of one answer. form: the language that the form spoke, if any."""
    around, of_form = _scores(answer), np.zeros(len(LANGUAGES))
    if form in OURS:
        of_form[LANGUAGES.index(form)] = FORM_WEIGHS
    return [
        _language(excerpt, of_form + min(MOST, ANSWER_WEIGHS / max(len(excerpt), 1)) * around)
        for excerpt in excerpts
    ]


def _language(excerpt: str, prior: Scores) -> str:
    """Signs and digits are in no language, whatever stands around them."""
    if not LETTERS.search(excerpt):
        return UNKNOWN
    scores = _scores(excerpt) + prior
    if np.ptp(scores) == 0:
        return UNKNOWN
    found = LANGUAGES[int(np.argmax(scores))]
    return found if found in OURS else OTHER


def _scores(text: str) -> Scores:
    """Logarithms of likelihood, in the order of LANGUAGES; all the same where nothing speaks for any."""
    ranked = dict(_identifier().rank(text))
    scores = np.array([ranked[language] for language in LANGUAGES], np.float64)
    return scores if np.ptp(scores) else np.zeros(len(LANGUAGES))


@cache
def _identifier() -> LanguageIdentifier:
    whole = LanguageIdentifier.from_model_file(MODEL_FILE)
    whole.set_languages(LANGUAGES)
    # One that knows these alone: the first keeps all languages beside them, three quarters of 100 MB.
    return LanguageIdentifier(
        whole.nb_ptc, whole.nb_pc, whole.nb_classes, whole.tk_nextmove, whole.tk_output, tk_row=whole.tk_row
    )
