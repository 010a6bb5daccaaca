"""Which of the ranked passages make up a result: one of each story, not too many of one article."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.passage import Passage
from rag.config import RetrievalConfig
from rag.context import Windows
from rag.ranked import RankedPassage

Vectors = Callable[[Sequence[int]], NDArray[np.float32]]


class Selection:
    """Takes passages in order while they add something, and grows each into what can be read alone.

    Of articles that are near-copies of each other the best one stands for all.
    """

    def __init__(self, config: RetrievalConfig, text_of: Callable[[int], str], vectors: Vectors) -> None:
        """Keep the settings, how to get the text of a revision, and the unit vectors of rows."""
        self._config = config
        self._windows = Windows(config.passage_words, text_of)
        self._vectors = vectors
        self._articles: Counter[str] = Counter()
        self._outlets: Counter[str] = Counter()
        self._stands_for: dict[int, str] = {}

    def choose(self, found: Sequence[RankedPassage], top_k: int) -> list[RankedPassage]:
        """Return at most `top_k` of `found`, which is best first.

        Where the bounds on articles and outlets leave fewer, the best of those passed over fill up.
        """
        kept: list[RankedPassage] = []
        passed_over: list[RankedPassage] = []
        for candidate in self._in_turn(found):
            if len(kept) == top_k:
                return kept
            passage = candidate.passage
            if self._stands_for.setdefault(passage.cluster, passage.article_id) != passage.article_id:
                continue
            if self._is_full(passage):
                passed_over.append(candidate)
            else:
                self._take(candidate, kept)
        for candidate in passed_over:
            if len(kept) == top_k:
                break
            self._take(candidate, kept)
        return sorted(kept, key=lambda ranked: -ranked.score) if passed_over else kept

    def _is_full(self, passage: Passage) -> bool:
        outlets = self._config.per_outlet
        return self._articles[passage.article_id] >= self._config.per_article or bool(
            outlets and self._outlets[passage.source] >= outlets
        )

    def _take(self, candidate: RankedPassage, kept: list[RankedPassage]) -> None:
        grown = self._windows.grow(candidate.passage)
        if grown is None:
            return
        self._articles[grown.article_id] += 1
        self._outlets[grown.source] += 1
        kept.append(replace(candidate, passage=grown))

    def _in_turn(self, found: Sequence[RankedPassage]) -> Iterator[RankedPassage]:
        """Yield the passages best first, each less what it repeats of those before (MMR).

        Source: Carbonell and Goldstein, "The Use of MMR, Diversity-Based Reranking", SIGIR 1998.
        """
        if not self._config.diversity or not found:
            yield from found
            return
        vectors = self._vectors([candidate.passage.row for candidate in found])
        left = np.array([candidate.strength for candidate in found])
        nearest = np.zeros(len(found))
        for _ in found:
            at = int(np.argmax(left - self._config.diversity * nearest))
            left[at] = -np.inf
            nearest = np.maximum(nearest, vectors @ vectors[at])
            yield found[at]
