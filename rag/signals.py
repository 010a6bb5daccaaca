"""What speaks for a passage: each signal as a number, and how much of a passage's score it makes."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from index.article import DateOrigin
from index.passage import Passage
from index.snapshot import Snapshot
from rag.config import Fusion, RetrievalConfig
from rag.plan import Plan
from rag.ranked import Hits, Share
from rag.rarity import rarities
from rag.terms import content_words, fold

PERIOD_DAYS = 7.0
"""Outside a period that the question names, what that is worth falls by a factor e in so many days."""

PAST_DAYS = 10
"""A period that ended longer ago is asked about for its own sake: what is new has no preference then."""

RANK_SPREAD = 0.2
"""What k / (k + rank) usually varies by among a hundred results: the unit in which ranks are weighed."""

_QUOTED = re.compile(r"[“\"]([^”\"]{2,120})[”\"]")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A passage that a search found, and what the searches gave it."""

    passage: Passage
    hits: Hits


class Signals:
    """Reads the signals of the candidates for one question.

    `dense` and `lexical` are in standard deviations above the mean of what that search gave, or by rank;
    `coverage` is the share of the question's words in the title and the passage, weighed by how rare
    they are; `recency` and `period` fall from 1 with the distance in time; `opening` is 1 for an
    article's first chunk; `quoted` is the share of the question's quotations that stand there verbatim.
    """

    def __init__(self, snapshot: Snapshot, config: RetrievalConfig) -> None:
        self.snapshot = snapshot
        self.config = config

    def shares(self, plan: Plan, candidates: Sequence[Candidate]) -> list[tuple[Share, ...]]:
        """Return, for each candidate, what each signal of weight adds to its score."""
        config = self.config
        columns = {
            "dense": (
                config.dense_weight,
                self._of_search(
                    [one.hits.dense for one in candidates], [one.hits.dense_rank for one in candidates]
                ),
            ),
            "lexical": (
                config.lexical_weight,
                self._of_search(
                    [one.hits.lexical for one in candidates], [one.hits.lexical_rank for one in candidates]
                ),
            ),
            "coverage": (config.coverage_weight, self._coverage(plan, candidates)),
            "recency": (config.recency_weight, [self._recency(plan, one.passage) for one in candidates]),
            "period": (config.period_weight, [_in_period(plan, one.passage) for one in candidates]),
            "opening": (config.opening_weight, [float(one.passage.ordinal == 0) for one in candidates]),
            "quoted": (config.quoted_weight, _quoted(plan, candidates)),
        }
        return [
            tuple(
                Share(signal=name, value=float(values[at]), weight=weight)
                for name, (weight, values) in columns.items()
                if weight
            )
            for at in range(len(candidates))
        ]

    def _of_search(self, scores: Sequence[float], ranks: Sequence[int | None]) -> Sequence[float]:
        return _standardised(scores, ranks, self.config.fusion, self.config.rrf_k)

    def _coverage(self, plan: Plan, candidates: Sequence[Candidate]) -> Sequence[float]:
        words = list(dict.fromkeys(content_words(plan.standalone)))
        if not words or not self.config.coverage_weight:
            return [0.0] * len(candidates)
        known = rarities(words, self.snapshot, plan.where)
        rarity = np.array([known[word] for word in words])
        held = self.snapshot.holding(words, [one.passage.row for one in candidates])
        shares: list[float] = (rarity @ held / rarity.sum()).tolist()
        return shares

    def _recency(self, plan: Plan, passage: Passage) -> float:
        """Return 1 for the as-of day, or a day of the past period that is asked about."""
        day = stated_day(passage)
        if day is None:
            return 0.0
        days = abs((plan.as_of - day).days)
        if plan.period and (plan.as_of - plan.period.end).days > PAST_DAYS:
            days = plan.period.distance(day)
        return math.exp(-days / self.config.recency_days) * plan.recency


def stated_day(passage: Passage) -> date | None:
    """Return the day of publication, None where it is unknown or only the time of a file."""
    if passage.published is None or passage.published_from == DateOrigin.FILE:
        return None
    return date.fromisoformat(passage.published)


def _in_period(plan: Plan, passage: Passage) -> float:
    day = stated_day(passage)
    return math.exp(-plan.period.distance(day) / PERIOD_DAYS) if plan.period and day else 0.0


def _quoted(plan: Plan, candidates: Sequence[Candidate]) -> list[float]:
    wanted = [phrase for quotation in _QUOTED.findall(plan.standalone) if (phrase := _plain(quotation))]
    if not wanted:
        return [0.0] * len(candidates)
    texts = [f" {_plain(f'{one.passage.title} {one.passage.text}')} " for one in candidates]
    return [sum(f" {phrase} " in text for phrase in wanted) / len(wanted) for text in texts]


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))


def _standardised(
    scores: Sequence[float], ranks: Sequence[int | None], fusion: Fusion, rrf_k: int
) -> Sequence[float]:
    """Return the scores of one search in standard deviations above the mean of what it gave.

    By rank instead: k / (k + rank), in units of its usual spread; 0 for what the search did not give.
    """
    if fusion == "rank":
        return [rrf_k / (rrf_k + rank) / RANK_SPREAD if rank else 0.0 for rank in ranks]
    values = np.asarray(scores, dtype=np.float64)
    given = values[[rank is not None for rank in ranks]]
    if not len(given):
        return [0.0] * len(scores)
    standardised: list[float] = ((values - given.mean()) / (given.std() or 1.0)).tolist()
    return standardised
