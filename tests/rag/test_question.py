from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import DatelineError
from rag.errors import QuestionError
from rag.question import (
    MAX_QUESTION_CHARACTERS,
    MESSAGE_CHARACTERS,
    REMEMBERED_MESSAGES,
    Message,
    Question,
)

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize("text", ["", "   ", "\n\t \u00a0\u2003"])
def test_a_question_of_nothing_but_blanks_is_refused(text):
    with pytest.raises(QuestionError, match="empty"):
        Question.parse(text)


def test_a_question_of_100_000_characters_is_refused_with_its_length_and_the_limit():
    with pytest.raises(QuestionError, match=r"100,000 characters.*at most 4,000"):
        Question.parse("a" * 100_000)


def test_the_limit_itself_is_allowed_and_blanks_do_not_count():
    assert len(Question.parse("a" * MAX_QUESTION_CHARACTERS).text) == MAX_QUESTION_CHARACTERS
    assert Question.parse(" " * 100_000 + "who?").text == "who?"


def test_white_space_is_made_plain():
    assert Question.parse("  Who\n met\twhom? ").text == "Who met whom?"


def test_bytes_that_were_no_text_do_not_reach_what_follows():
    bad = "met \udcff"
    question = Question.parse(bad, history=[Message(role="user", content=bad)], sources=[bad])
    for text in (question.text, question.history[0].content, *question.sources):
        assert text == "met ?"


def test_of_a_long_conversation_the_last_messages_are_kept_and_cut():
    history = [Message(role="user", content=f"{at} " * 5_000) for at in range(1_000)]
    kept = Question.parse("why?", history=history).history
    assert [message.content.split()[0] for message in kept] == [
        str(at) for at in range(1_000 - REMEMBERED_MESSAGES, 1_000)
    ]
    assert {len(message.content) for message in kept} == {MESSAGE_CHARACTERS}


def test_earlier_messages_are_not_even_read():
    unreadable = [None] * 100_000
    last = [Message(role="user", content="who?")] * REMEMBERED_MESSAGES
    assert Question.parse("why?", history=[*unreadable, *last]).history == tuple(last)


@pytest.mark.parametrize("name", ["as_of", "since", "until"])
@pytest.mark.parametrize("value", ["yesterday", "2026-02-30", "03/03/2026", "2026-3-3", "", "2026", "\x00"])
def test_a_day_that_cannot_be_is_refused_by_its_name_with_the_form_it_takes(name, value):
    with pytest.raises(QuestionError, match=rf"^{name} is .*YYYY-MM-DD"):
        Question.parse("who?", **{name: value})


def test_days_are_taken_as_text_as_dates_and_as_times():
    expected = date(2026, 3, 3)
    for value in (" 2026-03-03 ", expected, datetime(2026, 3, 3, 23, 59)):
        question = Question.parse("who?", as_of=value, since=value, until=value)
        assert (question.as_of, question.since, question.until) == (expected,) * 3
        assert type(question.as_of) is date


def test_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(QuestionError, match=r"since 2026-03-04 is later than until 2026-03-03"):
        Question.parse("who?", since="2026-03-04", until="2026-03-03")
    assert Question.parse("who?", since="2026-03-03", until="2026-03-03").since == date(2026, 3, 3)


@pytest.mark.parametrize("top_k", [0, -1, 101, 10**9])
def test_top_k_has_bounds(top_k):
    with pytest.raises(QuestionError, match="from 1 to 100"):
        Question.parse("who?", top_k=top_k)


@pytest.mark.parametrize("top_k", [None, 1, 100])
def test_top_k_within_its_bounds_is_kept(top_k):
    assert Question.parse("who?", top_k=top_k).top_k == top_k


def test_blank_outlets_are_no_filter():
    assert Question.parse("who?", sources=[" cnn.com ", "", "  "]).sources == ("cnn.com",)


@given(
    text=st.text(max_size=200) | st.text(alphabet="a ", min_size=3_990, max_size=4_010),
    since=st.none() | st.text(max_size=12) | DAYS,
    until=st.none() | DAYS,
    top_k=st.none() | st.integers(),
)
def test_anything_is_a_valid_question_or_a_one_line_error(text, since, until, top_k):
    error = None
    try:
        question = Question.parse(text, since=since, until=until, top_k=top_k)
    except DatelineError as raised:
        error = str(raised)
    if error is not None:
        assert len(error.splitlines()) == 1
        return
    assert 0 < len(question.text) <= MAX_QUESTION_CHARACTERS
    assert question.text == " ".join(question.text.split())
    assert question.since is None or question.until is None or question.since <= question.until
    assert question.top_k is None or 1 <= question.top_k <= 100


def test_a_conversation_may_come_as_the_http_api_takes_it():
    history = [{"role": "user", "content": "Who opened it?"}, {"role": "assistant", "content": "The mayor."}]
    asked = Question.parse("When?", history=history)
    assert asked.history == (
        Message(role="user", content="Who opened it?"),
        Message(role="assistant", content="The mayor."),
    )


@pytest.mark.parametrize("message", [{"role": "system", "content": "x"}, {"content": "x"}, "x", None, {}])
def test_what_is_no_message_is_refused(message):
    with pytest.raises(QuestionError, match=r'write Message\(role="user"'):
        Question.parse("When?", history=[message])
