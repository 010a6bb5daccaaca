"""How what other tools find is measured beside Dateline, by hand-made passages."""

from datetime import date

import pytest
from peers_scores import Known, Ranks, Row, compared, compared_to_ours, ranks_of, tables

from rag.evaluate.dataset import EvalQuestion

OPENED = "Mayor Ada Quill opened the bridge of Stellby."
ARTICLES = {
    "opened": Known(title="Bridge opens", published="2026-03-01"),
    "crowd": Known(title="A crowd for Ada Quill", published="2026-03-02"),
    "later": Known(title="Bridge shut", published="2026-03-09"),
}
QUESTION = EvalQuestion(
    id="who",
    text="Who opened the bridge?",
    answer="Ada Quill",
    as_of=date(2026, 3, 5),
    articles=frozenset({"opened"}),
)


def row(*hits, peer="other", dated=True):
    ranks = tuple(Ranks(hit=hit, article=1, later=False) for hit in hits)
    cost = {"passages": 3, "index_s": 1, "index_cpu_s": 1, "p50_ms": 1, "p95_ms": 1, "cpu_ms": 1}
    return Row(peer=peer, name=peer, dated=dated, ranks=ranks, peak_mib=None, installed_mib=10, **cost)


def test_a_passage_hits_that_is_of_the_article_and_has_the_answer():
    found = ranks_of(QUESTION, [("crowd", OPENED), ("opened", "It opened."), ("opened", OPENED)], ARTICLES)
    assert found == Ranks(hit=3, article=2, later=False)


def test_articles_count_once_and_what_is_not_found_has_no_rank():
    found = ranks_of(QUESTION, [("crowd", OPENED), ("crowd", OPENED), ("opened", "It opened.")], ARTICLES)
    assert found == Ranks(hit=None, article=2, later=False)


def test_passages_of_later_than_the_question_are_seen_among_the_first_ten():
    assert ranks_of(QUESTION, [("later", "It shut.")], ARTICLES).later
    deep = [("opened", OPENED)] * 10 + [("later", "It shut.")]
    assert not ranks_of(QUESTION, deep, ARTICLES).later


def test_differences_to_dateline_are_tested_question_by_question():
    ours, theirs = row(*[1] * 12, peer="dateline"), row(*[None] * 12)
    assert theirs.values()["mrr@10"] == 0
    assert compared(theirs, ours).p < 0.01
    assert compared(theirs, ours).article_p == 1
    rows = compared_to_ours([row(*[1] * 12, peer="dateline", dated=False), ours, theirs], compared)
    assert [one.p is None for one in rows] == [False, True, False]


def test_tables_have_quality_and_cost_and_what_failed():
    text = tables([row(1, 4)], {"txtai": "given up after 3 s"})
    quality, cost, failed = text.split("\n\n")
    assert " 0.625 |" in quality
    assert "–" in cost  # the system did not say how much memory
    assert failed == "failed: txtai: given up after 3 s"


def test_an_unknown_article_is_a_mistake():
    with pytest.raises(KeyError, match="nowhere"):
        ranks_of(QUESTION, [("nowhere", OPENED)], ARTICLES)
