"""Answers that are lists: the newest articles, those on a subject, the times that something happened."""

from dataclasses import replace

from index.embedding import Embedder
from index.filters import Filter
from index.snapshot import Snapshot
from rag.chronology import Timeline
from rag.citing import Citer
from rag.config import Settings
from rag.counting import Listed, articles, articles_asked, occasions, reports, states_number
from rag.gather import Gathered
from rag.latest_news import NEWEST, newest, newest_events, news_asked
from rag.plan import Plan
from rag.timeline import TimelineMaker

READ_FOR_NEWS = 4 * NEWEST
"""Articles of which the news is told: some open with a heading, or tell what another one does."""


class Lister:
    """Makes the answers of one snapshot that are lists."""

    def __init__(self, snapshot: Snapshot, embedder: Embedder, settings: Settings) -> None:
        """Keep what the lists are made of."""
        self._snapshot = snapshot
        self._embedder = embedder
        self._settings = settings

    def news(self, plan: Plan) -> Listed | None:
        """Return the newest articles, of the period that the question names, or the last events of its topic.

        None where the question does not ask for the news, or its topic has no dated events; a list without
        claims where there are no articles.
        """
        what = news_asked(plan.asks)
        if what is None:
            return None
        if what:
            events = newest_events(self._course(plan, what), what)
            return events if events.claims else None
        where = _within(plan)
        rows = self._snapshot.newest(where, READ_FOR_NEWS)
        return newest(self._snapshot.passages(rows), Citer(self._snapshot, plan.where), plan.period)

    def listed(self, plan: Plan, gathered: Gathered) -> Listed | None:
        """Return the articles asked for, or what is to be counted where no article says how often.

        None where the question wants no list; an empty one where there are no articles to list.
        """
        if not self._settings.retrieval.decomposition:
            return None
        if (what := articles_asked(plan.asks)) is not None:
            return articles(self._course(plan, what))
        what = occasions(plan.asks)
        if what is None or any(states_number(plan.asks, evidence) for _, evidence in gathered.found):
            return None
        found = reports(self._course(plan, what), what, plan.period)
        return found if found.claims else None

    def _course(self, plan: Plan, what: str) -> Timeline:
        asked = replace(plan.question, text=what, history=(), top_k=None)
        return TimelineMaker(self._snapshot, self._embedder, self._settings).timeline(asked)


def _within(plan: Plan) -> Filter:
    """Return the bounds of a question, and of the period that it names."""
    where, period = plan.where, plan.period
    if period is None:
        return where
    return replace(
        where,
        since=max(where.since or period.start, period.start),
        until=min(where.until or period.end, period.end),
        undated=False,
    )
