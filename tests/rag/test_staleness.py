"""A question about now that old news answer is told how old they are; a question about the past never is."""

from datetime import date, timedelta

import pytest

from rag.plan import make_plan
from rag.question import Question
from rag.staleness import days_allowed, staleness
from tests.index.corpus import article
from tests.rag.harbour import FERRY, WHO_OPENED, build_archive

AS_OF = date(2026, 6, 11)


def plan(question, **bounds):
    return make_plan(Question.parse(question, **{"as_of": AS_OF, **bounds}))


def allowed(question):
    return days_allowed(plan(question))


def days_before(days):
    return (AS_OF - timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("What did the mayor of Orvale say today?", 2),
        ("Who won yesterday's match?", 2),
        ("What happened this week in Orvale?", 7),
        ("What was decided in the past ten days?", 10),
        ("What happened at the weekend?", 7),
        ("Which bridges were shut this month?", 10),
        ("Who resigned last month?", 41),
        ("Who won the harbour cup this year?", 161),
        ("What has changed since March?", 102),
        ("What is the latest on the ferry strike?", 30),
        ("Is the bridge still closed?", 30),
        ("Which company runs the ferry now?", 30),
        ("Who recently left the council?", 30),
        ("How many people are currently missing?", 30),
        ("Who is the mayor of Orvale?", 90),
        ("Who leads the port?", 90),
        ("Does the ferry sail at night?", 90),
        ("How many people are missing?", 90),
        ("When will the Lantern Bridge open?", 90),
        ("Which three-digit number is going out of service?", 90),
    ],
)
def test_how_old_news_may_be_follows_from_what_is_asked(question, days):
    assert allowed(question) == days


@pytest.mark.parametrize(
    "question",
    [
        "When was the bridge opened?",
        "Who opened the harbour bridge in Stellby?",
        "What happened to the night ferry?",
        "How many people died in the flood?",
        "What was said on 3 May 2024?",
        "Who was the mayor in 2019?",
        "In 2024, who was the current champion?",
        "What is known of the strike in March 2026?",
        "Who was the first ever mayor of Orvale?",
        "What is the history of the Lantern Bridge?",
        "Why is the anniversary of the flood kept?",
        "What is the name of the bridge that was opened in 1920?",
    ],
)
def test_the_past_has_no_age(question):
    assert allowed(question) is None
    assert staleness(plan(question), "1999-01-01") is None


def test_the_line_names_the_day_and_how_long_before():
    line = staleness(plan("What is the latest on the strike?"), "2023-05-03")
    assert line == "The newest article cited here is from 3 May 2023, 1,135 days before 11 June 2026."


@pytest.mark.parametrize("question", ["What happened today?", "Who is the mayor?", "What is the latest?"])
def test_on_the_last_day_that_is_allowed_nothing_is_said(question):
    days = allowed(question)
    assert staleness(plan(question), days_before(days)) is None
    assert f", {days + 1} days before" in staleness(plan(question), days_before(days + 1))


def test_news_are_as_old_as_they_were_on_the_last_day_that_the_question_may_see():
    question = "What is the latest on the strike?"
    assert staleness(plan(question, until="2026-03-10"), "2026-03-01") is None
    assert "before 10 March 2026" in staleness(plan(question, until="2026-03-10"), "2026-01-01")


def test_without_a_dated_article_nothing_is_said():
    assert staleness(plan("What is the latest on the strike?"), None) is None


def test_an_answer_says_it_beside_its_text(tmp_path, open_engine, embedder):
    build_archive(tmp_path / "index", [article("ferry", FERRY, published="2026-04-20")], embedder)
    engine = open_engine(tmp_path / "index", answer={"answerable": 0.01})
    asked = "When will the night ferry to Farrow sail again?"
    soon, late = (engine.ask(asked, as_of=day) for day in ("2026-05-01", "2026-08-20"))
    assert (soon.abstained, late.abstained) == (False, False)
    assert (soon.freshness.note, late.freshness.newest_cited) == (None, "2026-04-20")
    assert late.freshness.note == (
        "The newest article cited here is from 20 April 2026, 122 days before 20 August 2026."
    )
    assert "days before" not in late.answer
    assert late.to_dict()["freshness"]["note"] == late.freshness.note


def test_an_answer_about_the_past_does_not_say_it_however_old_its_articles(harbour, open_engine):
    answer = open_engine(harbour).ask(WHO_OPENED, as_of="2036-01-01")
    assert (answer.abstained, answer.freshness.note) == (False, None)


def test_the_newest_of_several_cited_articles_counts(tmp_path, open_engine, embedder):
    articles = [
        article("old", "The ferry strike in Farrow began.", title="Strike begins", published="2026-01-02"),
        article("new", "The ferry strike in Farrow goes on.", title="Strike goes on", published="2026-06-09"),
    ]
    build_archive(tmp_path / "index", articles, embedder)
    answer = open_engine(tmp_path / "index", answer={"answerable": 0.01}).ask(
        "What is the latest on the ferry strike in Farrow?", as_of=AS_OF
    )
    assert (answer.freshness.newest_cited, answer.freshness.note) == ("2026-06-09", None)


def test_an_abstention_cites_nothing_that_could_be_old(harbour, open_engine):
    answer = open_engine(harbour).ask("Which violinist won in Krakow this week?", as_of="2036-01-01")
    assert (answer.abstained, answer.freshness.note) == (True, None)
