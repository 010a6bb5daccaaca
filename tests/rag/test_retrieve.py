import zlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.archive import Archive
from index.passage import Passage
from rag.config import RetrievalConfig
from rag.plan import make_plan
from rag.question import Question
from rag.retrieve import HybridRetriever, RankedPassage, merge_by_article
from tests.index.corpus import article
from tests.rag.harbour import build_archive

TEXT = "".join(chr(ord("a") + n % 26) for n in range(200))


def ranked(start, end, *, score=1.0, article_id="one", ordinal=0):
    passage = Passage(
        row=start,
        chunk_id=f"{article_id}:{start}",
        article_id=article_id,
        revision=1,
        ordinal=ordinal,
        start=start,
        end=end,
        text=TEXT[start:end],
        title="",
        url="",
        source="",
        published=None,
        published_from="unknown",
        revision_id=zlib.crc32(article_id.encode()),
        cluster=zlib.crc32(article_id.encode()),
    )
    return RankedPassage(passage=passage, score=score)


def spans(found):
    return [(item.passage.article_id, item.passage.start, item.passage.end) for item in found]


def test_passages_of_one_article_that_overlap_become_one_with_the_text_between_them():
    (joined,) = merge_by_article(
        [ranked(10, 20, score=0.9), ranked(15, 30), ranked(2, 12)], top_k=5, per_article=1
    )
    assert (joined.passage.start, joined.passage.end) == (2, 30)
    assert joined.passage.text == TEXT[2:30]


def test_the_joined_passage_keeps_the_rank_score_and_id_of_its_best_part():
    found = merge_by_article(
        [ranked(10, 20, score=0.9), ranked(0, 5, article_id="two", score=0.8), ranked(0, 15, score=0.7)],
        top_k=5,
        per_article=1,
    )
    assert [(item.passage.chunk_id, item.score) for item in found] == [("one:10", 0.9), ("two:0", 0.8)]


def test_a_passage_within_another_adds_nothing():
    (joined,) = merge_by_article([ranked(0, 50), ranked(10, 20)], top_k=5, per_article=1)
    assert joined.passage.text == TEXT[:50]


def test_passages_of_different_articles_are_never_joined():
    found = merge_by_article([ranked(0, 10), ranked(5, 15, article_id="two")], top_k=5, per_article=1)
    assert spans(found) == [("one", 0, 10), ("two", 5, 15)]


def test_no_article_takes_more_than_its_share_while_there_are_others():
    candidates = [ranked(start, start + 5) for start in (0, 20, 40, 60)]
    candidates += [ranked(start, start + 5, article_id=f"other{start}") for start in range(5)]
    found = merge_by_article(candidates, top_k=5, per_article=2)
    assert spans(found)[:3] == [("one", 0, 5), ("one", 20, 25), ("other0", 0, 5)]
    assert len(found) == 5


def test_where_there_are_no_others_the_result_is_filled():
    candidates = [ranked(start, start + 5) for start in (0, 20, 40, 60)]
    assert len(merge_by_article(candidates, top_k=3, per_article=2)) == 3


def test_nothing_found_is_nothing_merged():
    assert merge_by_article([], top_k=3, per_article=2) == []


@given(
    st.lists(
        st.tuples(st.sampled_from(["one", "two"]), st.integers(0, 150), st.integers(1, 50)), max_size=12
    ),
    st.integers(1, 6),
    st.integers(1, 3),
)
def test_what_is_merged_is_exact_and_within_its_bounds(chunks, top_k, per_article):
    candidates = [ranked(start, start + length, article_id=name) for name, start, length in chunks]
    found = merge_by_article(candidates, top_k=top_k, per_article=per_article)
    assert bool(found) == bool(candidates)
    assert len(found) <= top_k
    assert all(item.passage.text == TEXT[item.passage.start : item.passage.end] for item in found)


def days_apart(root, embedder):
    build_archive(
        root,
        [
            article(
                f"n{number}", "The council talked of the harbour.", title=f"Harbour {number}", published=day
            )
            for number, day in enumerate(["2026-01-05", "2026-02-05", "2026-03-05"])
        ]
        + [article("undated", "The council talked of the harbour.", title="Harbour 9", published=None)],
        embedder,
    )


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory, embedder):
    root = tmp_path_factory.mktemp("time") / "index"
    days_apart(root, embedder)
    with Archive(root).open() as opened:
        yield opened


def search(snapshot, embedder, text, config=None, **filters):
    plan = make_plan(Question.parse(text, **filters), today=date(2026, 3, 6))
    return HybridRetriever(snapshot, embedder, config or RetrievalConfig()).retrieve(plan, 10)


def test_of_equal_passages_the_latest_comes_first_and_the_undated_last(snapshot, embedder):
    found = search(snapshot, embedder, "harbour council")
    assert [item.passage.published for item in found] == ["2026-03-05", "2026-02-05", "2026-01-05", None]


def test_a_period_in_the_question_draws_the_passages_of_its_time(snapshot, embedder):
    found = search(snapshot, embedder, "harbour council in January 2026")
    assert found[0].passage.published == "2026-01-05"


def test_time_can_be_left_out_of_the_score(snapshot, embedder):
    found = search(snapshot, embedder, "harbour council", RetrievalConfig(recency_weight=0))
    assert len(found) == 4
    assert found[0].passage.row == min(item.passage.row for item in found)


def test_scores_are_shares_of_the_best_that_can_be_and_fall(snapshot, embedder):
    scores = [item.score for item in search(snapshot, embedder, "harbour council")]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


@pytest.mark.parametrize("weights", [{"dense_weight": 0}, {"lexical_weight": 0}])
def test_one_search_may_be_left_out(snapshot, embedder, weights):
    assert len(search(snapshot, embedder, "harbour council", RetrievalConfig(**weights))) == 4


def test_bounds_are_kept_inside_the_search(snapshot, embedder):
    found = search(snapshot, embedder, "harbour council", since="2026-02-01", until="2026-02-28")
    assert [item.passage.published for item in found] == ["2026-02-05"]
    assert search(snapshot, embedder, "harbour council", sources=["nowhere.example"]) == []


def test_the_spans_of_what_is_found_are_those_of_the_article(tmp_path, embedder):
    text = "\n\n".join(
        f"The harbour council met for the {n}th time and spoke of pier {n}." for n in range(30)
    )
    build_archive(tmp_path / "index", [article("long", text)], embedder)
    with Archive(tmp_path / "index").open() as snapshot:
        found = search(snapshot, embedder, "harbour council pier")
    assert found
    assert all(item.passage.text == text[item.passage.start : item.passage.end] for item in found)
