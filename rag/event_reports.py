"""The sentences that tell the events of a story: which do, how well, and which tell the same."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rag.dates_in_text import EventDay
from rag.drafts import Draft
from rag.plain import is_correction
from rag.ranked import RankedPassage
from rag.terms import content_stems, numbers

MAX_EVENTS = 12
PER_ARTICLE = 2
"""Events of one article at most: the second only where it names another day."""

MERGED = 0.65
"""Cosine from which two sentences about one day tell the same event."""

PER_DAY = 2
"""Events of one day at most, so that a busy day does not hide the others."""

OPENING = 1_500
"""Characters from an article's beginning within which it tells the news of its own day; what stands further
down without a day is more often of another."""

APART_DAYS = 1
"""Days between two articles about one event, where neither names the day."""

LOST_BY_PLACE, LOST_BY_DEPTH, LOST_BY_SPEECH, LOST_BY_LEANING = 0.35, 0.9, 1.2, 0.7
"""What a sentence loses that does not open its article, one far down in it without a day of its own, one that
opens with somebody's words, and one that goes on from the sentence before it."""

FAR = 2.0
"""Points of retrieval below the best passage from which on an article is about something else, unless its
title has a word of the story."""

_ENDS = re.compile(r"[.!?…]['\"’”)\]]*$")
_CREDIT = re.compile(r"\bGetty Images\b|/(?:AP|AFP|Reuters)\b")
_SPEECH = re.compile(r"[\"“]")
_VERSION = re.compile(
    r"\b(?:earlier|previous|prior) version of (?:this|the following)\b|^editor.s note\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A sentence that tells an event; `score` ranks them, higher is better."""

    draft: Draft
    when: EventDay
    score: float

    @property
    def at(self) -> int:
        """The position of its passage."""
        return self.draft.at


def one_per_day(reports: Sequence[Report], ranked: Sequence[RankedPassage]) -> list[Report]:
    """Return the best report of each article, and a second one where it names another day."""
    taken: dict[str, list[Report]] = {}
    for report in reports:
        own = taken.setdefault(ranked[report.at].passage.article_id, [])
        if not own or (
            len(own) < PER_ARTICLE
            and report.when.written
            and all(report.when.day != other.when.day for other in own)
        ):
            own.append(report)
    return sorted((report for own in taken.values() for report in own), key=lambda report: -report.score)


def merged(
    reports: Sequence[Report], vectors: NDArray[np.float64], ranked: Sequence[RankedPassage]
) -> list[list[Report]]:
    """Return the reports, best first, in groups that tell the same event as their first one.

    `vectors` are the unit vectors of their texts, of shape (len(reports), d).
    """
    groups: list[list[int]] = []
    cosines = vectors @ vectors.T
    for at, report in enumerate(reports):
        for group in groups:
            if _same_event(reports[group[0]], report, ranked, float(cosines[group[0], at])):
                group.append(at)
                break
        else:
            groups.append([at])
    return [[reports[at] for at in group] for group in groups]


def best_of_days(groups: Sequence[list[Report]]) -> list[list[Report]]:
    """Return the best events, at most so many in all and so many of one day."""
    days = Counter[date]()
    kept: list[list[Report]] = []
    for group in sorted(groups, key=lambda group: -group[0].score):
        if days[group[0].when.day] < PER_DAY and len(kept) < MAX_EVENTS:
            days[group[0].when.day] += 1
            kept.append(group)
    return kept


def _same_event(one: Report, other: Report, ranked: Sequence[RankedPassage], cosine: float) -> bool:
    """Return whether two articles tell the same event of a day, with no number of one against the other's."""
    first, second = ranked[one.at].passage, ranked[other.at].passage
    if first.article_id == second.article_id:
        return False
    apart = abs((one.when.day - other.when.day).days)
    if apart > (0 if one.when.written and other.when.written else APART_DAYS):
        return False
    if first.cluster == second.cluster:
        return True
    told, retold = set(numbers(one.draft.text)), set(numbers(other.draft.text))
    return cosine >= MERGED and (told <= retold or retold <= told)


def tells(draft: Draft) -> bool:
    """Return whether a sentence tells an event.

    A line without a full stop is a heading or a caption, as one with a photographer's agency is; what an
    earlier version said is no event.
    """
    if _CREDIT.search(draft.text) or _VERSION.search(draft.text):
        return False
    return bool(_ENDS.search(draft.text))


def in_passing(draft: Draft, story: frozenset[str], ranked: Sequence[RankedPassage]) -> bool:
    """Return whether an article on something else only mentions the story, whose stems are given."""
    found = ranked[draft.at]
    title = frozenset(content_stems(found.passage.title))
    if not title or title & story or not _place(draft, ranked):
        return False
    return found.strength < max(one.strength for one in ranked) - FAR


def manner(draft: Draft, when: EventDay | None, ranked: Sequence[RankedPassage]) -> float:
    """Return what a sentence loses, at most 0, for how it is written and where it stands."""
    place = _place(draft, ranked)
    is_deep = place >= OPENING and not (when and when.written) and not is_correction(draft.text)
    return -(
        LOST_BY_PLACE * bool(place)
        + LOST_BY_DEPTH * is_deep
        + LOST_BY_SPEECH * bool(_SPEECH.match(draft.text))
        + LOST_BY_LEANING * draft.leans
    )


def _place(draft: Draft, ranked: Sequence[RankedPassage]) -> int:
    """Return where a sentence begins in its article."""
    return ranked[draft.at].passage.start + draft.start
