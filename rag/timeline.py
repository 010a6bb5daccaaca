"""The course of a story: from a question to dated events, one cited line each."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index.embedding import Embedder
from index.passage import Passage
from index.snapshot import Snapshot
from rag.answer import AbstainReason, Citation, Freshness
from rag.chronology import Timeline, TimelineEvent
from rag.citing import Citer
from rag.config import Settings
from rag.dates_in_text import EventDay, event_day, is_live
from rag.drafts import Draft, drafts_of
from rag.empty_handed import EMPTY_ARCHIVE
from rag.event_reports import Report, best_of_days, in_passing, manner, merged, one_per_day, tells
from rag.outlets import independent_outlets
from rag.plan import Plan
from rag.planned import dated, spelled
from rag.question import Question
from rag.ranked import RankedPassage
from rag.retrieve import HybridRetriever
from rag.signals import stated_day
from rag.terms import content_stems
from rag.weighing import Weighing, total
from rag.wording import worded

DEPTH = 40
"""Passages that are read for the events of a story."""

READ = 96
"""Sentences that are embedded, those that cover the question best."""

LEAST = 0.3
"""How much about the question the best sentence has to be: its coverage times its cosine. Stories that are
in an archive have 0.4 and more, those that are not 0.25 and less."""

NEAR_BEST = 0.55
"""And any other one, of what the best one is."""

COVERAGE = 0.5
"""Share of the question's words that an event's sentence answers for, with what is around it."""

COMPARED = 48
"""Sentences, the best, that are compared with each other."""

# The signals of an answer that say that a sentence is about something; not those that it is new, or the
# kind of thing that is asked for.
SIGNALS = ("coverage", "own", "retrieval", "unnamed", "apart", "opens", "leans")
_ASKS_FOR_EVENTS = re.compile(
    r"\b(?:(?:timeline|chronology|course|sequence of events|history) (?:of|for|in|about|on)\b"
    r"|timeline|chronology|unfold(?:ed|ing|s)?|step by step)",
    re.IGNORECASE,
)
NOTHING = "The archive has no dated reports about this."


class TimelineMaker:
    """Makes the timelines of one snapshot."""

    def __init__(self, snapshot: Snapshot, embedder: Embedder, settings: Settings) -> None:
        """Keep what to search; early reports count as much as late ones, and repetition is merged later."""
        self.snapshot = snapshot
        self.embedder = embedder
        self._config = settings.retrieval
        retrieval = settings.retrieval.model_copy(
            update={"recency_weight": 0.0, "diversity": 0.0, "per_outlet": 0}
        )
        self.retriever = HybridRetriever(snapshot, embedder, retrieval)

    def timeline(self, question: Question) -> Timeline:
        """Return the dated events of the story that a question names; `top_k` bounds the passages read."""
        plan = about(dated(self.snapshot, spelled(self.snapshot, question, self._config)))
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
        story = frozenset(content_stems(plan.standalone))
        drafts = [
            draft for draft in drafts_of(ranked) if tells(draft) and not in_passing(draft, story, ranked)
        ]
        if not drafts:
            return []
        weighing = Weighing(plan, ranked, self.snapshot)
        drafts, similarities = self._about(plan, ranked, drafts, weighing)
        days = [_day_of(draft, ranked[draft.at].passage) for draft in drafts]
        known = [at for at, when in enumerate(days) if when and _is_within(when.day, plan)]
        if not known:
            return []
        drafts, days = [drafts[at] for at in known], [days[at] for at in known]
        signals = weighing.signals(weighing.read(drafts))
        signals = {name: values for name, values in signals.items() if name in SIGNALS}
        signals["similarity"] = similarities[known]
        scores = total(signals) + np.array(
            [manner(draft, when, ranked) for draft, when in zip(drafts, days, strict=True)]
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
        text=worded(best.draft.text),
        citations=cited,
        outlets=independent_outlets([citations[n - 1] for n in cited]),
        announced_for=announced.isoformat() if announced else None,
    )


def _day_of(draft: Draft, passage: Passage) -> EventDay | None:
    """Return when what a sentence of the passage tells took place; None where that is not known."""
    return event_day(draft.text, stated_day(passage), live=is_live(passage.title, passage.url))


def _is_within(day: date, plan: Plan) -> bool:
    """Return whether an event's day lies within the bounds of the question, as its article's does."""
    since, until = plan.where.since, plan.where.until
    return (since is None or since <= day) and (until is None or day <= until)
