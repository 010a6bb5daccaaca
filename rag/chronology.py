"""The dated course of a story: the shape that every front end renders."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from index.records import NOTHING_LEFT_OUT, LeftOut
from rag.answer import AbstainReason, Citation, Freshness

DateFrom = Literal["text", "published"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """What happened on a day, as a sentence of an article tells it, and all the articles that do.

    `date` is an ISO day, never later than the articles: `date_from` is `text` where the sentence names it,
    else `published`, the article's. `announced_for` is a later day that the sentence announces something
    for. `outlets` counts the independent ones among the `citations`; near-copies are one.
    """

    date: str
    date_from: DateFrom
    text: str
    citations: tuple[int, ...]
    outlets: int = 1
    announced_for: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self) | {"citations": list(self.citations)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The events of a story, oldest first, each cited; or an abstention, said in plain words in `note`.

    `note` is empty where there are events; `citations` are then the articles of the events, by number.
    """

    question: str
    as_of: str
    events: tuple[TimelineEvent, ...]
    citations: tuple[Citation, ...]
    freshness: Freshness
    index_version: str | None
    abstained: bool = False
    reason: AbstainReason | None = None
    note: str = ""
    left_out: LeftOut = NOTHING_LEFT_OUT

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "question": self.question,
            "as_of": self.as_of,
            "abstained": self.abstained,
            "reason": self.reason.value if self.reason else None,
            "note": self.note,
            "events": [event.to_dict() for event in self.events],
            "citations": [citation.to_dict() for citation in self.citations],
            "freshness": asdict(self.freshness),
            "index_version": self.index_version,
            "left_out": asdict(self.left_out),
        }
