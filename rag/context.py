"""Passages grown by their neighbouring sentences, so that each can be read by itself."""

from collections.abc import Callable
from dataclasses import replace

from index.passage import Passage
from index.sentences import sentence_spans

MIN_NEW_SHARE = 0.4
"""A chunk of which less is new beside an earlier passage of its article adds nothing."""


class Windows:
    """Grows passages up to `words` words by whole sentences; those of one article never overlap."""

    def __init__(self, words: int, text_of: Callable[[int], str]) -> None:
        """Keep the length, and how to get the text of a revision."""
        self._words = words
        self._text_of = text_of
        self._taken: dict[int, list[tuple[int, int]]] = {}
        self._sentences: dict[int, list[tuple[int, int]]] = {}

    def grow(self, passage: Passage) -> Passage | None:
        """Return the passage with the sentences after it, then before it; None where it says little new."""
        taken = self._taken.setdefault(passage.revision_id, [])
        start, end = _longest_free(passage.start, passage.end, taken)
        if end - start < MIN_NEW_SHARE * (passage.end - passage.start) or end <= start:
            return None
        text = self._text_of(passage.revision_id)
        start, end = self._grown(text, passage.revision_id, start, end, taken)
        taken.append((start, end))
        return replace(passage, start=start, end=end, text=text[start:end])

    def _grown(
        self, text: str, revision_id: int, start: int, end: int, taken: list[tuple[int, int]]
    ) -> tuple[int, int]:
        if revision_id not in self._sentences:
            self._sentences[revision_id] = list(sentence_spans(text))
        sentences = self._sentences[revision_id]
        floor = max((last for _, last in taken if last <= start), default=0)
        ceiling = min((first for first, _ in taken if first >= end), default=len(text))
        left = self._words - len(text[start:end].split())
        for first, last in sentences:
            if first >= end and last <= ceiling:
                left -= len(text[first:last].split())
                if left < 0:
                    break
                end = last
        for first, last in reversed(sentences):
            if last <= start and first >= floor:
                left -= len(text[first:last].split())
                if left < 0:
                    break
                start = first
        while start < end and text[start].isspace():
            start += 1
        return start, end


def _longest_free(start: int, end: int, taken: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the longest part of a span that none of the spans `taken` covers; an empty one at worst."""
    free = [(start, start)]
    at = start
    for first, last in sorted(taken):
        free.append((at, min(first, end)))
        at = max(at, last)
    free.append((at, end))
    return max(free, key=lambda part: part[1] - part[0])
