"""Questions about something that is described by another fact."""

import pytest

from rag.entities import Kind
from rag.two_steps import named_in, two_steps


@pytest.mark.parametrize(
    ("question", "first", "then"),
    [
        (
            "How old is the man who mediated in the strike?",
            "Who mediated in the strike?",
            "How old is Ansel Dray?",
        ),
        (
            "Who is the mayor of the town that was flooded in November?",
            "Which town was flooded in November?",
            "Who is the mayor of Ansel Dray?",
        ),
        (
            "What did the ferry company that ordered two ships offer its crews?",
            "Which ferry company ordered two ships?",
            "What did Ansel Dray offer its crews?",
        ),
    ],
)
def test_the_description_is_asked_first_and_its_answer_takes_its_place(question, first, then):
    steps = two_steps(question)
    assert steps.first == first
    assert steps.second("Ansel Dray") == then


@pytest.mark.parametrize(
    "question",
    [
        "Who is the man who mediated in the strike?",
        "What is the name of the town that was flooded?",
        "Who won the election in Vessenport?",
        "What is the price of the bridge that opens in May?",
        "Which town was flooded by the river that rose in November?",
        "What did the company that ordered two ships?",
        "Who leads the party?",
        "Where was the party that won the election founded?",
        "How much is the company that ordered the ferries worth?",
        "{0} is the man who {1}?",
        "",
    ],
)
def test_a_name_asked_for_by_its_description_is_one_step(question):
    assert two_steps(question) is None


def test_the_name_is_the_one_of_the_kind_asked_for_that_the_best_sentences_give_most():
    steps = two_steps("How old is the man who mediated in the strike in Orvale?")
    assert steps.kind is Kind.PERSON
    found = [
        "The former judge Ansel Dray will mediate in Orvale, the Harbour Board said.",
        "Mr Dray met Petra Vanmeer on Monday.",
    ]
    assert named_in(found, steps) == "Ansel Dray"


def test_no_name_of_the_kind_is_none():
    steps = two_steps("How old is the man who mediated in the strike?")
    assert named_in(["A mediator is to be named next week."], steps) is None
    assert named_in([], steps) is None
