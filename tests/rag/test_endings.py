"""Whether something is over, and what says so."""

import pytest

from rag.endings import asks_for_end, tells_end
from tests.index.corpus import article
from tests.rag.harbour import build_archive

BEGAN = "The night ferry crews of Farrow began a strike on Monday over pay."
TALKS = "Talks to end the ferry strike in Farrow broke down after nine hours."
ENDED = "The ferry strike is over: crews and company signed at ten on Friday night."
FERRIES = "Two ferries for Farrow were ordered, and the ferry company moves over to electric engines."


@pytest.mark.parametrize(
    "question",
    [
        "Is the strike over?",
        "Has the ferry strike ended yet?",
        "Did the strike end?",
        "And is the drilling still going on?",
        "Are the crews still on strike?",
        "Have the talks been called off?",
    ],
)
def test_a_question_may_ask_whether_something_is_over(question):
    assert asks_for_end(question)


@pytest.mark.parametrize(
    "question",
    [
        "When did the strike end?",
        "Who is the mayor?",
        "Why is the strike over?",
        "Is the bridge open?",
        "Has the bridge gone over budget?",
        "Did the crews strike over pay?",
        "Was the crack repaired yet?",
        "Did the bus fall off the bridge?",
        "Are ferries going to Farrow?",
        "",
    ],
)
def test_other_questions_do_not(question):
    assert not asks_for_end(question)


@pytest.mark.parametrize(
    "sentence",
    [
        ENDED,
        "The siege ended on 2 July.",
        "The strike continues, the union said.",
        "The match was called off.",
        "It isn't over, said the mayor.",
        "The talks came to an end.",
    ],
)
def test_a_sentence_may_tell_it(sentence):
    assert tells_end(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        TALKS,
        FERRIES,
        BEGAN,
        "The strike could be over by Friday.",
        "If the strike is over, crews will sail.",
        "She ended up in Orvale.",
        "Crews hope that the strike is called off.",
    ],
)
def test_what_may_come_to_be_or_moves_over_tells_no_end(sentence):
    assert not tells_end(sentence)


def test_the_sentence_that_tells_the_end_answers_once_there_is_one(tmp_path, embedder, open_engine):
    build_archive(
        tmp_path / "index",
        [
            article("began", BEGAN, title="Ferry strike begins", published="2026-03-02"),
            article("talks", TALKS, title="Ferry talks break down", published="2026-03-06"),
            article("ended", ENDED, title="Ferry strike ends", published="2026-03-14"),
            article("ordered", FERRIES, title="Two ferries for Farrow", published="2026-04-20"),
        ],
        embedder,
    )
    engine = open_engine(tmp_path / "index")
    for question in (
        "Is the ferry strike over?",
        "Has the ferry strike ended?",
        "Is the ferry strike still on?",
    ):
        assert engine.ask(question, as_of="2026-05-01").claims[0].text == ENDED
        assert ENDED not in engine.ask(question, as_of="2026-03-10").answer
