"""Why grave remarks stay: each with a reason of its own, or one for all."""

from hearback.plainspeech.checking import Reader
from hearback.plainspeech.reasons import begun, idle, unexplained, why_it_stays

SORRY = "Falls sich jemand gestört gefühlt hat, tut es uns leid."
PASSIVE = "Es wurden Fehler gemacht."


def grave(words: str) -> str:
    return next(words[one.start : one.end] for one in Reader().remarks(words, "de") if one.grave)


def test_a_line_that_begins_with_the_words_is_about_just_these():
    reasons = f"{begun('Es wurden Fehler gemacht', 'de')}So steht es im Urteil.\nDer Verband will es so."

    assert why_it_stays("Es wurden Fehler gemacht", reasons) == "So steht es im Urteil."
    assert why_it_stays("Falls sich jemand", reasons) == "Der Verband will es so."


def test_a_line_that_was_only_begun_is_no_reason_even_beside_one_for_all():
    reasons = f"Der Verband will es so.\n{begun('Es wurden Fehler gemacht', 'de')}"

    assert why_it_stays("Es wurden Fehler gemacht", reasons) == ""


def test_english_and_plain_quotes_and_words_with_quotes_of_their_own_are_understood():
    assert why_it_stays("mistakes were made", "“mistakes were made”: It is a quote.") == "It is a quote."
    assert why_it_stays("mistakes were made", '"mistakes were made" : It is a quote.') == "It is a quote."
    assert (
        why_it_stays("die „Panne“ von gestern", f"{begun('die „Panne“ von gestern', 'de')}Ihr Wort.")
        == "Ihr Wort."
    )


def test_the_line_begins_in_the_quotes_of_its_language():
    for lang, line in (("de", "„mistakes were made“: "), ("en", "“mistakes were made”: ")):
        assert begun("mistakes were made", lang) == line
        assert why_it_stays("mistakes were made", f"{line}Weil.") == "Weil."


def test_long_words_are_named_by_their_beginning():
    words = "ein sehr langer Satz, der " + "immer weiter " * 12

    assert len(begun(words, "de")) < 70
    assert why_it_stays(words, f"{begun(words, 'de')}Weil.") == "Weil."


def test_what_nobody_gave_a_reason_for_is_counted():
    texts = {"did": SORRY, "left": PASSIVE}
    remarks = {name: Reader().remarks(words, "de") for name, words in texts.items()}

    assert unexplained(texts, remarks, "") == 2
    assert unexplained(texts, remarks, f"{begun(grave(PASSIVE), 'de')}Ein Zitat.") == 1
    assert unexplained(texts, remarks, "Beides sind Zitate.") == 0


def test_a_line_about_words_that_are_gone_or_not_remarked_on_is_about_nothing():
    texts, reader = {"did": f"{PASSIVE} Wir haben gelernt."}, Reader()
    remarks = {"did": reader.remarks(texts["did"], "de")}
    lines = [begun(words, "de") for words in (grave(PASSIVE), grave(SORRY), "Wir haben gelernt")]
    reasons = "\n".join([*(f"{line}Darum." for line in lines), "Der Verband will es so."])

    gone, unremarked = idle(texts, remarks, reasons)
    assert (gone, unremarked) == ([grave(SORRY)], ["Wir haben gelernt"])
    assert idle(texts, remarks, "Der Verband will es so.") == ([], [])
    long = "Falls irgendjemand sich durch unsere Anleitung gestört gefühlt haben sollte, tut es uns leid."
    told = begun(long, "de")
    assert idle({"did": long}, {}, f"{told}Darum.")[0] == [], "also where only its beginning is quoted"
