"""A result holds each story once, and not too much of one article or outlet."""

import numpy as np

from rag.config import RetrievalConfig
from rag.diversity import Selection
from tests.rag.passages import passage, ranked

TEXT = " ".join(f"Sentence number {n} speaks of pier {n}." for n in range(40))
SPAN = len(TEXT) // 40


def no_vectors(_):
    raise AssertionError("no vectors are needed")


def choose(found, top_k=10, *, vectors=no_vectors, **config):
    settings = RetrievalConfig(passage_words=1, **config)
    return Selection(settings, lambda _: TEXT, vectors).choose(found, top_k)


def at(place, score, **changes):
    return ranked(passage(TEXT, place * SPAN, (place + 1) * SPAN, **changes), score)


def articles(found):
    return [one.passage.article_id for one in found]


def test_no_article_takes_more_than_its_share_while_there_are_others():
    found = [at(place, 0.9 - place / 100) for place in range(4)]
    found += [at(0, 0.5 - n / 100, article_id=f"other{n}") for n in range(3)]
    assert articles(choose(found, 5, per_article=2)) == ["one", "one", "other0", "other1", "other2"]


def test_where_there_are_no_others_the_result_is_filled_best_first():
    found = [at(place, 0.9 - place / 100) for place in range(4)]
    kept = choose(found, 3, per_article=2)
    assert [one.score for one in kept] == [0.9, 0.89, 0.88]


def test_an_outlet_can_be_bounded():
    found = [at(0, 0.9 - n / 100, article_id=f"a{n}", source="agency.example") for n in range(3)]
    found.append(at(0, 0.5, article_id="b", source="other.example"))
    assert articles(choose(found, 3, per_outlet=2)) == ["a0", "a1", "b"]
    assert articles(choose(found, 3)) == ["a0", "a1", "a2"]


def test_of_near_copies_the_best_one_stands_for_all():
    found = [at(0, 0.9, article_id="first", cluster=7), at(0, 0.8, article_id="copy", cluster=7)]
    found += [at(5, 0.7, article_id="first", cluster=7), at(0, 0.6, article_id="other")]
    assert articles(choose(found)) == ["first", "first", "other"]


def test_a_passage_that_says_the_same_comes_later_where_diversity_is_asked_for():
    found = [at(0, 0.9, article_id="a"), at(0, 0.8, article_id="same"), at(0, 0.7, article_id="new")]
    vectors = np.eye(3, dtype=np.float32)[[0, 0, 1]]

    def given(rows):
        assert rows == [one.passage.row for one in found]
        return vectors

    assert articles(choose(found, vectors=given, diversity=0.5)) == ["a", "new", "same"]
    assert articles(choose(found)) == ["a", "same", "new"]


def test_nothing_found_is_nothing_chosen():
    assert choose([]) == []
    assert choose([], diversity=1.0) == []
