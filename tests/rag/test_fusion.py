import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.fusion import reciprocal_rank_fusion

RANKINGS = st.lists(
    st.tuples(st.floats(0, 10), st.lists(st.integers(0, 20), unique=True, max_size=10)), max_size=4
)


def test_an_example_worked_by_hand():
    fused = reciprocal_rank_fusion([(1.0, ["a", "b", "c"]), (2.0, ["c", "a"])], k=1)
    assert list(fused) == ["c", "a", "b"]
    assert fused["c"] == pytest.approx(1 / 4 + 2 / 2)  # third of one, first of the other, which counts twice
    assert fused["a"] == pytest.approx(1 / 2 + 2 / 3)
    assert fused["b"] == pytest.approx(1 / 3)


def test_the_constant_is_60_as_in_the_paper():
    assert reciprocal_rank_fusion([(1.0, ["a"])])["a"] == pytest.approx(1 / 61)


def test_ties_keep_the_order_in_which_items_were_first_seen():
    assert list(reciprocal_rank_fusion([(1.0, ["b", "a"]), (1.0, ["a", "b"])])) == ["b", "a"]


def test_nothing_fused_is_nothing():
    assert reciprocal_rank_fusion([]) == {}
    assert reciprocal_rank_fusion([(1.0, []), (1.0, [])]) == {}


@given(RANKINGS)
def test_every_item_comes_once_and_scores_fall(rankings):
    fused = reciprocal_rank_fusion(rankings)
    assert set(fused) == {item for _, items in rankings for item in items}
    assert list(fused.values()) == sorted(fused.values(), reverse=True)
    assert all(0 <= score <= sum(weight for weight, _ in rankings) / 61 + 1e-9 for score in fused.values())
