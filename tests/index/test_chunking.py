import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunking import Chunker
from index.config import ChunkingConfig
from tests.fakes import FakeEmbedder

WORDS = st.lists(
    st.sampled_from(["a", "dog", "ran.", "No!", "harbour", "x" * 90, "\n\n", "\n", "it?"]), max_size=150
)
TITLES = st.lists(st.sampled_from(["News", "of", "the", "harbour:", "y" * 50]), max_size=30).map(" ".join)


def by_bytes(texts):
    """A tokenizer at its worst: one token for each byte, a run of white space counted as one."""
    return [len(re.sub(r"\s+", " ", text).encode("utf-8", "replace")) for text in texts]


def by_words(texts):
    return FakeEmbedder().count_tokens(texts)


def cut(text, *, title="", max_tokens=40, overlap=0, count=by_words):
    chunking = ChunkingConfig(max_tokens=max_tokens, overlap_sentences=overlap)
    return Chunker(chunking, 10_000, count).cut([(title, text)])[0]


@settings(deadline=None)
@given(WORDS.map(" ".join), TITLES, st.integers(0, 3), st.sampled_from([by_words, by_bytes]))
def test_every_chunk_fits_the_window_and_no_text_is_lost(text, title, overlap, count):
    chunks = cut(text, title=title, overlap=overlap, count=count)
    covered = {position for chunk in chunks for position in range(chunk.start, chunk.end)}
    assert {i for i, character in enumerate(text) if not character.isspace()} <= covered
    for chunk in chunks:
        body = text[chunk.start : chunk.end]
        assert body
        assert body == body.strip()
        assert chunk.embedded.endswith(body)
        assert count([chunk.embedded])[0] + 2 <= 40
    starts = [chunk.start for chunk in chunks]
    assert starts == sorted(set(starts))


@given(st.lists(st.tuples(TITLES, WORDS.map(" ".join)), max_size=5))
@settings(deadline=None, max_examples=30)
def test_an_article_is_cut_the_same_alone_and_among_others(articles):
    chunker = Chunker(ChunkingConfig(max_tokens=40), 10_000, by_words)
    assert chunker.cut(articles) == [chunker.cut([one])[0] for one in articles]


def test_what_is_embedded_is_title_newline_text():
    assert cut("The dog ran.", title="Dogs")[0].embedded == "Dogs\nThe dog ran."


def test_a_long_title_takes_a_quarter_of_the_window():
    chunk = cut("The dog ran.", title="word " * 100)[0]
    assert chunk.embedded == " ".join(["word"] * 8) + "\nThe dog ran."


def test_whole_sentences_are_kept_together():
    text = " ".join(f"Sentence number {n} has exactly seven words." for n in range(10))
    chunks = cut(text)
    assert all(
        text[c.start : c.end].startswith("Sentence") and text[c.start : c.end].endswith(".") for c in chunks
    )
    assert [text[c.start : c.end].count("Sentence") for c in chunks] == [4, 4, 2]


def test_a_chunk_that_is_full_enough_ends_with_its_paragraph():
    paragraph = "One two three four five six seven. " * 3
    text = f"{paragraph.strip()}\n\n{paragraph.strip()}"
    assert [text[c.start : c.end] for c in cut(text)] == [paragraph.strip(), paragraph.strip()]


def test_the_overlap_repeats_the_last_sentence():
    text = " ".join(f"Sentence number {n} has exactly seven words." for n in range(8))
    first, second = cut(text, overlap=1)[:2]
    assert text[second.start : second.end].startswith("Sentence number 3")
    assert text[first.start : first.end].endswith("number 3 has exactly seven words.")


def test_the_models_own_window_bounds_the_chunks():
    chunker = Chunker(ChunkingConfig(max_tokens=256), 32, by_words)
    chunks = chunker.cut([("", "word " * 100)])[0]
    assert max(len(chunk.embedded.split()) for chunk in chunks) <= 30


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_a_blank_text_has_no_chunks(text):
    assert cut(text, title="Title") == []


def test_a_text_without_a_break_is_cut_in_linear_time():
    started = time.monotonic()
    chunks = cut("x" * 400_000 + " " + "word " * 100_000, count=by_bytes)
    assert time.monotonic() - started < 10
    assert chunks[-1].end == 400_001 + 500_000 - 1
