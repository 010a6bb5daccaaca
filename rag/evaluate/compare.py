"""Two configurations over the same questions: what differs, by how much, and whether by chance."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.evaluate.bootstrap import CONFIDENCE, PERMUTATIONS, RESAMPLES, intervals, p_values
from rag.evaluate.measures import MEASURES, populations
from rag.evaluate.report import EvalReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`difference` is other minus this, with its 95% interval, over the questions that both measure.

    `p` is of a two-sided paired randomisation test; `wins`, `losses` and `ties` count the questions on
    which the other one is better, worse, and as good.
    """

    name: str
    this: float
    other: float
    difference: float
    low: float | None
    high: float | None
    p: float
    wins: int
    losses: int
    ties: int
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RankChange:
    """A question whose first hit is at another rank (None: not found)."""

    id: str
    this: int | None
    other: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two reports over the same questions, and what lies between them."""

    this: EvalReport
    other: EvalReport
    this_name: str
    other_name: str
    differences: tuple[Difference, ...]
    changes: tuple[RankChange, ...]

    def to_dict(self, *, passages: frozenset[str] = frozenset()) -> dict[str, Any]:
        """Return the JSON form: the report of this configuration, with the comparison beside it."""
        return {
            **self.this.to_dict(passages=passages),
            "comparison": {
                "this": self.this_name,
                "other": self.other_name,
                "confidence": CONFIDENCE,
                "resamples": RESAMPLES,
                "permutations": PERMUTATIONS,
                "measures": {found.name: _without_name(found) for found in self.differences},
                "changes": [asdict(change) for change in self.changes],
                "report": self.other.to_dict(passages=passages),
            },
        }


def compare(this: EvalReport, other: EvalReport, *, names: tuple[str, str], seed: int) -> Comparison:
    """Return what lies between two reports over the same questions."""
    pairs = list(zip(this.results, other.results, strict=True))
    return Comparison(
        this=this,
        other=other,
        this_name=names[0],
        other_name=names[1],
        differences=tuple(_differences(this, other, seed=seed)),
        changes=tuple(
            RankChange(id=one.id, this=one.rank, other=two.rank)
            for one, two in pairs
            if one.question.answerable and one.rank != two.rank
        ),
    )


def _differences(this: EvalReport, other: EvalReport, *, seed: int) -> list[Difference]:
    """Return the differences of all measures; those of the same questions are resampled together."""
    ones = [result.scores for result in this.results]
    twos = [result.scores for result in other.results]
    both = [{name: own[name] for name in own.keys() & theirs} for own, theirs in zip(ones, twos, strict=True)]
    found: dict[str, Difference] = {}
    for names, places in populations(both):
        mine = np.array([[ones[at][name] for at in places] for name in names])
        theirs = np.array([[twos[at][name] for at in places] for name in names])
        found |= {difference.name: difference for difference in _tested(names, mine, theirs, seed=seed)}
    return [found[name] for name in MEASURES if name in found]


def _tested(
    names: Sequence[str], ones: NDArray[np.float64], twos: NDArray[np.float64], *, seed: int
) -> list[Difference]:
    gains = twos - ones
    bounds, chances = intervals(gains, seed=seed), p_values(gains, seed=seed)
    return [
        Difference(
            name=name,
            this=round(float(ones[at].mean()), 4),
            other=round(float(twos[at].mean()), 4),
            difference=round(float(gains[at].mean()), 4),
            low=round(interval.low, 4) if interval else None,
            high=round(interval.high, 4) if interval else None,
            p=round(chances[at], 4),
            wins=int((gains[at] > 0).sum()),
            losses=int((gains[at] < 0).sum()),
            ties=int((gains[at] == 0).sum()),
            questions=gains.shape[1],
        )
        for at, (name, interval) in enumerate(zip(names, bounds, strict=True))
    ]


def _without_name(found: Difference) -> dict[str, Any]:
    fields = asdict(found)
    del fields["name"]
    return fields
