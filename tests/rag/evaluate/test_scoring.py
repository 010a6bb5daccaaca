"""The scores of one question: which there are, and what they are made of."""

import pytest

from rag.answer import Citation
from rag.evaluate.answers import Share
from rag.evaluate.asking import judge
from rag.evaluate.dataset import EvalQuestion
from rag.evaluate.results import Looked, Reply
from rag.evaluate.scoring import first_hit, scores_of


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


def question(**fields):
    given = {"id": "q", "text": "Who?", "answer": "Orvale", "articles": frozenset({"right"}), **fields}
    return EvalQuestion(**given)


def scored(asked, passages, *, sentences=None, reply=None):
    looked = Looked(passages=judge(asked, passages), sentences=sentences, timings_ms={})
    return scores_of(asked, looked, first_hit(looked.passages), reply)


def reply(text, *, abstained=False, model="tiny", citations=(0, 0), sentences=(0, 0), leaks=()):
    return Reply(
        answer=text,
        abstained=abstained,
        contains="Orvale" in text,
        f1=0.5,
        citations=Share(good=citations[0], total=citations[1]),
        sentences=Share(good=sentences[0], total=sentences[1]),
        leaks=leaks,
        model=model,
        first_word_seconds=0.5,
        seconds=1.0,
        timings_ms={},
    )


FOUND = [passage("wrong", "Orvale has it"), passage("right", "nothing"), passage("right", "It is Orvale.")]


def test_an_answerable_question_is_scored_by_its_first_hit():
    scores = scored(question(), FOUND)
    assert (scores["hit@1"], scores["hit@4"], scores["hit@10"], scores["hit@20"]) == (0, 1, 1, 1)
    assert scores["mrr@10"] == pytest.approx(1 / 3)


def test_the_context_counts_the_answer_of_whichever_article():
    scores = scored(question(), FOUND)
    assert (scores["answer_in_context@1"], scores["answer_in_context@4"]) == (1, 1)
    assert scored(question(), FOUND[1:])["answer_in_context@1"] == 0
    titled = [passage("right", "nothing", title="Orvale")]
    assert scored(question(), titled)["answer_in_context@1"] == 0  # the model is not given titles


def test_an_answer_across_two_passages_stands_in_neither():
    found = [passage("a", "The prize went to Ada"), passage("b", "Quill was there")]
    assert scored(question(answer="Ada Quill"), found)["answer_in_context@4"] == 0


def test_the_chosen_sentences_are_scored_where_some_were_to_be_chosen():
    assert "answer_in_sentences" not in scored(question(), FOUND)
    assert scored(question(), FOUND, sentences=("No.", "It is ORVALE!"))["answer_in_sentences"] == 1
    assert scored(question(), FOUND, sentences=())["answer_in_sentences"] == 0


def test_an_unanswerable_question_says_nothing_of_retrieval():
    asked = question(answerable=False)
    assert scored(asked, FOUND) == {}
    assert scored(asked, FOUND, reply=reply("None.", abstained=True)) == {
        "abstained": 1,
        "abstained_unanswerable": 1,
        "leaked": 0,
    }


def test_an_answer_is_scored_by_what_it_contains_and_who_wrote_it():
    scores = scored(question(), FOUND, reply=reply("It is Orvale."))
    assert (scores["contains"], scores["token_f1"], scores["written"]) == (1, 0.5, 1)
    assert (scores["abstained"], scores["abstained_answerable"]) == (0, 0)
    assert scored(question(), FOUND, reply=reply("It is Orvale.", model="quote"))["written"] == 0
    assert "written" not in scored(question(), FOUND, reply=reply("Nothing.", abstained=True))


def test_citations_are_scored_where_there_are_any():
    given = reply("It is Orvale [1]. So [2]. Yes.", citations=(1, 2), sentences=(2, 3))
    scores = scored(question(), FOUND, reply=given)
    assert (scores["citation_precision"], scores["citation_recall"]) == (0.5, pytest.approx(2 / 3))
    abstained = scored(question(), FOUND, reply=reply("Nothing.", abstained=True))
    assert not {"citation_precision", "citation_recall"} & abstained.keys()


def test_a_leak_is_scored_in_an_abstention_too():
    leaking = reply("Nothing.", abstained=True, leaks=("passage c of 2026-03-09", "a follow-up quotes 'X'"))
    assert scored(question(), FOUND, reply=leaking)["leaked"] == 1
    assert scored(question(answer="", judged={"bad": 0}), FOUND, reply=leaking)["leaked"] == 1


def test_without_an_answer_hits_go_by_the_grade_and_ranks_count_articles():
    judged = {"good": 1, "best": 2, "bad": 0}
    asked = question(answer="", articles=frozenset(), judged=judged)
    found = [passage("bad"), passage("bad"), passage("new"), passage("good"), passage("best")]
    scores = scored(asked, found)
    assert scores["mrr@10"] == pytest.approx(1 / 3)
    assert (scores["hit@1"], scores["hit@4"], scores["recall@10"]) == (0, 1, 1)
    assert "answer_in_context@4" not in scores
    places = [(one.rank, one.hit, one.grade) for one in judge(asked, found)]
    assert places == [(1, False, 0), (1, False, 0), (2, False, None), (3, True, 1), (4, True, 2)]


def test_judgements_beside_an_answer_are_scored_too():
    scores = scored(question(judged={"right": 1}), FOUND)
    assert scores["recall@10"] == 1
    assert scores["mrr@10"] == pytest.approx(1 / 3)  # of passages with the answer in them, as without


def test_hidden_articles_are_passed_over():
    asked = question(answer="", judged={"good": 1}, hidden=frozenset({"q"}))
    assert scored(asked, [passage("q"), passage("good")])["hit@1"] == 1


def test_a_question_that_was_asked_in_vain_has_no_graded_scores():
    assert scored(question(answer="", judged={"bad": 0}, answerable=False), FOUND) == {}
