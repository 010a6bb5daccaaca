"""How far a mean over questions may be off: bootstrap intervals and a paired test, by scipy.

Questions are drawn, so that figures of one question stay together: for all measures of a run, and for
both runs of a comparison. The same seed gives the same figures.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
RESAMPLES = 5_000
PERMUTATIONS = 9_999
_NUMBERS_HELD = 4_000_000  # at once: about 32 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The bounds between which a mean lies, by the questions that were asked."""

    low: float
    high: float


def intervals(scores: NDArray[np.float64], *, seed: int) -> list[Interval | None]:
    """Return the 95% interval of the mean of each row of `scores` (measures, questions).

    Percentiles of the means of 5,000 draws of the questions with replacement (Efron, 1979); None where
    there are fewer than two questions.
    """
    from scipy.stats import bootstrap

    measures, questions = scores.shape
    if questions < 2 or not measures:
        return [None] * measures
    bounds = bootstrap(
        (scores,),
        _mean,
        axis=-1,
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=_batch(scores),
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return [
        Interval(low=float(low), high=float(high)) for low, high in zip(bounds.low, bounds.high, strict=True)
    ]


def p_values(differences: NDArray[np.float64], *, seed: int) -> list[float]:
    """Return for each row of `differences` (measures, questions) how likely so large a mean is by chance.

    Two-sided paired randomisation test: the sign of each question's difference is drawn 9,999 times, or
    all signs are tried where they are fewer (Smucker, Allan and Carterette, CIKM 2007). 1 where nothing
    differs.
    """
    from scipy.stats import permutation_test

    measures, questions = differences.shape
    if questions < 2 or not measures:
        return [1.0] * measures  # of one question both signs are as likely
    result = permutation_test(
        (differences,),
        _mean,
        axis=-1,
        vectorized=True,
        permutation_type="samples",
        n_resamples=PERMUTATIONS,
        batch=_batch(differences),
        rng=np.random.default_rng(seed),
    )
    return [float(value) for value in result.pvalue]


def _mean(values: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:
    means: NDArray[np.float64] = np.mean(values, axis=axis)
    return means


def _batch(scores: NDArray[np.float64]) -> int:
    """Return how many draws to hold at once."""
    return max(1, min(RESAMPLES, _NUMBERS_HELD // scores.size))
