"""The course of a story: from a question to dated events, one cited line each."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index.embedding import Embedder
from index.snapshot import Snapshot
from rag.answer import AbstainReason, Citation, Freshness
from rag.chronology import Timeline, TimelineEvent
from rag.citing import Citer
from rag.config import Settings
from rag.dates_in_text import EventDay, event_day
from rag.drafts import Draft, drafts_of
from rag.empty_handed import EMPTY_ARCHIVE
from rag.outlets import independent_outlets
from rag.plain import plain
from rag.plan import Plan, make_plan
from rag.planned import dated
from rag.question import Question
from rag.ranked import RankedPassage
from rag.retrieve import HybridRetriever
from rag.signals import stated_day
from rag.terms import numbers
from rag.weighing import Weighing, total

DEPTH = 40
"""Passages that are read for the events of a story."""

READ = 96
"""Sentences that are embedded, those that cover the question best."""

MAX_EVENTS = 12
PER_ARTICLE = 2
"""Events of one article at most: the second only where it names another day."""

LEAST = 0.3
"""How much about the question the best sentence has to be: its coverage times its cosine. Stories that are
in an archive have 0.4 and more, those that are not 0.25 and less."""

NEAR_BEST = 0.55
"""And any other one, of what the best one is."""

COVERAGE = 0.5
"""Share of the question's words that an event's sentence answers for, with what is around it."""

MERGED = 0.65
"""Cosine from which two sentences about one day tell the same event."""

PER_DAY = 2
"""Events of one day at most, so that a busy day does not hide the others."""

COMPARED = 48
"""Sentences, the best, that are compared with each other."""

OPENING = 1_500
"""Characters from an article's beginning within which it tells the news of its own day; what stands further
down without a day is more often of another."""

APART_DAYS = 1
"""Days between two articles about one event, where neither names the day."""

# The signals of an answer that say that a sentence is about something; not those that it is new, or the
# kind of thing that is asked for.
SIGNALS = ("coverage", "own", "retrieval", "unnamed", "apart", "opens", "leans")
LOST_BY_PLACE, LOST_BY_DEPTH, LOST_BY_SPEECH, LOST_BY_LEANING = 0.35, 0.9, 1.2, 0.7
"""What a sentence loses that does not open its article, one far down in it without a day of its own, one that
opens with somebody's words, and one that goes on from the sentence before it."""

