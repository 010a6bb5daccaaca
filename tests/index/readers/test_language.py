import pytest

from index.readers.language import detect, language_of

ENGLISH = "The ferry between the island and the harbour will run again from April, the port said on Tuesday."
GERMAN = "Die Fähre zwischen der Insel und dem Hafen fährt ab April wieder, so die Behörde. " * 2
NORWEGIAN = "Fergen mellom øya og havnen skal gå igjen fra april, sa havnesjefen på tirsdag. " * 3


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        ("Мост через реку закроют на ремонт, сообщила администрация.", "ru"),
        ("渡船は来月から運航を再開すると市が発表した。", "ja"),
        ("أعلنت البلدية يوم الأحد افتتاح محطة جديدة لتحلية المياه.", "ar"),
    ],
)
def test_a_text_tells_its_language(text, language):
    assert detect(text)[0] == language
    assert language_of("", text) == language


@pytest.mark.parametrize("declared", ["de", "de-DE", "DE_de", "German"])
def test_what_is_declared_counts(declared):
    assert language_of(declared, GERMAN) == "de"


def test_a_template_that_declares_the_wrong_language_is_overruled_by_a_text_that_is_plainly_in_another():
    assert language_of("en-US", GERMAN) == "de"


def test_languages_that_are_alike_are_not_told_apart_against_the_declaration():
    assert language_of("da", NORWEGIAN) == "da"


@pytest.mark.parametrize("text", ["", "Taxi!", "12:30"])
def test_a_text_too_short_to_tell_leaves_the_declaration(text):
    assert language_of("fr", text) == "fr"
    assert language_of("", text) == ""
