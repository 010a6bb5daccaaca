"""Hybrid retrieval: dense and lexical search, ranked by all that speaks for a passage, made diverse."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from index.embedding import Embedder
from index.snapshot import Snapshot
from rag.config import RerankConfig, RetrievalConfig
from rag.diversity import Selection
from rag.plan import Plan, plans_of_parts
from rag.ranked import Hits, RankedPassage, Trace
from rag.rerank import Reranker
from rag.signals import Candidate, Signals

# Logistic regression of "the passage holds the answer" on its strength, over questions of a news quiz.
EVEN_STRENGTH, SLOPE = 8.6, 0.4


class HybridRetriever:
    """Finds the passages of one snapshot that may answer a question."""

    def __init__(
        self,
        snapshot: Snapshot,
        embedder: Embedder,
        config: RetrievalConfig,
        *,
        reranker: Reranker | None = None,
        rerank: RerankConfig | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.embedder = embedder
        self.config = config
        self.reranker = reranker
        self.rerank = rerank or RerankConfig()

    def retrieve(self, plan: Plan, top_k: int) -> list[RankedPassage]:
        """Return at most `top_k` passages, best first; the plan's bounds hold inside both searches.

        Each part of a question is searched by itself, and their passages are taken in turn.
        """
        if not self.snapshot.chunk_count:
            return []
        depth = max(self.config.candidates, top_k * 2)
        plans = plans_of_parts(plan)
        ranked = _in_turn([self._ranked(part, depth) for part in plans])
        texts = self.snapshot.texts(one.passage.revision_id for one in ranked[: top_k * 2])

        def text_of(revision_id: int) -> str:
            if revision_id not in texts:
                texts.update(self.snapshot.texts([revision_id]))
            return texts[revision_id]

        chosen = Selection(self.config, text_of, self.snapshot.vectors).choose(ranked, top_k)
        return chosen if len(plans) == 1 else sorted(chosen, key=lambda found: -found.score)

    def _ranked(self, plan: Plan, depth: int) -> list[RankedPassage]:
        """Return what the searches find for one part, best first."""
        ranked = self._rank(plan, self._candidates(plan, depth))
        return self._reranked(plan, ranked, self.reranker) if self.reranker else ranked

    def _candidates(self, plan: Plan, depth: int) -> list[Candidate]:
        """Return what either search finds."""
        vector = self.embedder.embed_query(plan.standalone)
        dense = self.snapshot.search_dense(vector, depth, plan.where) if self.config.dense_weight else []
        lexical = (
            self.snapshot.search_lexical(plan.standalone, depth, plan.where)
            if self.config.lexical_weight
            else []
        )
        dense_ranks = {hit.row: rank for rank, hit in enumerate(dense, start=1)}
        lexical_ranks = {hit.row: (rank, hit.score) for rank, hit in enumerate(lexical, start=1)}
        rows = list(dict.fromkeys([*dense_ranks, *lexical_ranks]))
        if not rows:
            return []
        cosines = self.snapshot.vectors(rows) @ vector
        return [
            Candidate(
                passage=passage,
                hits=Hits(
                    dense=float(cosine),
                    dense_rank=dense_ranks.get(row),
                    lexical=lexical_ranks.get(row, (0, 0.0))[1],
                    lexical_rank=lexical_ranks[row][0] if row in lexical_ranks else None,
                ),
            )
            for row, passage, cosine in zip(rows, self.snapshot.passages(rows), cosines, strict=True)
        ]

    def _rank(self, plan: Plan, candidates: Sequence[Candidate]) -> list[RankedPassage]:
        """Return the candidates, best first; ties by row."""
        shares = Signals(self.snapshot, self.config).shares(plan, candidates)
        strengths = [sum(share.adds for share in own) for own in shares]
        order = sorted(range(len(candidates)), key=lambda at: (-strengths[at], candidates[at].passage.row))
        return [
            RankedPassage(
                passage=candidates[at].passage,
                score=_score(strengths[at]),
                strength=strengths[at],
                trace=Trace(hits=candidates[at].hits, shares=shares[at], rank=rank),
            )
            for rank, at in enumerate(order, start=1)
        ]

    def _reranked(
        self, plan: Plan, ranked: Sequence[RankedPassage], reranker: Reranker
    ) -> list[RankedPassage]:
        """Return the passages with the reranker's score, in standard deviations, added for the first ones."""
        first, rest = ranked[: self.rerank.candidates], ranked[self.rerank.candidates :]
        if len(first) < 2:
            return list(ranked)
        texts = [f"{one.passage.title}\n{one.passage.text}" for one in first]
        scores = np.asarray(reranker.score(plan.standalone, texts), dtype=np.float64)
        spread = float(scores.std()) or 1.0
        judged = []
        for one, score in zip(first, scores.tolist(), strict=True):
            strength = one.strength + self.rerank.weight * (score - float(scores.mean())) / spread
            judged.append(
                replace(
                    one, strength=strength, score=_score(strength), trace=replace(one.trace, rerank=score)
                )
            )
        judged.sort(key=lambda one: -one.strength)
        least = judged[-1]
        capped = [
            replace(one, strength=min(one.strength, least.strength), score=min(one.score, least.score))
            for one in rest
        ]
        return judged + capped


def _in_turn(lists: Sequence[Sequence[RankedPassage]]) -> list[RankedPassage]:
    """Return the first passage of each list, then the second of each …: every passage once."""
    rows: dict[int, RankedPassage] = {}
    for turn in zip_longest(*lists):
        for found in turn:
            if found is not None:
                rows.setdefault(found.passage.row, found)
    return list(rows.values())


def _score(strength: float) -> float:
    """Return about how likely a passage of that strength holds the answer: between 0 and 1, and rising."""
    return 1.0 / (1.0 + math.exp(SLOPE * (EVEN_STRENGTH - strength)))
