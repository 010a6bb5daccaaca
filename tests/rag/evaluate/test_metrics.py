import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Citation
from rag.evaluate.metrics import contains, graded_scores, hit_at, mean, mrr_at, normalise, rank_of_hit


def passage(article_id, text="", title=""):
    return Citation(
        n=1,
        chunk_id="c",
        article_id=article_id,
        revision=1,
        title=title,
        url="",
        source="",
        published=None,
        published_from="unknown",
        passage=text,
    )


def test_texts_are_compared_in_lower_case_and_without_signs():
    assert normalise("  The U.S. — 4,150 People! ") == "the u s 4 150 people"


@pytest.mark.parametrize(
    ("text", "gold", "expected"),
    [
        ("It cost $97 million.", "97 Million", True),
        ("It cost 97 billion.", "97 million", False),
        ("Jo-Ann Smith won", "Jo Ann Smith", True),
        ("anything", "", False),
        ("anything", "!?", False),
        ("", "x", False),
    ],
)
def test_an_answer_contains_the_gold(text, gold, expected):
    assert contains(text, gold) is expected


def test_the_rank_is_that_of_the_first_passage_of_a_right_article_with_the_gold_in_it():
    passages = [
        passage("wrong", "Orvale has it"),
        passage("right", "nothing here"),
        passage("right", "the gold is ORVALE."),
        passage("right", title="Orvale"),
    ]
    assert rank_of_hit(passages, {"right"}, "Orvale") == 3
    assert rank_of_hit(passages[3:], {"right"}, "Orvale") == 1
    assert rank_of_hit(passages, {"other"}, "Orvale") is None
    assert rank_of_hit([], {"right"}, "Orvale") is None


def test_only_the_first_220_words_of_a_passage_count():
    text = " ".join(["word"] * 219 + ["Orvale", "Stellby"])
    assert rank_of_hit([passage("a", text)], {"a"}, "Orvale") == 1
    assert rank_of_hit([passage("a", text)], {"a"}, "Stellby") is None


def test_measures_worked_by_hand():
    ranks = [1, None, 4, 2, 11]
    assert hit_at(ranks, 1) == pytest.approx(1 / 5)
    assert hit_at(ranks, 4) == pytest.approx(3 / 5)
    assert hit_at(ranks, 10) == pytest.approx(3 / 5)
    assert mrr_at(ranks, 10) == pytest.approx((1 + 1 / 4 + 1 / 2) / 5)
    assert mrr_at(ranks, 1) == pytest.approx(1 / 5)


def test_measures_of_nothing_are_0():
    assert (hit_at([], 4), mrr_at([], 10), mean([])) == (0, 0, 0)


@given(st.lists(st.none() | st.integers(1, 30), max_size=20), st.integers(1, 20))
def test_measures_lie_between_0_and_1_and_grow_with_the_cut(ranks, k):
    assert 0 <= mrr_at(ranks, k) <= hit_at(ranks, k) <= hit_at(ranks, k + 1) <= 1


def test_graded_measures_worked_by_hand():
    judged = {"best": 2, "good": 1, "bad": 0, "lost": 1}
    scores = graded_scores(judged, ["bad", "best", "unjudged", "good"])
    gained = 2 / math.log2(3) + 1 / math.log2(5)
    ideal = 2 + 1 / math.log2(3) + 1 / math.log2(4)
    assert scores["ndcg@10"] == pytest.approx(gained / ideal)
    assert scores["recall@10"] == pytest.approx(2 / 3)  # of three relevant ones
    assert scores["recall@20"] == pytest.approx(2 / 3)


def test_recall_and_ndcg_look_no_further_than_their_cut():
    ranking = [f"other {number}" for number in range(10)] + ["good"]
    scores = graded_scores({"good": 1}, ranking)
    assert scores == {"ndcg@10": 0, "recall@10": 0, "recall@20": 1}


def test_nothing_found_scores_0():
    assert graded_scores({"good": 1}, []) == {"ndcg@10": 0, "recall@10": 0, "recall@20": 0}
