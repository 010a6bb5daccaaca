"""Corrections and retractions are told from other text, and linked to what they correct."""

from datetime import date

import pytest

from index.corrections import NoticeKind, find_notices, link_notices
from index.records import Publication

STORY = "The council of Stellhaven voted on the harbour bridge on Tuesday.\nIt will cost 84 million euros."


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Correction: An earlier version of this article gave the wrong budget.", "correction"),
        ("CORRECTION: This story has been updated to correct the mayor's name.", "correction"),
        ("Correction (March 5, 2026): The bridge has seven spans, not six.", "correction"),
        ("This story has been corrected to show that the vote was 15 to 12.", "correction"),
        ("This article was amended on 5 March 2026 to correct the year.", "correction"),
        ("(This version corrects the spelling of Ann Lee's name in paragraph 4.)", "correction"),
        ("An earlier version of this story misstated the length of the span.", "correction"),
        ("Corrections and clarifications: A previous version of this story misstated it.", "clarification"),
        ("Clarification: This story has been updated to clarify who pays.", "clarification"),
        ("This article has been retracted because its figures could not be confirmed.", "retraction"),
        ("Editor’s note: We have retracted this report.", "retraction"),
        ("Korrektur: In einer früheren Version stand ein falscher Betrag.", "correction"),
        ("Rectificatif : une erreur s’est glissée dans le montant.", "correction"),
    ],
)
def test_a_notice_is_recognised_with_its_kind(line, kind):
    (notice,) = find_notices("Council votes on bridge", f"{STORY}\n{line}")
    assert (notice.kind, notice.text, notice.about_other) == (NoticeKind(kind), line, False)


@pytest.mark.parametrize(
    "line",
    [
        "The department of correction employs 300 people.",
        "Corrections officers went on strike on Monday.",
        "This story was updated with more details.",
        "The stock market saw a correction: prices fell by a tenth.",
        "“An earlier version of this bill was wrong,” she said.",
        "In a story about the bridge, the author mentions the harbour.",
    ],
)
def test_what_only_speaks_of_corrections_is_none(line):
    assert find_notices("Council votes on bridge", f"{STORY}\n{line}") == ()


def test_an_article_that_is_titled_a_correction_is_about_another_one():
    text = "In our report of 4 March we wrongly said 121 million euros. The right figure is 112 million."
    (notice,) = find_notices("Correction: Bridge budget", text)
    assert notice.about_other
    assert notice.text == text


def test_a_long_notice_is_cut_at_a_word():
    (notice,) = find_notices("", "Correction: this was wrong. " + "word " * 500)
    assert len(notice.text) <= 600
    assert notice.text.endswith("word…")


def published(name, title, day, *, source="courier.example", text=""):
    return Publication(
        article_id=name,
        title=title,
        url=f"https://{source}/{name}",
        source=source,
        day=date.fromisoformat(day).toordinal(),
        text=text,
    )


ARTICLES = [
    published("budget", "Council raises budget of Lantern Bridge", "2026-03-04"),
    published("early", "Council approves budget of Lantern Bridge", "2025-01-15"),
    published("ferry", "Ferry to Orvale runs again", "2026-03-04"),
    published("other", "Council raises budget of Lantern Bridge", "2026-03-04", source="other.example"),
    published("later", "Council raises budget of Lantern Bridge again", "2026-06-01"),
]


def linked(title, text, day="2026-03-06", source="courier.example"):
    (notice,) = find_notices(title, text)
    where = published("note", title, day, source=source, text=text)
    return [target for target, _, _ in link_notices([(where, notice)], [*ARTICLES, where])]


def test_a_correction_names_its_article_by_title():
    text = 'An article headlined "Council raises budget of Lantern Bridge" gave a wrong figure.'
    assert linked("Correction: Lantern Bridge", text) == ["budget"]


def test_a_correction_names_its_article_by_address():
    text = "We gave a wrong name in https://courier.example/ferry."
    assert linked("Correction: a name", text) == ["ferry"]


def test_a_correction_names_its_article_by_day_and_subject():
    text = "Our report of 4 March on the Lantern Bridge and its budget gave the wrong figure."
    assert linked("Correction: the cost", text) == ["budget"]


def test_only_earlier_articles_of_the_same_outlet_are_corrected():
    text = 'An article headlined "Council raises budget of Lantern Bridge again" was wrong.'
    assert "later" not in linked("Correction", text)
    assert linked("Correction", text, source="third.example") == []


def test_a_correction_that_fits_no_article_is_linked_to_none():
    assert linked("Correction: the weather", "Our report of 4 March misstated the wind's force.") == []
