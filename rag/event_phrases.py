"""Times that a question tells by something that happened: "since the election", "a week after the flood"."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Protocol

from index.filters import Filter
from rag.periods import Period, find_period, moved, opened
from rag.phrases import AUXILIARIES
from rag.relative_time import Shift, find_shift
from rag.terms import content_stems

Side = Literal["since", "after", "before", "until", "during"]

_WAY = r"(?P<way>(?:\b(?:the\s+)?(?:day|week|month|year)|\b\w+\s+(?:days?|weeks?|months?|years?))\s+)?"
_LED = re.compile(
    rf"{_WAY}\b(?P<side>ever since|since|shortly after|soon after|right after|after|following"
    r"|shortly before|just before|before|prior to|ahead of|in the run-up to|until|till|during|at the time of"
    r"|in the wake of)\s+"
    r"(?P<event>(?!or\b|all\b|which\b|that\b|this\b|it\b|then\b|him\b|her\b|them\b|when\b|who\b|what\b)"
    r"[^,;:?!.]+(?:\.\d[^,;:?!.]*)*)",
    re.I,
)
_SIDES: dict[str, Side] = {
    "following": "after",
    "in the wake of": "after",
    "prior to": "before",
    "ahead of": "before",
    "in the run-up to": "before",
    "till": "until",
    "at the time of": "during",
}
_ENDS = re.compile(rf"\s+(?:{'|'.join(sorted(AUXILIARIES - {'was', 'were', 'is', 'are', 'had'}))})\s+", re.I)
_NO_EVENT = re.compile(
    r"^(?:\w+ing|he|she|they|we|you|i|an?|at|about|more|less|nearly|only|almost)\b|\b(?:who|what|which|when|where|how|why|said|says)\b",
    re.I,
)
MOST_STEMS = 5
"""With more words of its own, what follows "after" tells of more than an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventBound:
    """A time told by an event: `side` of it, and `way` from it where the question says how far.

    `event` is the question's phrase, `about` the question without it, which tells which election is meant.
    """

    side: Side
    event: str
    about: str
    way: Shift | None = None


class EventDates(Protocol):
    """Knows from an archive when something took place."""

    def days_of(self, event: str, about: str, where: Filter) -> Period | None:
        """Return the days over which the archive within `where` tells of an event; None where it is not sure.

        `event` names it ("the flood in Orvale"), `about` is the rest of the question.
        """
        ...


def find_event(question: str) -> EventBound | None:
    """Return the time that a question tells by an event, or None.

    A date is no event ("since 2024"), and neither is what a pronoun stands for ("after that").
    """
    for match in _LED.finditer(question):
        event = _ENDS.split(match["event"])[0].strip(" '\"“”")
        stems = content_stems(event)
        led = f"{match['side']} {event}"
        if (
            not stems
            or len(stems) > MOST_STEMS
            or _NO_EVENT.search(event)
            or find_period(led, date.max.replace(year=9000))
        ):
            continue
        spoken = match["side"].lower()
        side = _SIDES.get(spoken) or _side(spoken)
        way = find_shift(f"{match['way'].strip()} {side}") if match["way"] else None
        start, end = match.start(), match.start("event") + len(event)
        about = " ".join(f"{question[:start]} {question[end:]}".split())
        return EventBound(side=side, event=event, about=about, way=way)
    return None


def event_period(question: str, dates: EventDates, where: Filter, as_of: date) -> Period | None:
    """Return the period that a question tells by an event which the archive can date; None otherwise.

    Nothing after `as_of` is in it, and nothing that `where` leaves out was asked for it.
    """
    bound = find_event(question)
    days = dates.days_of(bound.event, bound.about, where) if bound else None
    if bound is None or days is None or days.start > as_of:
        return None
    period = _placed(bound, days, as_of)
    if period is None or period.start > as_of:
        return None
    return replace(period, end=max(period.start, min(period.end, as_of)))


def _placed(bound: EventBound, days: Period, as_of: date) -> Period | None:
    first = Period(start=days.start, end=days.start)
    if bound.way:
        try:
            return moved(first, bound.way)
        except (ValueError, OverflowError):
            return None
    match bound.side:
        case "during":
            return days
        case "after":
            return opened(first, "since", as_of)  # its own day counts: what followed is told with it
        case side:
            return opened(first, side, as_of)


def _side(spoken: str) -> Side:
    for side in ("since", "after", "before", "until", "during"):
        if spoken.endswith(side):
            return side
    raise ValueError(f"no side of an event: {spoken!r}")
