"""The risk–coverage curve, worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluate.answers import Share
from rag.evaluate.dataset import EvalQuestion
from rag.evaluate.results import Looked, QuestionResult, Reply
from rag.evaluate.risk import risk_coverage


def result(score, *, answerable=True, contains=True, abstained=False, asked=True):
    reply = Reply(
        answer="",
        abstained=abstained,
        contains=contains,
        f1=0.0,
        citations=Share(),
        sentences=Share(),
        leaks=(),
        model="tiny",
        first_word_seconds=None,
        seconds=1.0,
        timings_ms={},
    )
    return QuestionResult(
        question=EvalQuestion(id="q", text="Who?", answer="Orvale", answerable=answerable),
        looked=Looked(passages=(), sentences=None, timings_ms={}, answerable=score),
        rank=None,
        groups={},
        reply=reply if asked else None,
    )


RESULTS = [
    result(0.9),
    result(0.7, answerable=False, contains=False),
    result(0.5, contains=False),
    result(0.2, answerable=False, contains=False, abstained=True),
]


def point(curve, threshold):
    return next(point for point in curve.points if point.threshold == threshold)


def test_a_threshold_lets_through_what_scores_as_high_or_higher():
    curve = risk_coverage(RESULTS, threshold=0.5)
    assert curve.threshold == 0.5
    middle = point(curve, 0.5)
    assert (middle.coverage, middle.risk, middle.wrong) == (0.75, 0.3333, 0.6667)
    assert (middle.abstained_answerable, middle.abstained_unanswerable) == (0, 0.5)
    high = point(curve, 0.8)
    assert (high.coverage, high.risk, high.wrong) == (0.25, 0, 0)
    assert (high.abstained_answerable, high.abstained_unanswerable) == (0.5, 1)
    none = point(curve, 1.0)
    assert (none.coverage, none.risk, none.wrong) == (0, None, None)


def test_what_was_not_answered_in_this_run_is_not_guessed():
    everything = point(risk_coverage(RESULTS, threshold=0.5), 0.0)
    assert (everything.coverage, everything.risk, everything.wrong) == (1, 0.5, None)


def test_the_area_is_the_mean_risk_over_all_coverages():
    curve = risk_coverage(RESULTS, threshold=0.5)
    assert curve.area == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4, abs=1e-4)
    assert curve.least == pytest.approx((0 + 0 + 1 / 3 + 2 / 4) / 4, abs=1e-4)
    assert curve.chance == 0.5


def test_questions_of_one_score_come_in_together():
    alike = [result(0.5), result(0.5, answerable=False)]
    for order in (alike, alike[::-1]):
        assert risk_coverage(order, threshold=0.4).area == 0.5


def test_a_threshold_of_its_own_is_a_point_too():
    curve = risk_coverage(RESULTS, threshold=0.42)
    assert point(curve, 0.42).coverage == 0.75
    assert len(curve.points) == 22


@pytest.mark.parametrize(
    "results",
    [
        [],
        [result(0.5), result(0.6)],
        [result(0.5, answerable=False)],
        [result(None), result(0.5, answerable=False)],
        [result(0.5, asked=False), result(0.5, answerable=False, asked=False)],
    ],
)
def test_without_both_kinds_of_questions_there_is_no_curve(results):
    assert risk_coverage(results, threshold=0.5) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2))
def test_no_score_is_better_than_one_that_knows(scored):
    curve = risk_coverage([result(score, answerable=good) for score, good in scored], threshold=0.5)
    if curve is not None:
        assert curve.least <= curve.area <= 1
        shares = [point.coverage for point in curve.points]
        assert shares == sorted(shares, reverse=True)
