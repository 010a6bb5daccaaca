"""The sentences of retrieved passages, as they are weighed against a question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.sentences import sentence_spans
from rag.plain import is_correction, is_news, seen
from rag.ranked import RankedPassage
from rag.terms import content_stems

LEAST_CHARACTERS = 20
CORRECTION_SENTENCES = 2

_LEANING = re.compile(r"(?:He|She|It|They|This|That|These|Those|But|And)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A sentence of the passage `at`: `text == ranked[at].passage.text[start:end]`.

    `own` are the stems of its words, `near` those of the title and of the sentence before it, `whole`
    those of title and passage. It `opens` its passage, or `leans` on the sentence before ("He said …").
    """

    at: int
    start: int
    end: int
    text: str
    own: frozenset[str]
    near: frozenset[str]
    whole: frozenset[str]
    opens: bool

    @property
    def leans(self) -> bool:
        """Whether it can hardly be read without the sentence before it."""
        return _LEANING.match(self.text) is not None


def drafts_of(ranked: Sequence[RankedPassage]) -> list[Draft]:
    """Return the sentences of the passages in their order, less those that are short or report nothing."""
    return [draft for at, found in enumerate(ranked) for draft in _drafts(at, found)]


def _drafts(at: int, found: RankedPassage) -> list[Draft]:
    passage = found.passage
    spans = _units(passage.text)
    own = [frozenset(content_stems(seen(passage.text[start:end]))) for start, end in spans]
    title = frozenset(content_stems(seen(passage.title)))
    whole = title.union(*own)
    kept = [
        position
        for position, (start, end) in enumerate(spans)
        if end - start >= LEAST_CHARACTERS and is_news(passage.text[start:end], passage.text[:start])
    ]
    return [
        Draft(
            at=at,
            start=spans[position][0],
            end=spans[position][1],
            text=passage.text[slice(*spans[position])],
            own=own[position],
            near=title | own[position - 1] if position else title,
            whole=whole,
            opens=position == kept[0],
        )
        for position in kept
    ]


def _units(text: str) -> list[tuple[int, int]]:
    """Return the spans of sentences; a correction keeps those after it, which say what is right."""
    units: list[tuple[int, int]] = []
    joins = 0
    for start, end in sentence_spans(text):
        if joins:
            units[-1] = (units[-1][0], end)
            joins -= 1
        else:
            units.append((start, end))
            joins = CORRECTION_SENTENCES if is_correction(text[start:end]) else 0
    return units
