"""The means of what was measured over questions, over groups of them, and how long they took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.evaluate.bootstrap import intervals
from rag.evaluate.breakdown import order_of
from rag.evaluate.metrics import CUTOFFS, NDCG_DEPTH, RECALL_CUTOFFS
from rag.evaluate.results import QuestionResult
from rag.evaluate.scoring import IN_SENTENCES, MRR

MEASURES = (
    *(f"hit@{k}" for k in CUTOFFS),
    MRR,
    *(f"answer_in_context@{k}" for k in CUTOFFS),
    IN_SENTENCES,
    f"ndcg@{NDCG_DEPTH}",
    *(f"recall@{k}" for k in RECALL_CUTOFFS),
    "contains",
    "token_f1",
    "citation_precision",
    "citation_recall",
    "judged_right",
    "judged_supported",
    "abstained",
    "abstained_answerable",
    "abstained_unanswerable",
    "leaked",
    "written",
)
"""All names, in the order in which they are shown."""

_PERCENTILES = (50, 95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A mean over `questions`, and its 95% bootstrap interval; without one for a single question."""

    name: str
    value: float
    low: float | None
    high: float | None
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The measures of the questions that are alike in one way: `by` is year, kind or time."""

    by: str
    name: str
    questions: int
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentiles:
    """Within how long half, and 95%, of the questions were done: milliseconds, or seconds where said."""

    p50: float
    p95: float


def measures_of(results: Sequence[QuestionResult], *, seed: int) -> tuple[Measure, ...]:
    """Return the means of all scores with their intervals, rounded to four places.

    Measures of the same questions are resampled together.
    """
    found: dict[str, Measure] = {}
    for names, places in populations([result.scores for result in results]):
        scores = np.array([[results[at].scores[name] for at in places] for name in names])
        for name, row, bounds in zip(names, scores, intervals(scores, seed=seed), strict=True):
            found[name] = Measure(
                name=name,
                value=round(float(row.mean()), 4),
                low=round(bounds.low, 4) if bounds else None,
                high=round(bounds.high, 4) if bounds else None,
                questions=len(places),
            )
    return tuple(found[name] for name in MEASURES if name in found)


def populations(scores: Sequence[Mapping[str, object]]) -> list[tuple[list[str], tuple[int, ...]]]:
    """Return the names of measures that the same questions have, with the places of these questions."""
    by_places: dict[tuple[int, ...], list[str]] = {}
    for name in MEASURES:
        places = tuple(at for at, own in enumerate(scores) if name in own)
        if places:
            by_places.setdefault(places, []).append(name)
    return [(names, places) for places, names in by_places.items()]


def groups_of_results(results: Sequence[QuestionResult], *, seed: int) -> tuple[Group, ...]:
    """Return the measures of each group of each way to break a report down.

    Only questions that are measured count: those that are answerable or were asked to the end.
    """
    counted = [result for result in results if result.scores]
    groups = []
    for by in counted[0].groups if counted else ():
        members: dict[str, list[QuestionResult]] = {}
        for result in counted:
            members.setdefault(result.groups[by], []).append(result)
        groups += [
            Group(
                by=by,
                name=name,
                questions=len(members[name]),
                measures=measures_of(members[name], seed=seed),
            )
            for name in order_of(by, list(members))
        ]
    return tuple(groups)


def percentiles_of(timings: Sequence[Mapping[str, float]], *, digits: int = 2) -> dict[str, Percentiles]:
    """Return the 50th and 95th percentile of what each stage took, where it was passed."""
    found = {}
    for stage in dict.fromkeys(stage for spent in timings for stage in spent):
        p50, p95 = np.percentile([spent[stage] for spent in timings if stage in spent], _PERCENTILES)
        found[stage] = Percentiles(p50=round(float(p50), digits), p95=round(float(p95), digits))
    return found
