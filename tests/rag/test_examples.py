"""The sample articles and their questions, end to end."""

import json
import re
from pathlib import Path

import pytest

from index.adapters.minilm import MiniLMEmbedder
from index.article import Article
from index.build import BuildMode, build
from index.config import ChunkingConfig
from index.readers import read_sources
from index.sentences import sentence_spans
from rag.config import Settings
from rag.engine import Engine
from rag.evaluate.metrics import contains, hit_at, rank_of_hit
from rag.question import Message
from tests.fakes import FakeEmbedder

EXAMPLES = Path(__file__).parents[2] / "examples"
QUESTIONS = [json.loads(line) for line in (EXAMPLES / "questions.jsonl").read_text().splitlines()]
ANSWERABLE = [question for question in QUESTIONS if question["answerable"]]
LATER = "2026-10-15"


@pytest.fixture(scope="module")
def articles():
    return list(read_sources([str(EXAMPLES / "articles")]))


@pytest.fixture(scope="module")
def ids(articles):
    """The article's id by the name that the questions have for it."""
    names = {}
    for found in articles:
        path, _, number = found.origin.removeprefix(f"{EXAMPLES / 'articles'}/").partition(":")
        names[f"{path}#{number}" if number else path] = found.id
    return names


def engine_over(folder, articles, embedder):
    build(folder, articles, embedder=embedder, chunking=ChunkingConfig(), mode=BuildMode.REPLACE)
    return Engine(Settings(index=folder, generate={"model": "none"}), embedder=embedder)


@pytest.fixture(scope="module")
def engine(tmp_path_factory, articles):
    """An engine that knows words and no meanings."""
    with engine_over(
        tmp_path_factory.mktemp("examples") / "index", articles, FakeEmbedder(dimension=2048)
    ) as engine:
        yield engine


@pytest.fixture(scope="module")
def real(tmp_path_factory, articles):
    """An engine as it is by default, but for the language model."""
    with engine_over(tmp_path_factory.mktemp("examples") / "index", articles, MiniLMEmbedder()) as engine:
        yield engine


def test_every_sample_is_read_and_dated(articles):
    assert len(articles) >= 24
    assert all(isinstance(found, Article) and found.published and found.title for found in articles)
    assert {found.origin.split(":")[0].rpartition(".")[2] for found in articles} == {
        "md",
        "html",
        "txt",
        "jsonl",
    }


def test_every_question_names_articles_that_are_there_and_have_its_answer(articles, ids):
    by_id = {found.id: found for found in articles}
    for question in ANSWERABLE:
        sources = [by_id[ids[name]] for name in question["articles"]]
        assert any(contains(f"{source.title} {source.text}", question["answer"]) for source in sources), (
            question
        )
        assert all(source.published[:10] <= question["as_of"] for source in sources), question


def test_words_alone_find_the_right_article_for_most_questions(engine, ids):
    ranks = [
        rank_of_hit(
            engine.search(question["question"], as_of=question["as_of"], top_k=10),
            {ids[name] for name in question["articles"]},
            question["answer"],
        )
        for question in ANSWERABLE
    ]
    assert hit_at(ranks, 10) >= 0.9


def test_no_answer_knows_what_came_later_and_every_word_of_it_is_in_an_article(engine, articles):
    by_id = {found.id: found for found in articles}
    for question in QUESTIONS:
        answer = engine.ask(question["question"], as_of=question["as_of"])
        assert all(citation.published <= question["as_of"] for citation in answer.citations)
        for citation in answer.citations:
            assert citation.passage in by_id[citation.article_id].text
        for claim in answer.claims:
            cited = by_id[answer.citations[claim.citations[0] - 1].article_id]
            said = re.sub(r"^(?:As of|On) \d\d? \w+ \d{4}(?: it had been reported)?: ", "", claim.text)
            text = " ".join(cited.text.split())
            assert all(said[start:end] in text for start, end in sentence_spans(said)), said


def budget_on(engine, day):
    return engine.ask("What is the budget of the Lantern Bridge?", as_of=day)


@pytest.mark.parametrize(("day", "right"), [("2025-02-01", "84 million"), ("2026-09-01", "112 million")])
def test_the_budget_of_the_bridge_is_that_of_its_day(engine, day, right):
    answer = budget_on(engine, day)
    assert not answer.abstained
    assert right in answer.answer


def test_before_the_first_article_of_the_bridge_there_is_no_budget(engine):
    assert budget_on(engine, "2024-12-01").abstained


@pytest.mark.integration
def test_the_default_embedder_answers_most_of_the_questions_and_abstains_from_most_others(real):
    right = {True: 0, False: 0}
    for question in QUESTIONS:
        answer = real.ask(question["question"], as_of=question["as_of"])
        if question["answerable"]:
            right[True] += not answer.abstained and contains(answer.answer, question["answer"])
        else:
            right[False] += answer.abstained
    assert right[True] / len(ANSWERABLE) >= 0.75
    assert right[False] / (len(QUESTIONS) - len(ANSWERABLE)) >= 0.75


@pytest.mark.integration
@pytest.mark.parametrize(
    ("day", "right", "wrong"),
    [
        ("2025-02-01", "84 million", "97 million"),
        ("2025-10-15", "97 million", "112 million"),
        ("2026-09-01", "112 million", "140 million"),
    ],
)
def test_a_story_that_goes_on_is_answered_as_of_its_day(real, day, right, wrong):
    answer = budget_on(real, day)
    assert right in answer.answer
    assert wrong not in answer.answer
    assert all(citation.published <= day for citation in answer.citations)


@pytest.mark.integration
def test_two_meetings_of_one_man_are_kept_apart(real):
    trump = real.ask("When did Netanyahu meet Trump at the White House?", as_of=LATER)
    vance = real.ask("When did Netanyahu meet Vance?", as_of=LATER)
    assert "4 February 2025" in trump.answer
    assert "October 2025" in vance.answer
    assert "October" not in trump.claims[0].text
    assert "February" not in vance.claims[0].text


@pytest.mark.integration
@pytest.mark.parametrize(
    "question", ["When did Netanyahu meet Macron?", "Where did Trump meet Putin in 2025?"]
)
def test_a_meeting_that_no_article_tells_of_is_abstained_on(real, question):
    answer = real.ask(question, as_of=LATER)
    assert answer.abstained
    assert answer.citations


@pytest.mark.integration
@pytest.mark.parametrize(
    ("first", "then", "right"),
    [
        ("When did the strike at Kittiwake Lines begin?", "Who mediated in it?", "Ansel Dray"),
        ("How many people have died in the Orvale flood?", "How much damage did it cause?", "88 million"),
    ],
)
def test_a_conversation_goes_on(real, first, then, right):
    answer = real.ask(then, history=[Message(role="user", content=first)], as_of=LATER)
    assert right in answer.answer
