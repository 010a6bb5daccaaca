import threading

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.terms import STOP_WORDS, content_stems, content_words, fold, names, numbers, stem, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. and the U.K.", ["the", "us", "and", "the", "uk"]),
        ("Netanyahu’s visit, Netanyahu's visit", ["netanyahu", "visit", "netanyahu", "visit"]),
        ("Café in Zürich", ["cafe", "in", "zurich"]),
        ("1,150 tonnes at 6.3 metres", ["1150", "tonnes", "at", "6.3", "metres"]),
        ("", []),
        ("— … !", []),
    ],
)
def test_the_words_of_a_text(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    "forms", [("met", "meets", "meeting"), ("died", "dies"), ("children", "child"), ("said", "says")]
)
def test_forms_of_one_word_have_one_stem(forms):
    assert len({stem(form) for form in forms}) == 1


def test_content_leaves_out_the_words_that_say_nothing():
    assert content_words("When did the mayor open the bridge?") == ["mayor", "open", "bridge"]
    assert content_stems("The mayors opened bridges") == content_stems("mayor opens bridge")
    assert content_words("What is it?") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("When did Netanyahu meet Vice President Vance?", ["netanyahu", "vance"]),
        ("Who opened the Lantern Bridge on Monday in May?", ["lantern", "bridge"]),
        ("How did the iPhone sell in the U.K.?", ["iphone", "uk"]),
        ("What did O'Neill say?", ["neill"]),
        ("what happened there?", []),
    ],
)
def test_names_are_written_with_capitals_and_are_no_titles_days_or_months(text, expected):
    assert names(text) == expected


def test_numbers_stand_as_written_without_their_thousands_commas():
    assert numbers("4,150 people, 6.2 per cent, 3:30, 12 May 2026") == ["4150", "6.2", "3:30", "12", "2026"]


def test_folding_leaves_no_accents_capitals_or_printers_quotes():
    assert fold("“Zürich’s” CAFÉ") == '"zurich\'s" cafe'


@given(st.text(max_size=80))
@example("0A\U0001f210")  # a sign that is a letter once it is folded
def test_no_text_breaks_them(text):
    assert all(word and word == word.casefold() for word in words(text))
    assert set(content_words(text)) == set(words(text)) - STOP_WORDS
    assert len(content_stems(text)) == len(content_words(text))
    assert set(names(text)) <= set(words(text)) | {part for word in text.split() for part in words(word)}
    numbers(text)


def test_threads_get_the_stems_that_one_gets():
    vocabulary = [f"running{chr(97 + n)} mayors met{n}" for n in range(26)]
    expected = [content_stems(text) for text in vocabulary]
    stem.cache_clear()
    wrong = []

    def work():
        wrong.extend(
            text for text, stems in zip(vocabulary, expected, strict=True) if content_stems(text) != stems
        )

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
