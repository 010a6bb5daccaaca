"""Answers put together: what all of them hold, and what one says where nothing was found."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from index.snapshot import Snapshot
from rag.answer import Answer, Citation, Freshness
from rag.compose import QUOTE_MODEL
from rag.empty_handed import unknown_outlets
from rag.plain import is_order, plain_title
from rag.plan import Plan
from rag.ranked import RankedPassage
from rag.stages import StageClock
from rag.staleness import staleness
from rag.wording import nothing_found as told_nothing

NEAREST = 3
FOLLOW_UPS = 3


class AnswerMaker:
    """Makes the answers of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def made(self, plan: Plan, clock: StageClock, **fields: Any) -> Answer:
        """Return an answer with what is common to all: the question, the version, the time it took."""
        plain_answer = Answer(
            question=plan.question.text,
            standalone_question=plan.standalone,
            as_of=plan.as_of.isoformat(),
            answer="",
            abstained=False,
            reason=None,
            claims=(),
            citations=(),
            freshness=self.freshness(plan, ()),
            follow_ups=(),
            index_version=self.snapshot.version,
            model=QUOTE_MODEL,
            left_out=self.snapshot.left_out(plan.where),
            timings_ms=clock.milliseconds(),
        )
        return replace(plain_answer, **fields)

    def nothing_found(self, plan: Plan, nearest: Sequence[Citation]) -> str:
        """Say that nothing answers, what is nearest and which days and outlets there are."""
        if nearest:
            return told_nothing(nearest) + self.covered(plan)
        known = self.snapshot.outlets(replace(plan.where, sources=()))
        return told_nothing(()) + unknown_outlets(plan.where.sources, known)

    def covered(self, plan: Plan) -> str:
        """Say which days the articles are of that the question may see; nothing where it sees none."""
        oldest = self.snapshot.oldest_published(plan.where)
        newest = self.snapshot.newest_published(plan.where)
        return f" The articles searched are dated {oldest} to {newest}." if oldest else ""

    def freshness(self, plan: Plan, citations: Sequence[Citation]) -> Freshness:
        """Return how new what is cited is, and what the question may see."""
        newest = max((citation.published for citation in citations if citation.published), default=None)
        return Freshness(
            newest_cited=newest,
            newest_article=self.snapshot.newest_published(plan.where),
            note=staleness(plan, newest),
        )


def nearest_passages(ranked: Sequence[RankedPassage]) -> list[RankedPassage]:
    """Return the best passage of each of the best articles."""
    seen: dict[str, RankedPassage] = {}
    for found in ranked:
        seen.setdefault(found.passage.article_id, found)
    return list(seen.values())[:NEAREST]


def follow_ups(ranked: Sequence[RankedPassage], citations: Sequence[Citation]) -> tuple[str, ...]:
    """Return questions about the articles that were found and not used."""
    used = {citation.article_id for citation in citations}
    titles = dict.fromkeys(
        title
        for found in ranked
        if found.passage.article_id not in used
        and not is_order(found.passage.title)
        and (title := plain_title(found.passage.title))
    )
    return tuple(f"What is reported in “{title}”?" for title in list(titles)[:FOLLOW_UPS])
