"""Reciprocal rank fusion."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


def reciprocal_rank_fusion(
    rankings: Sequence[tuple[float, Sequence[Item]]], *, k: int = 60
) -> Mapping[Item, float]:
    """Return the fused score of each item, best first.

    Each ranking is a weight and its items, best first: an item at rank r (from 1) gains
    weight / (k + r). Ties keep the order in which items were first seen.

    Source: Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and
    individual Rank Learning Methods", SIGIR 2009.
    """
    scores: dict[Item, float] = {}
    for weight, items in rankings:
        for rank, item in enumerate(items, start=1):
            scores[item] = scores.get(item, 0.0) + weight / (k + rank)
    return dict(sorted(scores.items(), key=lambda pair: -pair[1]))
