"""How much plain speech finds on texts that its model has not seen, and what it costs."""

import time
from collections.abc import Callable, Iterable

from hearback.plainspeech.checking import Reader
from hearback.plainspeech.folding import sentences
from hearback.plainspeech.likeness import LANGUAGES, labelled, learnt
from hearback.plainspeech.patterns import hits, matches
from hearback.plainspeech.training import ASIDE, BLIND, Figure, given_figures, kept_figures
from hearback.themes.embedding import embed

RECALL, ALONE = 0.8, 0.95
WORDS, MOST_MS = 2000, 60


def bench_plain_speech() -> None:
    _print("texts kept aside, by another writer, of domains that it does not know", kept_figures(ASIDE))
    _print(
        "texts by a writer who had seen neither rules nor texts, on whatever they chose", kept_figures(BLIND)
    )
    _print("texts given with the brief, by a model that does not know them", given_figures(embed))
    for lang in LANGUAGES:
        _print_speed(lang)


def _print(title: str, rows: Iterable[Figure]) -> None:
    print(title)
    for row in rows:
        met = "ok" if row.recall >= RECALL and row.alone >= ALONE else "MISSED"
        print(
            f"  {row.lang}  warned on {row.recall:.1%} of {row.bad} that deserve it, "
            f"left alone {row.alone:.1%} of {row.honest} honest ones  reach ≥ 80 %, ≥ 95 %  {met}"
        )
        print("      " + ", ".join(f"{category} {found:.0%}" for category, found in row.of.items()))


def _print_speed(lang: str) -> None:
    words = " ".join(text.text for text in labelled() if text.lang == lang).split()[:WORDS]
    text = " ".join(words)
    learnt()  # what it knows is loaded once a process
    rules = _cpu_ms(lambda: [list(hits(sentence, lang)) for sentence in sentences(text)])
    reader = Reader()
    matches.cache_clear()
    first = _cpu_ms(lambda: reader.remarks(text, lang))
    typed = _cpu_ms(lambda: reader.remarks(text.replace(words[0], "Noch", 1), lang))
    print(
        f"  {lang}  CPU for {WORDS:,} words: rules {rules:.0f} ms, all of it the first time {first:.0f} ms; "
        f"again after a sentence was changed {typed:.0f} ms  reach ≤ {MOST_MS} ms  "
        f"{'ok' if max(rules, first, typed) <= MOST_MS else 'MISSED'}"
    )


def _cpu_ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000
