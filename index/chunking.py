"""Cut articles into chunks: whole sentences, as many as the embedding model reads at once.

What is embedded for a chunk is the article's title, a newline and the chunk's text, so that a
chunk deep in an article still says what it is about.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.config import ChunkingConfig
from index.sentences import Span, paragraph_spans, sentences_within

CHUNKER_REVISION = 1  # raise it whenever a change below cuts an article in another way

SPECIAL_TOKENS = 2
RESERVED_TOKENS = 4  # tokenizers may count a joined text slightly higher than its parts
TITLE_SHARE = 4  # a title takes at most a quarter of the window
OVERLAP_SHARE = 4  # and so does what is repeated from the chunk before
PARAGRAPH_FILL = 0.6  # a chunk this full ends at the paragraph's end
BYTES_PER_CHARACTER = 4  # no tokenizer makes more tokens than there are bytes

_WORD = re.compile(r"\S+")

TokenCounter = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A span of an article's text, [start, end) in characters, and what is embedded for it."""

    start: int
    end: int
    embedded: str


class _Unit(NamedTuple):
    """A sentence, or a piece of one that is too long."""

    start: int
    end: int
    tokens: int
    ends_paragraph: bool


class Chunker:
    """Cuts articles for a window of `chunking.max_tokens`, or the model's where that is smaller.

    `count_tokens` counts without special tokens. The result depends on nothing else, so that
    equal articles give equal chunks.
    """

    def __init__(self, chunking: ChunkingConfig, model_window: int, count_tokens: TokenCounter) -> None:
        self._overlap = chunking.overlap_sentences
        self._room = max(min(chunking.max_tokens, model_window) - SPECIAL_TOKENS - RESERVED_TOKENS, 8)
        self._count = count_tokens

    def cut(self, articles: Sequence[tuple[str, str]]) -> list[list[Chunk]]:
        """Return the chunks of each (title, text), in reading order; none for a blank text."""
        layouts = [_layout(text) for _, text in articles]
        titles = [title for title, _ in articles]
        sentences = [
            _with_space(text, start, end)
            for (_, text), layout in zip(articles, layouts, strict=True)
            for start, end, _ in layout
        ]
        counts = iter(self._count([*titles, *sentences]))
        headings = [self._heading(title, next(counts)) for title in titles]
        chunks = []
        for (_, text), layout, (heading, title_tokens) in zip(articles, layouts, headings, strict=True):
            budget = self._room - title_tokens
            units = [
                unit
                for (start, end, last), tokens in zip(layout, counts, strict=False)
                for unit in self._units(text, _Unit(start, end, tokens, last), budget)
            ]
            spans = _pack(units, budget, self._overlap)
            chunks.append(
                [
                    Chunk(start=a, end=b, embedded=f"{heading}\n{text[a:b]}" if heading else text[a:b])
                    for a, b in spans
                ]
            )
        return chunks

    def _heading(self, title: str, tokens: int) -> tuple[str, int]:
        """Return the title, cut to its share of the window, and its tokens."""
        share = self._room // TITLE_SHARE
        if tokens <= share:
            return title, tokens
        kept: list[str] = []
        total = 0
        words = title.split()
        for word, count in zip(words, self._count(words), strict=True):
            if total + count > share:
                break
            kept.append(word)
            total += count
        return " ".join(kept), total

    def _units(self, text: str, sentence: _Unit, budget: int) -> Iterator[_Unit]:
        """Yield the sentence, or its pieces at word boundaries where it does not fit the budget."""
        if sentence.tokens <= budget:
            yield sentence
            return
        pieces = list(self._words(text, sentence, budget))
        start, total = pieces[0][0], 0
        end = start
        for a, b, tokens in pieces:
            if total + tokens > budget:
                yield _Unit(start, end, total, False)
                start, total = a, 0
            end, total = b, total + tokens
        yield _Unit(start, end, total, sentence.ends_paragraph)

    def _words(self, text: str, sentence: _Unit, budget: int) -> Iterator[tuple[int, int, int]]:
        """Yield (start, end, tokens) of each word, and of slices of a word that is itself too long."""
        words = [match.span() for match in _WORD.finditer(text, sentence.start, sentence.end)]
        slice_length = max(budget // BYTES_PER_CHARACTER, 1)
        for (start, end), tokens in zip(
            words, self._count([_with_space(text, a, b) for a, b in words]), strict=True
        ):
            if tokens <= budget:
                yield start, end, tokens
                continue
            cuts = [(a, min(a + slice_length, end)) for a in range(start, end, slice_length)]
            for (a, b), count in zip(cuts, self._count([text[a:b] for a, b in cuts]), strict=True):
                yield a, b, count


def _with_space(text: str, start: int, end: int) -> str:
    """Return a span's text with the space after it, which some tokenizers count."""
    return text[start : end + 1] if text[end : end + 1].isspace() else text[start:end]


def _layout(text: str) -> list[tuple[int, int, bool]]:
    """Return (start, end, ends a paragraph) of every sentence."""
    layout = []
    for paragraph in paragraph_spans(text):
        spans = sentences_within(text, paragraph)
        layout += [(start, end, number == len(spans)) for number, (start, end) in enumerate(spans, 1)]
    return layout


def _pack(units: Sequence[_Unit], budget: int, overlap: int) -> list[Span]:
    """Fill chunks greedily, each from where the one before ended less the overlap."""
    spans: list[Span] = []
    begin = 0
    while begin < len(units):
        first = _with_overlap(units, begin, budget, overlap) if spans else begin
        end = _fill(units, first, begin, budget)
        spans.append((units[first].start, units[end - 1].end))
        begin = end
    return spans


def _with_overlap(units: Sequence[_Unit], begin: int, budget: int, overlap: int) -> int:
    """Return the first unit of a chunk whose new content begins at `begin`."""
    first, tokens = begin, 0
    while first > 0 and begin - first < overlap:
        tokens += units[first - 1].tokens
        if tokens > budget // OVERLAP_SHARE or tokens + units[begin].tokens > budget:
            break
        first -= 1
    return first


def _fill(units: Sequence[_Unit], first: int, begin: int, budget: int) -> int:
    """Return the end (exclusive) of the chunk that starts at `first`; always past `begin`."""
    tokens, end, paragraph_end = 0, first, 0
    while end < len(units) and (tokens + units[end].tokens <= budget or end <= begin):
        tokens += units[end].tokens
        end += 1
        if end > begin and units[end - 1].ends_paragraph and tokens >= PARAGRAPH_FILL * budget:
            paragraph_end = end
    return end if end == len(units) or not paragraph_end else paragraph_end
