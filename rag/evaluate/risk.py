"""Whether the abstention score tells what can be answered: the risk–coverage curve.

Questions are taken by their score from above. Coverage is the share of them that would be answered at a
threshold, and risk the share of those that should not have been (El-Yaniv and Wiener, JMLR 2010).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rag.evaluate.metrics import mean
from rag.evaluate.results import QuestionResult

STEPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPoint:
    """What a threshold would do; each figure 0 to 1.

    `coverage` is the share of the questions answered. `risk` is the share of these whose answer does not
    stand in the articles, None where none is answered.
    `wrong` is the share of them that are so or whose answer lacks the gold answer; None where one of them
    was not answered in this run, which had a higher threshold.
    """

    threshold: float
    coverage: float
    risk: float | None
    wrong: float | None
    abstained_answerable: float
    abstained_unanswerable: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskCoverage:
    """The curve by thresholds from 0 to 1, one of them the configuration's.

    `area` is the mean risk over all coverages, lower is better; `least` is that of a score that puts every
    answerable question first, `chance` that of one that knows nothing: the share of unanswerable questions.
    """

    threshold: float
    questions: int
    unanswerable: int
    area: float
    least: float
    chance: float
    points: tuple[RiskPoint, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {**asdict(self), "points": [asdict(point) for point in self.points]}


def risk_coverage(results: Sequence[QuestionResult], *, threshold: float) -> RiskCoverage | None:
    """Return the curve of the questions that were asked to the end; `threshold` is one of its points.

    None where no question has a score, or all or none of them are answerable.
    """
    scored = [(result.looked.answerable, result) for result in results if result.reply]
    known = [(score, result) for score, result in scored if score is not None]
    unanswerable = sum(not result.question.answerable for _, result in known)
    if not 0 < unanswerable < len(known):
        return None
    thresholds = sorted({step / STEPS for step in range(STEPS + 1)} | {threshold})
    best = [False] * (len(known) - unanswerable) + [True] * unanswerable
    return RiskCoverage(
        threshold=threshold,
        questions=len(known),
        unanswerable=unanswerable,
        area=round(_area([(score, not result.question.answerable) for score, result in known]), 4),
        least=round(_area([(-float(at), bad) for at, bad in enumerate(best)]), 4),
        chance=round(unanswerable / len(known), 4),
        points=tuple(_point(known, least) for least in thresholds),
    )


def _point(known: Sequence[tuple[float, QuestionResult]], threshold: float) -> RiskPoint:
    answered = [result for score, result in known if score >= threshold]
    below = {
        kind: [score < threshold for score, result in known if result.question.answerable == kind]
        for kind in (True, False)
    }
    return RiskPoint(
        threshold=threshold,
        coverage=round(len(answered) / len(known), 4),
        risk=_share([not result.question.answerable for result in answered]),
        wrong=_wrong(answered),
        abstained_answerable=round(mean(below[True]), 4),
        abstained_unanswerable=round(mean(below[False]), 4),
    )


def _wrong(answered: Sequence[QuestionResult]) -> float | None:
    judged = []
    for result in answered:
        if result.question.by_judgement or result.reply is None or result.reply.abstained:
            return None
        judged.append(not (result.question.answerable and result.reply.contains))
    return _share(judged)


def _share(values: Sequence[bool]) -> float | None:
    return round(mean(values), 4) if values else None


def _area(scored: Sequence[tuple[float, bool]]) -> float:
    """Return the mean risk over the coverages 1/n to 1; questions of one score come in as one."""
    ordered = sorted(scored, key=lambda pair: -pair[0])
    risks: list[float] = []
    start = bad = 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end][0] == ordered[start][0]:
            end += 1
        share = mean([risky for _, risky in ordered[start:end]])
        risks += [(bad + share * more) / (start + more) for more in range(1, end - start + 1)]
        bad += sum(risky for _, risky in ordered[start:end])
        start = end
    return mean(risks)
