"""Hybrid retrieval: dense and lexical search, fused by rank, weighed by time, merged by article."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.article import DateOrigin
from index.embedding import Embedder
from index.passage import Passage
from index.snapshot import Snapshot
from rag.config import RetrievalConfig
from rag.fusion import reciprocal_rank_fusion
from rag.plan import Plan

LONGEST_PASSAGE = 2_400


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPassage:
    """A passage with its retrieval score: the share of the best that fusion can give (0 to 1]."""

    passage: Passage
    score: float


class HybridRetriever:
    """Finds the passages of one snapshot that may answer a question."""

    def __init__(self, snapshot: Snapshot, embedder: Embedder, config: RetrievalConfig) -> None:
        self.snapshot = snapshot
        self.embedder = embedder
        self.config = config

    def retrieve(self, plan: Plan, top_k: int) -> list[RankedPassage]:
        """Return at most `top_k` passages, best first; the plan's bounds hold inside both searches."""
        if not self.snapshot.chunk_count:
            return []
        candidates = max(self.config.candidates, top_k * 2)
        vector = self.embedder.embed_query(plan.standalone)
        dense = self.snapshot.search_dense(vector, candidates, plan.where)
        lexical = self.snapshot.search_lexical(plan.standalone, candidates, plan.where)
        fused = reciprocal_rank_fusion(
            [
                (self.config.dense_weight, [hit.row for hit in dense]),
                (self.config.lexical_weight, [hit.row for hit in lexical]),
            ],
            k=self.config.rrf_k,
        )
        rows = list(fused)
        passages = dict(zip(rows, self.snapshot.passages(rows), strict=True))
        scores = self._weigh_time(fused, passages, plan)
        ranked = sorted(rows, key=lambda row: -scores[row])
        found = [RankedPassage(passage=passages[row], score=scores[row]) for row in ranked]
        return merge_by_article(found, top_k=top_k, per_article=self.config.per_article)

    def _weigh_time(
        self, fused: Mapping[int, float], passages: Mapping[int, Passage], plan: Plan
    ) -> dict[int, float]:
        """Return scores in (0, 1]: raised the more, the nearer the date is to the time asked about."""
        config = self.config
        best = (
            (config.dense_weight + config.lexical_weight) / (config.rrf_k + 1) * (1 + config.recency_weight)
        )
        return {
            row: score * (1 + config.recency_weight * self._nearness(passages[row], plan)) / best
            for row, score in fused.items()
        }

    def _nearness(self, passage: Passage, plan: Plan) -> float:
        """Return 1 at the time asked about, falling by a factor e every `recency_days`; 0 if unknown."""
        day = stated_day(passage)
        if day is None:
            return 0.0
        days = plan.period.distance(day) if plan.period else abs((plan.as_of - day).days)
        return math.exp(-days / self.config.recency_days)


def stated_day(passage: Passage) -> date | None:
    """Return the day of publication, None where it is unknown or only the time of a file."""
    if passage.published is None or passage.published_from == DateOrigin.FILE:
        return None
    return date.fromisoformat(passage.published)


def merge_by_article(found: Sequence[RankedPassage], *, top_k: int, per_article: int) -> list[RankedPassage]:
    """Join passages of one article that overlap, and keep at most `per_article` of each.

    Of articles that are near-copies of each other the best one stands for all. `found` is best
    first; a joined passage keeps the rank, score and id of its best part, and grows
    to at most `LONGEST_PASSAGE` characters. Where that leaves fewer than `top_k`, the best of those
    that were passed over fill the result.
    """
    kept: list[RankedPassage] = []
    passed_over: list[RankedPassage] = []
    counts: Counter[str] = Counter()
    stands_for: dict[int, str] = {}
    for candidate in found:
        passage = candidate.passage
        if stands_for.setdefault(passage.cluster, passage.article_id) != passage.article_id:
            continue
        touching = next((at for at, other in enumerate(kept) if _joins(other.passage, passage)), None)
        if touching is not None:
            kept[touching] = replace(kept[touching], passage=_join(kept[touching].passage, passage))
        elif counts[passage.article_id] < per_article:
            counts[passage.article_id] += 1
            kept.append(candidate)
        else:
            passed_over.append(candidate)
        if len(kept) == top_k:
            return kept
    return sorted(kept + passed_over[: top_k - len(kept)], key=lambda ranked: -ranked.score)


def _joins(one: Passage, other: Passage) -> bool:
    """Return whether two spans of one text overlap and are not too long together."""
    same = one.article_id == other.article_id and one.revision == other.revision
    touch = one.start <= other.end and other.start <= one.end
    return same and touch and max(one.end, other.end) - min(one.start, other.start) <= LONGEST_PASSAGE


def _join(best: Passage, other: Passage) -> Passage:
    """Return the union of two spans that overlap, under the identity of `best`."""
    first, second = sorted((best, other), key=lambda passage: passage.start)
    text = first.text + second.text[max(first.end - second.start, 0) :]
    return replace(best, start=first.start, end=max(first.end, second.end), text=text)
