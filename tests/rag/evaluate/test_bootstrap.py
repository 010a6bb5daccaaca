import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluate.bootstrap import intervals, p_values


def test_the_interval_of_a_share_is_that_of_the_binomial():
    (found,) = intervals(np.array([[1.0] * 70 + [0.0] * 30]), seed=0)
    assert found.low == pytest.approx(0.61, abs=0.015)  # 0.7 ± 1.96 · √(0.7 · 0.3 / 100)
    assert found.high == pytest.approx(0.79, abs=0.015)


def test_the_same_seed_gives_the_same_interval_and_another_one_a_like_one():
    scores = np.random.default_rng(5).random((2, 50))
    assert intervals(scores, seed=1) == intervals(scores, seed=1)
    assert intervals(scores, seed=1)[0] != intervals(scores, seed=2)[0]
    assert intervals(scores, seed=1)[0].low == pytest.approx(intervals(scores, seed=2)[0].low, abs=0.02)


def test_measures_are_resampled_by_the_same_questions():
    scores = np.random.default_rng(5).random((1, 40))
    both = intervals(np.vstack([scores, 1 - scores]), seed=3)
    assert both[0].low == pytest.approx(1 - both[1].high)
    assert both[0].high == pytest.approx(1 - both[1].low)


def test_one_question_or_none_has_no_interval():
    assert intervals(np.array([[1.0], [0.0]]), seed=0) == [None, None]
    assert intervals(np.empty((0, 5)), seed=0) == []


def test_no_spread_is_an_interval_without_width():
    (found,) = intervals(np.ones((1, 9)), seed=0)
    assert (found.low, found.high) == (1, 1)


def test_few_questions_are_tested_by_all_their_signs():
    # of the 2^5 ways to give five gains a sign, two are as far from 0
    assert p_values(np.array([[1.0] * 5]), seed=0) == [pytest.approx(2 / 32)]
    assert p_values(np.array([[1.0, 1.0, -1.0]]), seed=0) == [pytest.approx(1.0)]


def test_a_difference_on_every_question_is_not_by_chance_and_none_is():
    gains = np.vstack([np.full(100, 0.5), np.zeros(100), np.resize([1.0, -1.0], 100)])
    sure, nothing, even = p_values(gains, seed=0)
    assert sure < 0.001
    assert (nothing, even) == (1, 1)


def test_a_single_question_proves_nothing():
    assert p_values(np.array([[1.0]]), seed=0) == [1.0]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=2, max_size=12))
def test_the_mean_lies_within_its_interval_and_p_between_0_and_1(scores):
    row = np.array([scores])
    (found,) = intervals(row, seed=0)
    assert 0 <= found.low <= row.mean() + 1e-9
    assert row.mean() - 1e-9 <= found.high <= 1
    assert 0 < p_values(row - 0.5, seed=0)[0] <= 1
