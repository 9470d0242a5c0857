"""From an answer to its excerpts: one point each, found by closed lists and punctuation, in linear time.

No grammar is parsed. A clause stands alone when it is long enough and holds a finite verb where a German or
English main clause has one; where that is unsure we leave two points together, because a person can cut an
excerpt, while half a thought misleads everybody who reads it.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from .lists import phrases, words

ABBREVIATIONS = words("abbreviations")
ABBREVIATIONS_BEFORE_ANYTHING = words("abbreviations_before_anything")
ORDINAL_NEIGHBOURS = words("ordinal_neighbours")
MONTHS = words("months")
OPENERS = words("openers")
VERBS = words("finite_verbs") | words("english_pasts")
SUBORDINATORS = words("subordinators")
JOINERS = words("clause_joiners")
TURNS = words("turns")
POINTS_BACK = words("points_back")
SPEAKERS = frozenset({"ich", "wir", "i", "we"})  # who speaks, and never what was just spoken of
LEAD_INS = words("lead_ins")
REMARKS = words("remarks")
LIGHT = REMARKS | OPENERS | VERBS | SUBORDINATORS | JOINERS | TURNS
GREETINGS = words("greetings")
ADDRESSES = words("addresses")
FAREWELLS = words("farewells")
FAREWELL_CORES = words("farewell_cores")
THANKS = frozenset({"danke", "dank", "thanks", "thank", "merci"})
EMPTY_TALK = phrases("empty_talk")

BARE_JOINERS = frozenset({"und", "and"})  # carry no meaning of their own at the beginning of an excerpt
LEAST_CLAUSE_WORDS = 3
LIST_ITEM_WORDS = 4
PHONE_DIGITS = 7
WRAPPED_LINE = 60  # mail programs break lines at about 72; a shorter line was ended by a person
LOOK_BACK = 8  # tokens; what is longer is no short remark, and looking further would cost quadratic time
VERB_WITHIN = 5  # a main clause has its finite verb among the first words

LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
PICTURE = "\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff"
JOINED = "\ufe0f\u200d\u20e3\U000e0020-\U000e007f"
TOKEN = re.compile(rf"[{PICTURE}][{PICTURE}{JOINED}]*|[^\s{PICTURE}]+")
EMOTICON = re.compile(r"[:;=]['’]?-?[()DPp/|*]+|<3+|\^\^|[xX]D+")
BULLET = re.compile(r"(?:[-*•·‣–—+>»]+|\(?(?:\d{1,2}|[a-z])[.)])$")
GLUED = re.compile(r"(?<=[a-zäöüß]{2}[.!?])(?=[A-ZÄÖÜ][a-zäöüß])")
INITIAL = re.compile(r"[A-ZÄÖÜ]\.,?")
DASH = re.compile(r"[-–—+/|]+$")
CONTACT = re.compile(r"[@#]|://|^www\.|\.(?:de|at|ch|com|org|net|eu|example)\b", re.IGNORECASE)
OPENING = "\"'„“”‚‘’«»‹›([{*_~¿¡"
CLOSING = "\"'“”‘’«»‹›)]}*_~"
SOFT = OPENING + CLOSING + ".,;:!?…-–—"


class Span(Struct, frozen=True, order=True):
    """start, end: code points of the answer, end exclusive."""

    start: int
    end: int


class Token(NamedTuple):
    start: int
    end: int
    written: str
    word: str  # lower case, without punctuation around it; empty for a token without a letter


Tokens = list[Token]


def split(text: str) -> list[Span]:
    """Excerpts in order, never overlapping, each an exact trimmed substring; empty for empty talk."""
    found: list[Span] = []
    signed = False
    for tokens in _lines(text):
        for sentence in _rejoined(_sentences(tokens)):
            for clause in _clauses(sentence):
                if _is_farewell(clause):
                    signed = True
                elif not _is_empty(clause) and not (signed and _may_be_a_name(clause)):
                    found.append(_trimmed(text, clause))
    return found


def _lines(text: str) -> Iterator[Tokens]:
    """Lines as tokens; a list's bullet is left out, a line broken by a mail program is put together again."""
    waiting: Tokens = []
    for line in LINE.finditer(text):
        tokens = _without_bullet(list(_tokens(text, line.start(), line.end())))
        if not tokens:
            continue
        if waiting and not tokens[0].written[0].islower():
            yield waiting
            waiting = []
        waiting.extend(tokens)
        wrapped = line.end() - line.start() >= WRAPPED_LINE and tokens[-1].written[-1] not in ".!?:;"
        if not wrapped:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _tokens(text: str, start: int, end: int) -> Iterator[Token]:
    for match in TOKEN.finditer(text, start, end):
        at, written = match.start(), match.group()
        if CONTACT.search(written):
            yield _token(at, written)
            continue
        for part in GLUED.split(written):
            yield _token(at, part)
            at += len(part)


def _token(start: int, written: str) -> Token:
    word = written.strip(SOFT).lower()
    return Token(start, start + len(written), written, word if any(map(str.isalpha, word)) else "")


def _without_bullet(tokens: Tokens) -> Tokens:
    return tokens[1:] if tokens and BULLET.match(tokens[0].written) else tokens


