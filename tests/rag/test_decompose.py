"""Questions that a capable model takes apart, where the rules see one."""

import pytest

from rag.decompose import decomposed, may_be_several
from rag.errors import GenerationError
from rag.two_steps import TwoSteps
from tests.fakes import ScriptedModel

QUESTION = "Where did the founder of the airline in Orvale that went bankrupt study?"


def seen(reply, question=QUESTION):
    return decomposed(question, ScriptedModel(reply, capable=True))


def test_lines_that_are_questions_are_its_parts():
    parts = seen(
        "1. Where is the airline?\n- Who founded the airline that went bankrupt?\n\nWhere did he study?"
    )
    assert [part.asks for part in parts] == [
        "Where is the airline?",
        "Who founded the airline that went bankrupt?",
        "Where did he study?",
    ]
    assert not any(part.compared or part.leans for part in parts)


def test_a_line_that_needs_the_first_answer_makes_two_steps():
    steps = seen("Who is the founder of the airline in Orvale?\nWhere did {1} study?")
    assert isinstance(steps, TwoSteps)
    assert steps.first == "Who is the founder of the airline in Orvale?"
    assert steps.second("Ada Quill") == "Where did Ada Quill study?"


@pytest.mark.parametrize(
    "reply",
    [
        "ONE",
        "",
        "Who is the founder?",
        "Who is the founder?\nWhere did {2} study?",
        "Where did {1} study?\nWho is the founder?",
        "Who is the founder?\nWhere {x} did {1} study?",
        "Who is the founder?\nThe rest of this line was cut o",
        "a?\nb?\nc?\nd?\ne?",
        GenerationError("the language model broke off"),
    ],
)
def test_anything_else_is_one_lookup(reply):
    assert seen(reply) is None


def test_a_plan_with_a_name_or_number_that_nobody_said_is_not_used(caplog):
    assert seen("Who is Ada Quill?\nWhere did the founder study?") is None
    assert seen("Who is the founder of 1999?\nWhere did the founder study?") is None
    assert "ada" in caplog.text


@pytest.mark.parametrize(
    ("question", "several"),
    [
        (QUESTION, True),
        ("Which of the two budgets grew more in 2025 than in 2024?", True),
        ("Who is the mayor of Stellhaven?", False),
        ("When did the ferry strike at Kittiwake Lines begin this year?", False),
    ],
)
def test_a_model_is_asked_only_where_it_may_help(question, several):
    assert may_be_several(question) is several
