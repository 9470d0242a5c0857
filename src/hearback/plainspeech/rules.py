"""What a remark is, and the twelve things it can be about. Pure: no web, no database.

The categories and where they come from; a text may be several of them.

- `nonapology_conditional`: regret under a condition, for others' feelings, or with a "but". Lakoff 2001 (Nine ways of
  looking at apologies), Kampf 2009 (Public (non-)apologies), SorryWatch's rules on "if", "but" and "that you feel".
- `nonapology_passive`: nobody did it: passives, nominalised and inchoative verbs („es kam zu“, "a bug slipped in"),
  deeds that "happen". Benoit 1995 (evading responsibility); Fausey & Boroditsky 2010 (agentive language and blame).
- `blame_shift`: suppliers, weather, readers, the law, one employee. Benoit 1995 (shifting blame, defeasibility).
- `minimise`: small words, comparisons, bolstering. Benoit 1995 (minimisation, differentiation, bolstering).
- `stock_phrase`: formulas that fit every occasion. Decock et al. 2021 (routine wording); Packard & Berger 2021
  (concrete words are read as listening).
- `sales`: offers, imperatives to buy, superlatives. Benoit 1995 (compensation as bolstering); essays P11.
- `vague_promise`: a future without day and without person; weakened will („wollen stärker“, "aim to"), hedged time.
  Searle 1969 (what makes a promise); Halperin et al. 2022 (apologies that promise to do better backfire).
- `jargon`: business English and office German; strings of nominalisations. Bullock et al. 2019 (jargon closes ears).
- `consumer_address`: people as buyers, segments, traffic. Essays P25, P45.
- `no_human`: institutions, machines and passives of administration speak. Packard et al. 2018 ("I" beats "we").
- `condescension`: lecturing, presupposed knowledge, "simply". Politeness theory, Brown & Levinson 1987 (threats to the
  positive face); Wang & Potts 2019 (TalkDown).
- `long_sentence`: more than 35 words. Plain language guides (DIN 8581-1, GOV.UK: 25 as a goal).
"""

from enum import StrEnum

from msgspec import Struct


class Category(StrEnum):
    NONAPOLOGY_CONDITIONAL = "nonapology_conditional"
    NONAPOLOGY_PASSIVE = "nonapology_passive"
    BLAME_SHIFT = "blame_shift"
    MINIMISE = "minimise"
    STOCK_PHRASE = "stock_phrase"
    SALES = "sales"
    VAGUE_PROMISE = "vague_promise"
    JARGON = "jargon"
    CONSUMER_ADDRESS = "consumer_address"
    NO_HUMAN = "no_human"
    CONDESCENSION = "condescension"
    LONG_SENTENCE = "long_sentence"


class OwnCategory(StrEnum):
    """What only this company would not say."""

    OWN_WORDS = "own_words"


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


SEVERITIES = {
    Category.NONAPOLOGY_CONDITIONAL: Severity.HIGH,
    Category.NONAPOLOGY_PASSIVE: Severity.HIGH,
    Category.BLAME_SHIFT: Severity.HIGH,
    Category.MINIMISE: Severity.HIGH,
    Category.LONG_SENTENCE: Severity.LOW,
}
LONGEST_SENTENCE = 35  # words
MAY_GO = frozenset({Category.SALES, Category.STOCK_PHRASE})


class Remark(Struct, frozen=True, kw_only=True):
    """One thing about a text. start, end: in characters of the text as it was given.

    about: which of the category's reasons it is; the catalogues hold the reason and a better way under
    `plain.why.<about>` and `plain.better.<about>`. rule: which rule saw it, or "" where likeness to labelled texts
    did; like: the nearest of those. better: the better way, where the company named one itself.
    """

    start: int
    end: int
    category: Category | OwnCategory
    severity: Severity
    about: str
    rule: str = ""
    like: tuple[str, ...] = ()
    better: str = ""

    @property
    def grave(self) -> bool:
        """Wants a reason when it stays. What likeness alone finds is a guess, and nobody answers for a guess."""
        return self.severity == Severity.HIGH and self.rule != ""

    @property
    def may_go(self) -> bool:
        """Striking the sentence mends it: nothing was said there that anybody waits for."""
        return self.category in MAY_GO


def severity_of(category: Category) -> Severity:
    return SEVERITIES.get(category, Severity.MEDIUM)
