from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluate.breakdown import groups_of, kind_of, order_of, time_of, year_of
from rag.evaluate.dataset import EvalQuestion


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who opened the bridge?", "who"),
        ("By whom was the bridge opened?", "who"),
        ("Whose lamp is it?", "who"),
        ("When did it open?", "when"),
        ("In which year did it open?", "when"),
        ("Where is Orvale?", "where"),
        ("How many people came?", "how many"),
        ("How much did it cost?", "how many"),
        ("Which town won?", "which"),
        ("The mayor resigned over which affair?", "which"),
        ("What is the bridge called?", "what"),
        ("Is the bridge open?", "yes-no"),
        ("Did the mayor, who opened it, resign?", "yes-no"),
        ("True or false: the bridge is open.", "yes-no"),
        ("The bridge is open. True or false?", "yes-no"),
        ("Will the bridge open?", "yes-no"),
        ("Will Byrd won which prize?", "which"),
        ("Why did it close?", "other"),
        ("How did it close?", "other"),
        ("The bridge was closed because of:", "other"),
        ("Orvale lost the cup. Who won it?", "who"),
        ("When it rained, the cup was lost. Who won it?", "who"),
        ("Who won the cup? It was the first time.", "who"),
        ("  ", "other"),
    ],
)
def test_the_kind_of_a_question(text, kind):
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Who opened the bridge?", "none"),
        ("Who opened the bridge this week?", "relative"),
        ("Who opened it last month?", "relative"),
        ("Who opened it two weeks ago?", "relative"),
        ("Who opened it over the past 3 years?", "relative"),
        ("Who opened it on Friday?", "relative"),
        ("Who opened it yesterday?", "relative"),
        ("What is the latest?", "relative"),
        ("Who opened it in 2021?", "explicit"),
        ("Who opened it on 5 March?", "explicit"),
        ("Who opened it on March 5?", "explicit"),
        ("Who opened it in early May?", "explicit"),
        ("Who opened it in the 1990s?", "explicit"),
        ("This week the bridge closed, a first since 2008. Why?", "relative"),
        ("May the bridge open?", "none"),
        ("Did they march over it?", "none"),
        ("Who is April Quill?", "none"),
        ("Is the last bridge open?", "none"),
    ],
)
def test_the_time_that_a_question_names(text, time):
    assert time_of(text) == time


def test_the_year_is_that_of_the_question():
    asked = {"id": "q", "text": "Who?"}
    assert year_of(EvalQuestion(**asked, day=date(2025, 12, 31), as_of=date(2026, 1, 1))) == "2025"
    assert year_of(EvalQuestion(**asked, as_of=date(2026, 1, 1))) == "2026"
    assert year_of(EvalQuestion(**asked)) == "undated"


def test_groups_stand_in_an_order_of_their_own():
    assert order_of("kind", ["other", "which", "who"]) == ["who", "which", "other"]
    assert order_of("time", ["explicit", "relative"]) == ["relative", "explicit"]
    assert order_of("year", ["undated", "2026", "2025"]) == ["2025", "2026", "undated"]


@given(st.text(max_size=200))
def test_every_text_is_of_one_group_in_each_way(text):
    groups = groups_of(EvalQuestion(id="q", text=text))
    assert list(groups) == ["year", "kind", "time"]
    for by, name in groups.items():
        assert order_of(by, [name]) == [name]
