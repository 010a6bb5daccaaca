"""Passages grow by whole neighbouring sentences, and never over each other."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentence_spans
from rag.context import Windows
from tests.rag.passages import passage

SENTENCES = [f"Pier number {n} of the harbour was closed in week {n}." for n in range(20)]
TEXT = " ".join(SENTENCES)
WORDS = len(SENTENCES[0].split())
STARTS = [start for start, _ in sentence_spans(TEXT)]
ENDS = [end for _, end in sentence_spans(TEXT)]


def windows(words):
    return Windows(words, lambda _: TEXT)


def of(first, last, **changes):
    return passage(TEXT, STARTS[first], ENDS[last], **changes)


def test_a_passage_takes_in_the_sentences_after_it_up_to_the_length():
    grown = windows(4 * WORDS).grow(of(5, 6))
    assert grown.text == " ".join(SENTENCES[5:9])
    assert TEXT[grown.start : grown.end] == grown.text


def test_where_the_article_ends_it_takes_in_those_before():
    assert windows(4 * WORDS).grow(of(18, 19)).text == " ".join(SENTENCES[16:20])


def test_a_passage_that_is_long_enough_stays_as_it_is():
    assert windows(1).grow(of(3, 4)) == of(3, 4)


def test_a_second_passage_of_an_article_stops_at_the_first():
    grow = windows(6 * WORDS).grow
    grow(of(8, 9))
    assert grow(of(4, 5)).text == " ".join(SENTENCES[2:8])


def test_what_an_earlier_passage_has_is_cut_off():
    grow = windows(2 * WORDS).grow
    assert grow(of(5, 6)).text == " ".join(SENTENCES[5:7])
    assert grow(of(6, 7)).text == " ".join(SENTENCES[7:9])


def test_a_passage_that_says_little_new_is_none():
    grow = windows(4 * WORDS).grow
    grow(of(5, 6))
    assert grow(of(7, 8)) is None
    assert grow(of(4, 8)) is None


def test_passages_of_different_articles_do_not_meet():
    grow = windows(2 * WORDS).grow
    assert grow(of(5, 6)) is not None
    assert grow(of(5, 6, article_id="two")) is not None


@given(
    st.lists(st.tuples(st.integers(0, 19), st.integers(0, 5)), min_size=1, max_size=8),
    st.integers(1, 12 * WORDS),
)
def test_grown_passages_are_exact_and_never_overlap(chunks, words):
    grow = windows(words).grow
    grown = [found for first, more in chunks if (found := grow(of(first, min(first + more, 19)))) is not None]
    assert all(found.text == TEXT[found.start : found.end] and found.text.strip() for found in grown)
    spans = sorted((found.start, found.end) for found in grown)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
