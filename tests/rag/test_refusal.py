"""Why a written sentence is not shown, in words that a reader understands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evidence import Sentence
from rag.refusal import reason_of
from rag.verify import nearest_to

OPENED = "Mayor Ada Quill opened the 2nd harbour bridge in Stellby on 1 March 2026."
COST = "The harbour bridge in Stellby cost 40 million euros."
SAFE = "The dam is safe, said Tom Brandt, who met 1,150 people."
BANNER = "A letter to the council had one line: the tunnel leaks."
PASSAGES = (OPENED, COST, SAFE, BANNER)
ELSEWHERE = "The ferry sails on Friday."
"""Of a passage that was found, and no sentence of the evidence."""


def reason(claim, *, literal=False):
    sentences = [
        Sentence(
            at=at,
            start=0,
            end=len(text),
            text=text,
            similarity=1,
            coverage=1,
            fits=True,
            unnamed=(),
            score=1,
        )
        for at, text in enumerate(PASSAGES)
    ]
    nearest = nearest_to(claim, sentences, [""] * len(PASSAGES), literal=literal)
    return reason_of(claim, nearest, PASSAGES[nearest.position], (*PASSAGES, ELSEWHERE))


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        ("Ada Quill opened 57 bridges.", "the passages do not say 57"),
        ("The bridge cost 1,300 euros in Stellby.", "the passages do not say 1,300"),
        ("Ada Quill opened it on Monday, 9 April 2025.", "the passages do not say Monday or 9 April 2025"),
        ("Ada Quill opened the bridge on 2 March 2026.", "the passages do not say 2 March 2026"),
        ("Ada Quill opened the bridge in Orvale.", "no passage names Orvale"),
        ("Mayor Lena Frost of Old Vell met Tom Brandt.", "no passage names Lena Frost or Old Vell"),
        ("Everybody cheered the mayor.", "no passage says “Everybody” or “cheered”"),
        ("Tom Brandt said “the dam will hold”.", "the quotation is not in a passage"),
        ("The mayor resigned.", "no passage says “resigned”"),
    ],
)
def test_what_no_passage_has_is_named(claim, says):
    assert reason(claim) == says


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        ("The harbour bridge cost 1 million euros.", "with these numbers and dates"),
        ("The harbour bridge cost 40 million euros on Friday.", "with these numbers and dates"),
        ("Tom Brandt opened the 2nd harbour bridge on 1 March 2026.", "says this of these names"),
        ("The harbour bridge in Stellby is “safe”.", "not in the sentence that says the rest"),
        ("The harbour bridge in Stellby did not cost 40 million euros.", "denies something"),
        ("The dam is safe.", "who said it, or on what condition"),
        ("The tunnel leaks.", "only quotes"),
        ("Stellby cost the harbour bridge 40 million euros.", "relates them otherwise"),
        ("The ferry met the tunnel.", "do not stand together in one sentence"),
        ("It is so.", "says nothing that could be looked up"),
        ("What did the bridge cost?", "it asks"),
    ],
)
def test_where_passages_have_it_all_what_fails_in_the_nearest_sentence_is_said(claim, says):
    assert says in reason(claim)


def test_a_claim_by_the_letter_that_is_put_together_from_a_sentence_says_so():
    assert reason("The harbour bridge cost 40 million.", literal=True) == (
        "a sentence has the words, and relates them otherwise"
    )


def test_an_ordinal_that_a_passage_has_is_not_missed():
    assert "2nd" not in reason("Ada Quill planned the 2nd harbour bridge.")


def test_no_more_than_three_things_are_named():
    assert reason("On Sunday 7 men and 8 women left 9 boats.") == "the passages do not say Sunday, 7 or 8"


@given(st.text(max_size=80), st.booleans())
def test_any_text_has_a_reason_on_one_line(claim, literal):
    found = reason(claim, literal=literal)
    assert found.strip()
    assert len(found) < 400