def _sentences(tokens: Tokens) -> Iterator[Tokens]:
    sentence: Tokens = []
    for token, following in pairwise([*tokens, None]):
        assert token is not None  # noqa: S101  (None only closes the list)
        sentence.append(token)
        if following is not None and _ends(sentence, following):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _ends(sentence: Tokens, following: Token) -> bool:
    written = sentence[-1].written
    if _is_picture(written):
        return not _is_picture(following.written) and _size(sentence[-LOOK_BACK:]) >= 2
    if _is_picture(following.written):  # a picture belongs to what it comments
        return False
    body = written.rstrip(CLOSING)
    goes_on = len(body) < len(written) and following.written[0].islower()  # „Was?“ sagt er
    if body.endswith(("!", "?", "！", "？", "。")):
        return not goes_on
    if not body.endswith(".") or body.endswith(".."):
        return False
    return not goes_on and _dot_ends(body[:-1].lstrip(OPENING).lower(), sentence, following)


def _dot_ends(stem: str, sentence: Tokens, following: Token) -> bool:
    """Whether the dot after stem ends the sentence, and is not that of an abbreviation or ordinal."""
    opens = following.word in OPENERS and following.written.lstrip(OPENING)[:1].isupper()
    if stem.isdigit():
        return opens or not _is_ordinal(stem, sentence, following)
    if stem in ABBREVIATIONS:
        return opens
    initials = all(len(part) == 1 for part in stem.split("."))
    return not (initials or stem in ABBREVIATIONS_BEFORE_ANYTHING)


def _is_ordinal(digits: str, sentence: Tokens, following: Token) -> bool:
    first_in_bracket = sentence[-1].written[0] in OPENING
    after_article = len(sentence) > 1 and sentence[-2].word in ORDINAL_NEIGHBOURS
    return len(digits) < 4 and (first_in_bracket or after_article or following.word in MONTHS)


def _is_picture(written: str) -> bool:
    return bool(re.match(rf"[{PICTURE}]", written)) or bool(EMOTICON.fullmatch(written))


def _rejoined(sentences: Iterator[Tokens]) -> Iterator[Tokens]:
    """Sentences, with a short question put before its answer and a remark without content behind what it is about."""
    held: Tokens = []
    for sentence in sentences:
        if held and (_is_light(sentence) or _is_short_question(held)):
            held.extend(sentence)
            continue
        if held:
            yield held
        held = sentence
    if held:
        yield held


def _is_short_question(tokens: Tokens) -> bool:
    return len(tokens) < LOOK_BACK and "?" in tokens[-1].written and _size(tokens) <= 3


def _is_light(tokens: Tokens) -> bool:
    """Whether a sentence is too thin to stand alone: „Wann?“, „Das war's.“"""
    if len(tokens) >= LOOK_BACK:
        return False
    content = [t.word for t in tokens if t.word]
    if " ".join(content) in EMPTY_TALK:
        return False
    if len(content) < 2 and any(map(str.isdigit, tokens[0].written)):  # „60 Euro.“
        return True
    return 0 < len(content) <= 3 and all(word in LIGHT for word in content)


def _clauses(sentence: Tokens) -> Iterator[Tokens]:
    cuts = _list_cuts(sentence) or _clause_cuts(sentence)
    for start, end in pairwise([0, *cuts, len(sentence)]):
        while start < end - 1 and (
            sentence[start].word in BARE_JOINERS or DASH.match(sentence[start].written)
        ):
            start += 1
        yield sentence[start:end]


def _list_cuts(sentence: Tokens) -> list[int]:
    """Where items begin in „Lovely people, great bands, awful toilets“: at least three, short, each with its own head.

    „kein Dach, keine Bank, kein Licht“ and „clear, funny, well laid out“ say one thing and stay together.
    """
    cuts = [i for i in range(1, len(sentence)) if _is_stop(sentence, i) or sentence[i].word in BARE_JOINERS]
    labelled = [i for i, token in enumerate(sentence[:3], 1) if token.written.endswith(":")]
    begin = labelled[0] if labelled else 0
    items = [sentence[start:end] for start, end in pairwise([begin, *cuts, len(sentence)])]
    sizes = [_size(item) for item in items]
    least = 1 if labelled else 2
    alike = len({item[0].word[:4] for item in items if item}) == 1
    if len(items) < 3 or alike or any(not least <= size <= LIST_ITEM_WORDS for size in sizes):
        return []
    return [] if any(_has_verb(item) for item in items) else [*labelled[:1], *cuts]


def _clause_cuts(sentence: Tokens) -> list[int]:
    """Where clauses begin that stand alone, after a clause that does. One pass: what is left of i is only counted."""
    cuts: list[int] = []
    left = Left(0)
    depth = 0
    for i, token in enumerate(sentence):
        stopped = i > 0 and _is_stop(sentence, i)
        if depth <= 0 and i > 0 and (stopped or token.word in JOINERS):
            greeted = stopped and i - left.start < LOOK_BACK and _is_greeting(sentence[left.start : i])
            turned = stopped and token.word in TURNS and left.words >= 2 and _size(sentence[i : i + 3]) >= 2
            if greeted or turned or (left.stands_alone(sentence) and _begins_clause(sentence, i, left)):
                cuts.append(i)
                left = Left(i)
        depth += token.written.count("(") - token.written.count(")")
        left.take(token)
    return cuts


