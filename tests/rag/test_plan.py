from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.filters import Filter
from rag.periods import Period
from rag.plan import make_plan, plans_of_parts
from rag.question import Message, Question

TODAY = date(2026, 3, 11)


def user(text):
    return Message(role="user", content=text)


def assistant(text):
    return Message(role="assistant", content=text)


def plan(text, *, history=(), **filters):
    return make_plan(Question.parse(text, history=history, **filters), today=TODAY)


def test_a_follow_up_is_made_to_stand_by_itself():
    history = [user("When did Netanyahu meet Vance?"), assistant("On 22 October 2025 [1].")]
    made = plan("Where did they meet?", history=history)
    assert made.standalone == made.asks == "Where did Netanyahu and Vance meet?"


def test_what_a_follow_up_needs_comes_before_what_it_asks():
    made = plan("How many?", history=[user("Did the ferry strike in Stellhaven end?")])
    assert made.standalone == "Did the ferry strike in Stellhaven end? How many?"
    assert made.asks == "How many?"


def test_a_part_that_names_nothing_leans_on_the_first_with_its_context():
    made = plan("Who spoke there, and who listened?", history=[user("When did the council of Orvale meet?")])
    first, second = plans_of_parts(made)
    assert first.standalone == "When did the council of Orvale meet? Who spoke there"
    assert second.asks == "who listened?"
    assert second.standalone == f"{first.standalone} who listened?"


def test_a_question_that_stands_by_itself_keeps_to_itself():
    made = plan("Who is the mayor of Stellhaven?", history=[user("When did Netanyahu meet Vance?")])
    assert made.standalone == made.asks == "Who is the mayor of Stellhaven?"


def test_a_follow_up_without_history_is_asked_as_it_is():
    assert plan("Why?").standalone == "Why?"


def test_a_follow_up_keeps_the_period_of_its_subject_unless_it_names_its_own():
    history = [user("Where did Netanyahu meet Trump in February 2025?")]
    february = Period(start=date(2025, 2, 1), end=date(2025, 2, 28))
    assert plan("Who was there?", history=history).period == february
    own = plan("And in March 2025?", history=history).period
    assert own == Period(start=date(2025, 3, 1), end=date(2025, 3, 31))


def test_without_an_as_of_day_it_is_today():
    made = plan("who?")
    assert made.as_of == TODAY
    assert made.where == Filter(until=TODAY, undated=True)


def test_the_clock_is_asked_where_nothing_stands_in_for_it():
    assert make_plan(Question.parse("who?")).as_of >= TODAY


@pytest.mark.parametrize(
    ("as_of", "until", "last"),
    [
        ("2026-02-01", None, date(2026, 2, 1)),
        ("2026-02-01", "2026-01-01", date(2026, 1, 1)),
        ("2026-02-01", "2026-03-01", date(2026, 2, 1)),
        (None, "2026-12-31", TODAY),
    ],
)
def test_the_search_ends_at_the_earlier_of_as_of_and_until(as_of, until, last):
    assert plan("who?", as_of=as_of, until=until).where.until == last


def test_the_other_filters_are_handed_on():
    where = plan("who?", since="2026-01-01", sources=["cnn.com"]).where
    assert (where.since, where.sources) == (date(2026, 1, 1), ("cnn.com",))


@pytest.mark.parametrize(
    ("filters", "seen"),
    [
        ({}, True),
        ({"sources": ["cnn.com"]}, True),
        ({"as_of": "2026-01-01"}, False),
        ({"since": "2026-01-01"}, False),
        ({"until": "2026-01-01"}, False),
    ],
)
def test_articles_of_unknown_date_are_seen_only_where_no_date_was_given(filters, seen):
    assert plan("who?", **filters).where.undated is seen


def test_a_date_in_the_question_is_a_preference_and_no_bound():
    made = plan("What happened in January 2026?")
    assert made.period == Period(start=date(2026, 1, 1), end=date(2026, 1, 31))
    assert made.where == Filter(until=TODAY, undated=True)


@given(st.text(min_size=1, max_size=60).filter(str.strip), st.lists(st.text(max_size=30), max_size=3))
def test_any_question_after_any_conversation_has_a_plan(text, said):
    turns = [turn(content) for content in said for turn in (user, assistant)]
    made = plan(text, history=turns, as_of="2026-01-01")
    assert made.standalone.endswith(made.asks)
    assert made.where.until == date(2026, 1, 1)
