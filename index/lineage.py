"""When each revision of an article was what its readers saw.

The first revision stands from its publication, or from its update where it names one: the text as
it was before that is not known. A later one stands from its update, else from its own publication,
else from the day on which it was read, and ends the one before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from index.records import published_day

OPEN_END = 10_000_000
"""A day (proleptic ordinal) after all others: the revision still stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """What is known of a revision's dates (ISO); `number` counts the revisions of its article."""

    revision_id: int
    number: int
    published: str | None
    updated: str | None
    ingested: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A revision and the days on which it stood: `first` inclusive, `last` exclusive, as ordinals.

    `first` is 0 where nothing says since when.
    """

    revision_id: int
    first: int
    last: int


def spans(revisions: Sequence[Dates]) -> list[Span]:
    """Return the spans of the revisions of one article, earliest first; the last one is current.

    A revision that was replaced on the day it began never stood, and is left out.
    """
    ordered = sorted(revisions, key=lambda dates: dates.number)
    begun: list[tuple[int, int, int]] = []
    before: Dates | None = None
    for dates in ordered:
        begun.append((_first_day(dates, before), dates.number, dates.revision_id))
        before = dates
    begun.sort()
    ends = [first for first, _, _ in begun[1:]] + [OPEN_END]
    return [
        Span(revision_id=revision_id, first=first, last=last)
        for (first, _, revision_id), last in zip(begun, ends, strict=True)
        if first < last
    ]


def settle(revisions: Sequence[Dates], latest: int) -> tuple[int, list[int]]:
    """Return the current revision of an article and those that stood before it.

    `revisions` are all that are known, `latest` is the id of the one read last. An older text that was
    read again, and names no date of update, is current once more: what came between is forgotten.
    """
    found = spans(revisions)
    read = next(dates for dates in revisions if dates.revision_id == latest)
    if found[-1].revision_id != latest and read.updated is None:
        back = [dates for dates in revisions if dates.number <= read.number]
        if spans(back)[-1].revision_id == latest:
            found = spans(back)
    return found[-1].revision_id, [span.revision_id for span in found[:-1]]


def _first_day(dates: Dates, before: Dates | None) -> int:
    published, updated = _ordinal(dates.published), _ordinal(dates.updated)
    if updated or before is None:
        return max(published, updated)
    if published > _ordinal(before.published):
        return published
    return _ordinal(dates.ingested)


def _ordinal(value: str | None) -> int:
    day = published_day(value)
    return day.toordinal() if day else 0