_ASKS_FOR_EVENTS = re.compile(
    r"\b(?:(?:timeline|chronology|course|sequence of events|history) (?:of|for|in|about|on)\b"
    r"|timeline|chronology|unfold(?:ed|ing|s)?|step by step)",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?…]['\"’”)\]]*$")
_SPEECH = re.compile(r"[\"“]")
_CORRECTION = re.compile(r"(?:correction|clarification|corrected)\b", re.IGNORECASE)
_VERSION = re.compile(
    r"\b(?:earlier|previous|prior) version of (?:this|the following)\b|^editor.s note\b", re.IGNORECASE
)
NOTHING = "The archive has no dated reports about this."


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


class TimelineMaker:
    """Makes the timelines of one snapshot."""

    def __init__(self, snapshot: Snapshot, embedder: Embedder, settings: Settings) -> None:
        """Keep what to search; early reports count as much as late ones, and repetition is merged later."""
        self.snapshot = snapshot
        self.embedder = embedder
        retrieval = settings.retrieval.model_copy(
            update={"recency_weight": 0.0, "diversity": 0.0, "per_outlet": 0}
        )
        self.retriever = HybridRetriever(snapshot, embedder, retrieval)

    def timeline(self, question: Question) -> Timeline:
        """Return the dated events of the story that a question names; `top_k` bounds the passages read."""
        plan = about(dated(self.snapshot, make_plan(question)))
        ranked = self.retriever.retrieve(plan, question.top_k or DEPTH)
        groups = self._events(plan, ranked)
        citer = Citer(self.snapshot, plan.where)
        events, citations = _cited(groups, ranked, citer)
        empty = self.snapshot.article_count == 0
        return Timeline(
            question=question.text,
            as_of=plan.as_of.isoformat(),
            abstained=not events,
            reason=None if events else AbstainReason.EMPTY_INDEX if empty else AbstainReason.NO_EVIDENCE,
            note="" if events else EMPTY_ARCHIVE if empty else NOTHING,
            events=events,
            citations=citations,
            freshness=Freshness(
                newest_cited=max((one.published for one in citations if one.published), default=None),
                newest_article=self.snapshot.newest_published(plan.where),
            ),
            index_version=self.snapshot.version,
            left_out=self.snapshot.left_out(plan.where),
        )

    def _events(self, plan: Plan, ranked: Sequence[RankedPassage]) -> list[list[Report]]:
        """Return the best events, oldest first: each the reports that tell it, best first."""
        reports = one_per_day(self._reports(plan, ranked), ranked)[:COMPARED]
        if not reports:
            return []
        vectors = np.asarray(self.embedder.embed_documents([one.draft.text for one in reports]), np.float64)
        groups = best_of_days(merged(reports, vectors, ranked))
        return sorted(groups, key=lambda group: (group[0].when.day, -group[0].score))

    def _reports(self, plan: Plan, ranked: Sequence[RankedPassage]) -> list[Report]:
        """Return the sentences about the story whose day is known, best first."""
        drafts = [draft for draft in drafts_of(ranked) if _tells(draft)]
        if not drafts:
            return []
        weighing = Weighing(plan, ranked, self.snapshot.document_frequencies, self.snapshot.chunk_count)
        drafts, similarities = self._about(plan, ranked, drafts, weighing)
        days = [event_day(draft.text, stated_day(ranked[draft.at].passage)) for draft in drafts]
        known = [at for at, when in enumerate(days) if when and _is_within(when.day, plan)]
        if not known:
            return []
        drafts, days = [drafts[at] for at in known], [days[at] for at in known]
        signals = {name: values for name, values in weighing.signals(drafts).items() if name in SIGNALS}
        signals["similarity"] = similarities[known]
        scores = total(signals) + np.array(
            [_manner(draft, when, ranked) for draft, when in zip(drafts, days, strict=True)]
        )
        reports = [
            Report(draft=draft, when=when, score=float(score))
            for draft, when, score in zip(drafts, days, scores, strict=True)
            if when
        ]
        return sorted(reports, key=lambda report: -report.score)

    def _about(
        self, plan: Plan, ranked: Sequence[RankedPassage], drafts: Sequence[Draft], weighing: Weighing
    ) -> tuple[list[Draft], NDArray[np.float64]]:
        """Return the sentences about the question, with the cosine of each, under its title, to it."""
        coverage = np.array([weighing.coverage(draft) for draft in drafts])
        likely = [
            at for at in np.argsort(-coverage, kind="stable")[:READ].tolist() if coverage[at] >= COVERAGE
        ]
        if not likely:
            return [], np.zeros(0)
        texts = [f"{ranked[drafts[at].at].passage.title}. {drafts[at].text}" for at in likely]
        vectors = np.asarray(self.embedder.embed_documents(texts), np.float64)
        similarities = vectors @ self.embedder.embed_query(plan.standalone)
        relevance = coverage[likely] * similarities
        least = max(LEAST, NEAR_BEST * float(relevance.max()))
        kept = np.flatnonzero(relevance >= least)
        return [drafts[likely[at]] for at in kept.tolist()], similarities[kept]


def about(plan: Plan) -> Plan:
    """Return the plan without the words that only ask for a timeline, unless nothing else is left."""
    subject = " ".join(_ASKS_FOR_EVENTS.sub(" ", plan.standalone).split())
    return replace(plan, standalone=subject, asks=subject) if re.search(r"\w{3}", subject) else plan


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
    days: Counter[date] = Counter()
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


def _cited(
    groups: Sequence[Sequence[Report]], ranked: Sequence[RankedPassage], citer: Citer
) -> tuple[tuple[TimelineEvent, ...], tuple[Citation, ...]]:
    """Return the events, and their citations numbered in the order in which the events rest on them."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for group in groups:
        for report in group:
            spans.setdefault(report.at, []).append((report.draft.start, report.draft.end))
    places = {at: n for n, at in enumerate(spans, start=1)}
    citations = tuple(citer.citation(ranked[at], n, spans[at]) for at, n in places.items())
    return tuple(_event(group, places, citations) for group in groups), citations


def _event(group: Sequence[Report], places: dict[int, int], citations: Sequence[Citation]) -> TimelineEvent:
    best = group[0]
    cited = tuple(dict.fromkeys(places[report.at] for report in group))
    announced = best.when.announced_for
    return TimelineEvent(
        date=best.when.day.isoformat(),
        date_from="text" if best.when.written else "published",
        text=plain(best.draft.text),
        citations=cited,
        outlets=independent_outlets([citations[n - 1] for n in cited]),
        announced_for=announced.isoformat() if announced else None,
    )


def _tells(draft: Draft) -> bool:
    """Return whether a sentence tells an event.

    A line without a full stop is a heading or a caption; what an earlier version said is no event.
    """
    return bool(_ENDS.search(draft.text)) and not _VERSION.search(draft.text)


def _manner(draft: Draft, when: EventDay | None, ranked: Sequence[RankedPassage]) -> float:
    """Return what a sentence loses, at most 0, for how it is written and where it stands."""
    place = _place(draft, ranked)
    is_deep = place >= OPENING and not (when and when.written) and not _CORRECTION.match(draft.text)
    return -(
        LOST_BY_PLACE * bool(place)
        + LOST_BY_DEPTH * is_deep
        + LOST_BY_SPEECH * bool(_SPEECH.match(draft.text))
        + LOST_BY_LEANING * draft.leans
    )


def _place(draft: Draft, ranked: Sequence[RankedPassage]) -> int:
    """Return where a sentence begins in its article."""
    return ranked[draft.at].passage.start + draft.start


def _is_within(day: date, plan: Plan) -> bool:
    """Return whether an event's day lies within the bounds of the question, as its article's does."""
    since, until = plan.where.since, plan.where.until
    return (since is None or since <= day) and (until is None or day <= until)
