"""What an answer is measured by: its words, its citations, its sentences."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Claim
from rag.evaluate.answers import Share, cited_rightly, cited_sentences, missing_from, text_of, token_f1
from tests.rag.evaluate.replies import answer, passage


def claim(text, *citations):
    return Claim(text=text, citations=citations, supported=True, support=1.0)


@pytest.mark.parametrize(
    ("text", "gold", "f1"),
    [
        ("Ada Quill", "Ada Quill", 1),
        ("The ADA quill.", "Ada Quill", 1),
        ("Ada Quill opened it.", "Ada Quill", 2 * 2 / (4 + 2)),
        ("Ada", "Ada Quill", 2 / 3),
        ("Ada Ada Ada", "Ada Quill", 2 * 1 / (3 + 2)),  # a word counts as often as it stands in both
        ("It cost 1,000 euros.", "1000", 2 * 1 / (4 + 1)),
        ("Tom Brandt", "Ada Quill", 0),
        ("", "Ada Quill", 0),
        ("the", "a", 1),
    ],
)
def test_f1_is_of_all_words_that_were_said(text, gold, f1):
    assert token_f1(text, gold) == pytest.approx(f1)


def test_a_long_answer_pays_for_its_length_even_if_one_sentence_is_the_gold_answer():
    assert token_f1("Ada Quill. It rained all day in the town.", "Ada Quill") == pytest.approx(4 / 10)


@given(st.text(), st.text())
def test_f1_is_a_share_and_does_not_care_which_text_comes_first(one, other):
    assert 0 <= token_f1(one, other) <= 1
    assert token_f1(one, other) == token_f1(other, one)
    assert token_f1(one, one) == 1


def test_the_text_of_an_answer_is_that_of_its_claims():
    given_answer = answer("Ada [1]. So [2].", claims=(claim("Ada.", 1), claim("So.", 2)))
    assert text_of(given_answer) == "Ada. So."
    assert text_of(answer("Nothing: “Ada Quill” [1].", abstained=True)) == ""


TEXT = "Mayor Ada Quill opened the U.S. bridge for 1,200 people at 9.30; it cost forty million."


@pytest.mark.parametrize(
    "said",
    [
        "Ada Quill opened it.",
        "The MAYOR opened the bridge.",  # capitals say nothing
        "In the US it cost forty million.",
        "1200 people came at 9.30.",
        "It was Quill’s day.",
        "The Harbour Post says that Ada Quill opened it on 1 March 2026.",
        "On March 1 Ada Quill opened the Lantern Bridge.",  # as its title says
    ],
)
def test_a_passage_has_what_its_text_title_outlet_and_date_say(said):
    shown = passage(text=TEXT, title="Lantern Bridge", source="Harbour Post", published="2026-03-01")
    assert missing_from(shown, said) == []


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("Tom Brandt opened it.", ["Tom", "Brandt"]),
        ("Ada Quilling opened it.", ["Quilling"]),  # whole words
        ("It cost 40 million.", ["40"]),
        ("It cost forty billion.", ["billion"]),
        ("It was opened for 200 people.", ["200"]),
        ("Ada Quill opened it on 2 March 2026.", ["2", "March", "2026"]),
        ("Ada Quill opened it at 1.", ["1"]),  # no date
        ("President Ada Quill opened it.", ["President"]),  # a title is a part of who it was
        ("Ada Quill opened it in May.", ["May"]),
    ],
)
def test_names_and_numbers_that_a_passage_does_not_show_are_missing(said, missing):
    shown = passage(text=TEXT, title="Lantern Bridge", source="Harbour Post", published="2026-03-01")
    assert missing_from(shown, said) == missing


def test_each_citation_of_each_claim_is_judged():
    told = answer(
        "…",
        claims=(claim("Ada Quill came.", 1, 2), claim("It rained.", 2), claim("Ada left.", 3)),
        citations=(passage(n=1, text="Ada Quill came."), passage(n=2, text="Tom came.")),
    )
    assert cited_rightly(told) == Share(good=2, total=4)  # 3 is not there at all
    assert cited_rightly(answer("None.", abstained=True)).value is None


@pytest.mark.parametrize(
    ("text", "good", "total"),
    [
        ("Ada Quill came [1]. Tom left [2].", 2, 2),
        ("Ada Quill came. Tom left [2].", 1, 2),
        ("Ada Quill came! [1] Tom left [2].", 2, 2),
        ("Ada Quill came! [1] Tom left.", 1, 2),
        ("He said: “Ada came.” [1][2] Tom left [2].", 2, 2),
        ("Ada Quill came [7].", 0, 1),
        ("Ada Quill came.", 0, 1),
    ],
)
def test_a_sentence_is_cited_by_a_mark_of_a_passage_that_is_there(text, good, total):
    told = answer(text, citations=(passage(n=1), passage(n=2)))
    assert cited_sentences(told) == Share(good=good, total=total)


def test_an_abstention_has_no_sentences_to_cite():
    assert cited_sentences(answer("Nothing was found.", abstained=True)).value is None


def test_a_sentence_that_says_what_was_not_found_needs_no_mark():
    text = "Ada Quill came [1]. I found nothing that says this of Tom."
    unmarked = answer(text, citations=(passage(n=1),))
    assert cited_sentences(unmarked) == Share(good=1, total=2)
    assert cited_sentences(replace(unmarked, not_found=("Tom",))) == Share(good=1, total=1)


def test_what_is_not_supported_is_no_text_of_the_answer():
    refused = Claim(
        text="Tom left.", citations=(), supported=False, support=0.0, reason="no passage names Tom"
    )
    assert text_of(answer("", claims=(claim("Ada came.", 1), refused))) == "Ada came."
