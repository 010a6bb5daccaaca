"""The answer, its claims and its citations: the shape that every front end renders.

`Answer.to_dict()` is the JSON contract of the HTTP API and of `--json`.
"""

import re
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from index.records import NOTHING_LEFT_OUT, LeftOut


class AbstainReason(StrEnum):
    """Why no answer was given."""

    NO_EVIDENCE = "no_evidence"
    EMPTY_INDEX = "empty_index"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedArticle:
    """Another outlet's copy of a cited article."""

    article_id: str
    title: str
    url: str
    source: str
    published: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionNote:
    """What was corrected, clarified or retracted in a cited article, and where that is said.

    `kind` is a value of `NoticeKind`; the address is the article's own where it carries the note itself.
    """

    kind: str
    text: str
    article_id: str
    title: str
    url: str
    source: str
    published: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A retrieved passage as it is shown: `highlights` are [start, end) spans in `passage`.

    `also_in` are the other articles with the same or nearly the same text. `n` is the mark in the
    answer's text, counted from 1. `score` is the retrieval score, higher
    is better. `published` is an ISO date or None.
    """

    n: int
    chunk_id: str
    article_id: str
    revision: int
    title: str
    url: str
    source: str
    published: str | None
    published_from: str
    passage: str
    highlights: tuple[tuple[int, int], ...] = ()
    score: float = 0.0
    also_in: tuple[RelatedArticle, ...] = ()
    corrections: tuple[CorrectionNote, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return _json_object(asdict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One sentence of an answer, the citations that support it, and how surely (0 to 1).

    Where it was asked for, what a model wrote and no passage supports is a claim too: `supported` is false,
    it cites nothing, `reason` says in words what failed, and the answer's text does not hold it.
    """

    text: str
    citations: tuple[int, ...]
    supported: bool
    support: float
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How recent the evidence is, beside how recent the archive is (ISO dates).

    `note` is a line that says so where a question about now is answered from articles that are old for it.
    """

    newest_cited: str | None = None
    newest_article: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A cited answer, or an abstention with what the archive holds that is nearest.

    `left_out` counts the articles that could not be seen for want of a date; `outlets` the independent
    ones behind the answer, where near-copies count once; `not_found` the parts of the question that nothing
    was found on, as the answer's end says. On an abstention
    `citations` are the nearest passages, `answer` says so, and none of the `claims` is supported: there
    are none unless unsupported ones were asked for, which come after the supported ones.
    `timings_ms` has the keys plan, retrieve, rerank, generate, verify and total.
    """

    question: str
    standalone_question: str
    as_of: str
    answer: str
    abstained: bool
    reason: AbstainReason | None
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    freshness: Freshness
    follow_ups: tuple[str, ...]
    index_version: str | None
    model: str
    left_out: LeftOut = NOTHING_LEFT_OUT
    outlets: int = 0
    not_found: tuple[str, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def read_as(self) -> str | None:
        """The question that was searched for, where its words are not those that were asked; else None."""
        asked, searched = _words(self.question), _words(self.standalone_question)
        is_same = not searched or asked[-len(searched) :] == searched  # a greeting may be left out
        return None if is_same else self.standalone_question

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form (see the module's docstring)."""
        return _json_object(asdict(self))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _json_object(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: _jsonable(value) for key, value in fields.items()}


def _jsonable(value: Any) -> Any:
    """Turn the tuples of a dataclass's dict into lists, in place of a JSON encoder's own idea."""
    if isinstance(value, dict):
        return _json_object(value)
    if isinstance(value, (list, tuple)):
        return [_jsonable(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    return value