class Left:
    """What has been read of a clause."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.words = self.verbs = self.commas = 0
        self.of_speaker = False

    def take(self, token: Token) -> None:
        self.words += bool(token.word)
        self.verbs += _is_verb(token)
        self.commas += token.written.endswith(",")
        self.of_speaker = self.of_speaker or token.word in SPEAKERS

    def stands_alone(self, sentence: Tokens) -> bool:
        """Long enough, with a verb; „Wenn der Zug kommt“ leans on what follows its comma."""
        leans = sentence[self.start].word in SUBORDINATORS and self.commas < 2
        return self.words >= LEAST_CLAUSE_WORDS and self.verbs > 0 and not leans


def _is_stop(sentence: Tokens, i: int) -> bool:
    return sentence[i - 1].written.endswith((",", ";")) or bool(DASH.match(sentence[i].written))


def _begins_clause(sentence: Tokens, i: int, left: Left) -> bool:
    """Whether a main clause with a subject of its own begins at i: its finite verb comes early, not first, not last."""
    at, parted = i, False
    while at < min(len(sentence), i + LOOK_BACK) and (sentence[at].word in JOINERS or not sentence[at].word):
        parted = parted or sentence[at].word not in BARE_JOINERS | {""}
        at += 1
    clause = sentence[at : at + VERB_WITHIN + 1]
    if len(clause) < LEAST_CLAUSE_WORDS or clause[0].word in SUBORDINATORS:
        return False
    turns_to_speaker = at > i and clause[0].word in SPEAKERS and not left.of_speaker
    if not (parted or turns_to_speaker) and (clause[0].word in POINTS_BACK or _resumes(clause)):
        return False
    return not _is_verb(clause[0]) and _has_verb(clause[1:VERB_WITHIN][: len(clause) - 2])


def _resumes(clause: Tokens) -> bool:
    """„…, die ist kaputt“: an article right before the verb stands for the noun before it."""
    return clause[0].word in {"der", "die", "das", "den", "dem", "that"} and _is_verb(clause[1])


def _has_verb(tokens: Tokens) -> bool:
    return any(map(_is_verb, tokens))


def _is_verb(token: Token) -> bool:
    """A capital letter marks a German noun („der Stand“), but not in a text all in capitals."""
    return token.word in VERBS and (
        token.written.islower() or token.written.isupper() or not token.written[0].isupper()
    )


def _size(tokens: Tokens) -> int:
    return sum(bool(t.word) for t in tokens)


def _is_greeting(tokens: Tokens) -> bool:
    if not 0 < len(tokens) <= 5 or _has_verb(tokens):
        return False
    addressed = tokens[0].word in ADDRESSES and tokens[-1].written.endswith((",", "!"))
    return tokens[0].word in GREETINGS or (addressed and not any(map(str.isdigit, tokens[-1].written)))


def _is_farewell(tokens: Tokens) -> bool:
    content = [t.word for t in tokens if t.word]
    if not 0 < len(content) <= 6 or content[0] not in FAREWELLS or _has_verb(tokens):
        return False
    if content[0] in THANKS and len(content) > 3:
        return False
    return any(word in FAREWELL_CORES for word in content[:3])


def _may_be_a_name(tokens: Tokens) -> bool:
    return _size(tokens) <= 3 and not _has_verb(tokens)


def _is_initialled_name(tokens: Tokens) -> bool:
    """„H. Brandl, 81“ or „Dariusz K.“"""
    names = [t.written for t in tokens if t.word]
    if len(names) != 2 or len(tokens) > 3:
        return False
    return any(map(INITIAL.fullmatch, names)) and all(name[0].isupper() for name in names)


def _is_empty(tokens: Tokens) -> bool:
    content = [t.word for t in tokens if t.word and not CONTACT.search(t.written)]
    if not content:
        return True
    if " ".join(content) in EMPTY_TALK or _is_greeting(tokens) or _is_initialled_name(tokens):
        return True
    if len(content) < LOOK_BACK and all(word in REMARKS for word in content):
        return True
    if tokens[-1].written.endswith(":") and all(word in LEAD_INS or word in LIGHT for word in content):
        return True  # „Meine Wünsche:“ only leads to what follows
    return _may_be_a_name(tokens) and _has_contact(tokens)


def _has_contact(tokens: Tokens) -> bool:
    """„Ingo Rabenalt, Tel. 0171 39200 14“; seven digits are no price and no year."""
    digits = sum(map(str.isdigit, "".join(t.written for t in tokens)))
    return digits >= PHONE_DIGITS or any(CONTACT.search(t.written) for t in tokens)


def _trimmed(text: str, tokens: Tokens) -> Span:
    start, end = tokens[0].start, tokens[-1].end
    while text[end - 1] in ",;:-–—" or text[end - 1].isspace():
        end -= 1
    return Span(start, end)
