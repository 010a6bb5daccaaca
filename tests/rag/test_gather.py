"""Questions of several parts, from the question to the answer."""

import re

import pytest

from rag.events import AnswerEvent, PassagesEvent, TokenEvent
from tests.fakes import ScriptedModel
from tests.index.corpus import article
from tests.rag.harbour import build_archive

GREENS = "The Greens won 57 seats in the council of Orvale."
LABOUR = "Labour won 43 seats in the council of Orvale."
BOTH = "The Greens won 59 seats and Labour 41 in the council of Stellhaven."
MEDIATOR = "Ansel Dray will mediate in the ferry strike at Kittiwake Lines."
AGE = "Ansel Dray, aged 67, was a judge in Vessenport for 19 years."
FIRST_FIRE = "A fire burned down the fish hall of Farrow on 2 March 2026."
SECOND_FIRE = "A fire burned down the sail loft of Farrow on 9 April 2026."
AS_OF = "2026-05-01"

ARTICLES = [
    article("greens", GREENS, title="Greens ahead in Orvale", published="2026-02-01"),
    article("labour", LABOUR, title="Labour behind in Orvale", published="2026-02-02"),
    article("mediator", MEDIATOR, title="Mediator named", published="2026-02-10"),
    article("judge", AGE, title="A judge looks back", published="2026-02-11"),
    article("hall", FIRST_FIRE, title="Fish hall of Farrow burns", published="2026-03-02"),
    article("loft", SECOND_FIRE, title="Sail loft of Farrow burns", published="2026-04-09"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory, embedder):
    root = tmp_path_factory.mktemp("parts") / "index"
    build_archive(root, ARTICLES, embedder)
    return root


@pytest.fixture
def ask(index, open_engine):
    def asking(question, *, model=None, **settings):
        events = list(open_engine(index, model=model, **settings).stream(question, as_of=AS_OF))
        answer = events[-1].answer
        assert isinstance(events[-1], AnswerEvent)
        assert "".join(one.text for one in events if isinstance(one, TokenEvent)) == answer.answer
        (found,) = [one.passages for one in events if isinstance(one, PassagesEvent)]
        assert {one.chunk_id for one in answer.citations} <= {one.chunk_id for one in found} | {""}
        return answer

    return asking


def said(answer):
    return [claim.text for claim in answer.claims]


def test_each_thing_that_is_compared_is_answered_from_its_own_article(ask):
    answer = ask("Who won more seats in Orvale, the Greens or Labour?")
    assert said(answer) == [GREENS, LABOUR]
    assert [claim.citations for claim in answer.claims] == [(1,), (2,)]
    assert answer.not_found == ()


def test_a_sentence_on_all_the_things_is_enough(tmp_path, embedder, open_engine):
    root = tmp_path / "index"
    build_archive(root, [*ARTICLES, article("both", BOTH, published="2026-03-01")], embedder)
    answer = open_engine(root).ask("Who won more seats, the Greens or Labour?", as_of=AS_OF)
    assert said(answer) == [BOTH]


def test_a_thing_that_no_article_tells_of_is_said_to_be_missing(ask):
    answer = ask("Who won more seats in Orvale, the Greens or the Monarchists?")
    assert said(answer) == [GREENS]
    assert answer.not_found == ("the Monarchists",)
    assert answer.answer.endswith(" I found nothing that says this of the Monarchists.")
    assert not answer.abstained


def test_a_joined_question_that_nothing_answers_is_said_to_be_missing(ask):
    answer = ask("Who will mediate in the ferry strike, and which violinist won the Krakow prize?")
    assert said(answer) == [MEDIATOR]
    assert answer.not_found == ("which violinist won the Krakow prize?",)
    assert answer.answer.endswith("I found nothing that answers “which violinist won the Krakow prize?”.")


def test_nothing_on_any_of_the_things_is_an_abstention(ask):
    answer = ask("Which is older, the opera of Krakow or the opera of Lemberg?")
    assert answer.abstained
    assert answer.claims == ()
    assert answer.not_found == ()


def test_every_mark_of_an_answer_in_parts_is_one_of_its_citations(ask):
    answer = ask("Who won more seats in Orvale, the Greens or Labour?")
    marks = {int(mark) for mark in re.findall(r"\[(\d+)\]", answer.answer)}
    assert marks == {citation.n for citation in answer.citations}


def test_a_description_is_looked_up_before_what_is_asked_of_it(ask):
    answer = ask("How old is the man who will mediate in the ferry strike?")
    assert MEDIATOR in said(answer)
    assert AGE in said(answer)


def test_how_often_is_answered_by_the_reports_where_none_gives_a_number(ask):
    answer = ask("How many times has a fire burned down in Farrow?")
    assert said(answer) == [FIRST_FIRE, SECOND_FIRE]
    assert answer.answer.endswith("No article found says how often; these are the reports of it, by day.")
    assert answer.not_found == ("How many times has a fire burned down in Farrow?",)


def test_without_decomposition_a_question_is_asked_as_one(ask):
    question = "Who won more seats in Orvale, the Greens or the Monarchists?"
    assert ask(question, retrieval={"decomposition": False}).not_found == ()


def test_a_capable_model_gets_the_sentences_on_all_the_things_at_once(ask):
    model = ScriptedModel(f"{GREENS} {LABOUR}", capable=True)
    answer = ask("Who won more seats in Orvale, the Greens or Labour?", model=model)
    assert said(answer) == [GREENS, LABOUR]
    prompts = [message.content for message in model.prompts[0]]
    assert GREENS in prompts[-1]
    assert LABOUR in prompts[-1]


def test_what_a_capable_model_leaves_out_of_the_things_is_quoted(ask):
    model = ScriptedModel(GREENS, capable=True)
    answer = ask("Who won more seats in Orvale, the Greens or Labour?", model=model)
    assert said(answer) == [GREENS, LABOUR]


def test_a_small_model_is_not_asked_to_compare(ask):
    model = ScriptedModel("The Greens won everything.")
    answer = ask("Who won more seats in Orvale, the Greens or Labour?", model=model)
    assert said(answer) == [GREENS, LABOUR]
    assert answer.model == "quote"


def test_a_capable_model_takes_apart_what_the_rules_do_not(ask):
    question = "Tell me the age of the person who was named in the ferry strike as mediator"
    model = ScriptedModel(
        "Who will mediate in the ferry strike?\nHow old is {1}?", MEDIATOR, AGE, capable=True
    )
    answer = ask(question, model=model)
    assert said(answer) == [MEDIATOR, AGE]
    assert question in model.prompts[0][-1].content


def test_without_decomposition_no_model_is_asked_for_parts(ask):
    question = "Tell me the age of the person who was named in the ferry strike as mediator"
    model = ScriptedModel("NO ANSWER", capable=True)
    ask(question, model=model, retrieval={"decomposition": False})
    assert all(question not in prompt[0].content for prompt in model.prompts)
    assert len(model.prompts) <= 1


QUAKE = "The Harn quake killed at least 31 people in Cawl."
QUAKE_LATER = "Rescuers say the Harn quake has killed 64 people in Cawl."
OTHER_QUAKE = "At least 25 people died in the Pellow quake."
STORIES = [
    article("q1", QUAKE, title="Harn quake live updates", published="2026-03-02"),
    article("q2", QUAKE_LATER, title="Harn quake", published="2026-03-04", source="two.example"),
    article(
        "q3", f"{OTHER_QUAKE} The beach is shut.", title="Harn quake live updates", published="2026-03-03"
    ),
    article(
        "drop",
        "The shipyard Vantage Marine has parted with its singer, Ilse Marn.",
        title="Vantage Marine drops Ilse Marn",
        published="2026-04-21",
    ),
    article(
        "ban",
        "Ilse Marn, whose account Farrow Radio restricted on Friday, sings on.",
        title="Farrow Radio restricts account of Ilse Marn",
        published="2026-04-08",
    ),
]


@pytest.fixture
def stories(tmp_path, embedder, open_engine):
    root = tmp_path / "stories"
    build_archive(root, STORIES, embedder)
    return lambda question: open_engine(root).ask(question, as_of=AS_OF)


def test_of_a_thing_compared_its_own_latest_state_is_told_and_not_that_of_the_other(stories):
    answer = stories("Which was more deadly, the Harn quake or the Pellow quake?")
    assert said(answer) == [f"As of 4 March 2026: {QUAKE_LATER}", OTHER_QUAKE]
    assert answer.not_found == ()


def test_a_thing_of_which_only_the_other_s_sentences_are_found_is_missing(tmp_path, embedder, open_engine):
    build_archive(tmp_path / "index", STORIES[2:], embedder)
    answer = open_engine(tmp_path / "index").ask(
        "Which was more deadly, the Harn quake or the Pellow quake?", as_of=AS_OF
    )
    assert said(answer) == [OTHER_QUAKE]
    assert answer.not_found == ("the Harn quake",)


def test_of_two_events_each_is_told_under_the_day_of_its_report(stories):
    answer = stories("Did Vantage Marine drop Ilse Marn before or after Farrow Radio restricted her account?")
    assert said(answer) == [
        "Reported on 21 April 2026: The shipyard Vantage Marine has parted with its singer, Ilse Marn.",
        "Reported on 8 April 2026: Ilse Marn, whose account Farrow Radio restricted on Friday, sings on.",
    ]
    assert answer.not_found == ()


def test_which_outlets_and_how_many_articles_is_answered_by_the_articles(ask):
    answer = ask("How many articles are about the fire in Farrow?")
    assert answer.answer.startswith(
        "I found 2 articles on this, from example.com; the archive may hold more.\n\n"
    )
    assert said(answer) == [
        f"example.com, 2 March 2026: {FIRST_FIRE}",
        f"example.com, 9 April 2026: {SECOND_FIRE}",
    ]
    assert answer.not_found == ()
    assert said(ask("Which outlet reported the fish hall fire in Farrow?"))[0].startswith(
        "example.com, 2 March"
    )
    assert ask("How many articles are about the opera of Krakow?").abstained


def test_a_correction_opens_with_the_right_figure(tmp_path, embedder, open_engine):
    notice = "Correction: our report gave the Orvale bridge budget as 121 million euros. That was wrong."
    right = "The right bridge budget is 112 million euros."
    root = tmp_path / "index"
    build_archive(root, [article("notice", f"{notice} {right}", title="Correction: bridge budget")], embedder)
    [claim] = open_engine(root).ask("What is the Orvale bridge budget?").claims
    assert claim.text.startswith(f"{right} Correction: our report gave")
