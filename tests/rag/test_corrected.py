"""What another article has corrected is told no more; a correction in the article itself changes nothing."""

from datetime import date

import pytest

from index.corrections import Notice, NoticeKind
from index.records import Publication
from index.relations import Correction
from rag.corrected import right_first, without_corrected
from rag.evidence import Evidence, Sentence
from tests.rag.passages import passage, ranked

WRONG = "The budget of the bridge was raised to 121 million euros on Tuesday."
OTHER = "Councillors agreed by 15 votes to 12 on 4 March."
NOTE = (
    "Our report of 4 March 2026 gave the budget as 121 million euros. The right figure is 112 million euros."
)


def sentence(text, at=0):
    return Sentence(
        at=at,
        start=0,
        end=len(text),
        text=text,
        similarity=0.5,
        coverage=1.0,
        fits=True,
        unnamed=(),
        score=1.0,
    )


def left(texts, *, kind=NoticeKind.CORRECTION, note=NOTE, from_article="another"):
    where = Publication(
        article_id=from_article,
        title="A correction",
        url="https://orvale-gazette.example/correction",
        source="orvale-gazette.example",
        day=date(2026, 3, 6).toordinal(),
    )
    correction = Correction(notice=Notice(kind=kind, text=note, about_other=True), where=where)
    evidence = Evidence(sentences=tuple(map(sentence, texts)), answerable=0.9)
    kept = without_corrected(evidence, [ranked(passage(" ".join(texts)))], lambda _: [correction])
    return [one.text for one in kept.sentences]


def test_a_sentence_with_the_figure_that_was_corrected_is_left_out():
    assert left([WRONG, OTHER]) == [OTHER]


def test_a_day_that_both_name_is_no_figure():
    assert left([OTHER]) == [OTHER]


def test_of_a_retracted_article_nothing_is_left():
    assert left([WRONG, OTHER], kind=NoticeKind.RETRACTION, note="The report has been withdrawn.") == []


def test_a_correction_in_the_article_itself_has_put_it_right():
    own = passage(WRONG).article_id
    assert left([WRONG], from_article=own) == [WRONG]


@pytest.mark.parametrize("text", [OTHER, "The bridge opens in May."])
def test_what_a_correction_does_not_name_stands(text):
    assert left([text]) == [text]


def test_a_correction_opens_with_what_is_right():
    notice = "Correction: our report gave the budget as 121 million euros. That was wrong."
    assert right_first(f"{notice} The right figure is 112 million euros.") == (
        f"The right figure is 112 million euros. {notice}"
    )
    assert right_first("Clarification (6 March) — The mayor was quoted. Actually her deputy spoke.") == (
        "Actually her deputy spoke. Clarification (6 March) — The mayor was quoted."
    )


@pytest.mark.parametrize(
    "text",
    [
        "The council gave 121 million euros. The right figure is 112 million euros.",
        "Correction: The right figure is 112 million euros. We gave 121.",
        "Correction: The budget is 112 million euros, not 121 million.",
        "Correction: we gave the budget as 121 million euros. It is in fact 112 million.",
        "Correction: an earlier version said that she was 71. That was wrong.",
        "Corrected versions were printed. The right one is blue.",
    ],
)
def test_what_is_no_correction_or_says_nothing_by_itself_stays_as_it_is(text):
    assert right_first(text) == text
