from datetime import date

import pytest

from index.archive import Archive
from rag.config import RerankConfig, RetrievalConfig
from rag.plan import make_plan
from rag.question import Question
from rag.retrieve import HybridRetriever
from tests.fakes import FakeReranker
from tests.index.corpus import article
from tests.rag.harbour import build_archive


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


def test_a_question_about_a_day_long_past_is_not_drawn_to_what_is_new(tmp_path, embedder):
    build_archive(
        tmp_path / "index",
        [
            article("old", "The council talked of the harbour.", title="Harbour", published="2019-06-03"),
            article("new", "The council talked of a new harbour.", title="Harbour", published="2026-03-05"),
        ],
        embedder,
    )
    with Archive(tmp_path / "index").open() as opened:
        past = search(opened, embedder, "What did the council say of the harbour in June 2019?")
        now = search(opened, embedder, "What did the council say of the harbour?")
    assert [item.passage.published for item in past] == ["2019-06-03", "2026-03-05"]
    assert [item.passage.published for item in now] == ["2026-03-05", "2019-06-03"]


def test_what_is_quoted_is_looked_for_word_by_word(tmp_path, embedder):
    texts = ["The council named the night ferry.", "The council named the ferry at night."]
    build_archive(
        tmp_path / "index",
        [article(f"n{n}", text, title="Ferry", published="2026-03-01") for n, text in enumerate(texts)],
        embedder,
    )
    with Archive(tmp_path / "index").open() as opened:
        for text, phrase in zip(texts, ["the night ferry", "ferry at night"], strict=True):
            assert search(opened, embedder, f'Who named "{phrase}"?')[0].passage.text == text


def test_time_can_be_left_out_of_the_score(snapshot, embedder):
    config = RetrievalConfig(recency_weight=0, dense_weight=1, lexical_weight=0)
    found = search(snapshot, embedder, "harbour council", config)
    assert len(found) == 4
    assert found[0].passage.row == min(item.passage.row for item in found)


def test_scores_lie_between_0_and_1_and_fall(snapshot, embedder):
    scores = [item.score for item in search(snapshot, embedder, "harbour council")]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 1 for score in scores)


def test_a_score_is_the_sum_of_what_each_signal_adds(snapshot, embedder):
    for found in search(snapshot, embedder, "harbour council"):
        assert found.strength == pytest.approx(sum(share.adds for share in found.trace.shares))


def test_each_passage_says_what_every_stage_gave_it(snapshot, embedder):
    found = search(snapshot, embedder, "harbour council in January 2026")
    assert [item.trace.rank for item in found] == [1, 2, 3, 4]
    first = {share.signal: share for share in found[0].trace.shares}
    assert set(first) == {"dense", "lexical", "coverage", "recency", "period", "opening", "quoted"}
    assert first["coverage"].value == pytest.approx(2 / 4, abs=0.3)
    assert first["period"].value == 1.0
    assert found[0].trace.hits.dense_rank is not None
    assert found[0].trace.rerank is None


@pytest.mark.parametrize("fusion", ["score", "rank"])
def test_both_searches_join_by_score_or_by_rank(snapshot, embedder, fusion):
    found = search(snapshot, embedder, "harbour council", RetrievalConfig(fusion=fusion))
    assert len(found) == 4


def test_a_reranker_orders_the_first_passages_anew(snapshot, embedder):
    reranker = FakeReranker(lambda text: float("Harbour 0" in text))
    plan = make_plan(Question.parse("harbour council"), today=date(2026, 3, 6))
    retriever = HybridRetriever(
        snapshot,
        embedder,
        RetrievalConfig(),
        reranker=reranker,
        rerank=RerankConfig(candidates=3, weight=100),
    )
    found = retriever.retrieve(plan, 10)
    assert len(reranker.asked[0]) == 3
    assert found[0].passage.title == "Harbour 0"
    assert found[0].trace.rerank == 1.0
    assert found[-1].trace.rerank is None
    scores = [item.score for item in found]
    assert scores == sorted(scores, reverse=True)


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
