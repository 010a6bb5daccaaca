"""Which questions lean on what was said before, and which have a subject of their own."""

import json
from pathlib import Path

import pytest

from rag.binding import points_back, unbound_pronouns
from rag.conversation import stand_alone
from rag.leaning import is_follow_up
from rag.question import Message

STANDALONE = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "standalone.jsonl").read_text("utf-8").splitlines()
]


def pronouns(text):
    """Return the pronouns that point out of a question."""
    return [match["word"].lower() for match in unbound_pronouns(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Which firm raised its prices?",
        "Which party said it would vote against the toll?",
        "Which ferry was sold after it was repaired?",
        "Who lost two ovens and all his flour?",
        "Which minister announced that she would resign?",
        "Which yards said they will build ferries?",
        "Did Sollberg tell people when they could go home?",
        "When did Brandt say that she would resign?",
        "After she lost the recount, what did Marwick do?",
        "With his ferry sold, which captain left Orvale?",
        "The bridge is late: when will cars cross it?",
        "Is it true that the gates were shut?",
        "Was it announced who will build the bridge?",
        "How much does it cost to enter the museum?",
        "How many boats are there on the river?",
        "Who said there will be a strike?",
        "Which captain says she’s ready?",
        "How much will the new ferry cost and when will it be delivered?",
        "Is the Lantern Bridge longer than the bridge it replaces?",
        "Is it going to rain on Saturday?",
        "What time is it in Orvale?",
        "Does it matter who wins?",
        "When did Brandt and Quill meet and what did they discuss?",
    ],
)
def test_a_pronoun_that_the_question_explains_points_nowhere_else(text):
    assert pronouns(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Which yard will build them?", ["them"]),  # an object is never the subject of its own clause
        ("What did the flood cost him?", ["him"]),
        ("Did the council approve it?", ["it"]),
        ("Who paid for it?", ["it"]),  # nobody is "it"
        ("What did the union say about his offer?", ["his"]),  # a union is not "he"
        ("Did his wife come along?", ["his"]),
        ("What do their members earn?", ["their"]),
        ("How many pages does her report have?", ["her"]),
        ("What did she say about her rival?", ["she"]),
        ("What did Trump say there?", ["there"]),
        ("Who was there?", ["there"]),
        ("After she resigned, who became mayor?", ["she"]),
    ],
)
def test_a_pronoun_that_nothing_in_the_question_explains_points_out_of_it(text, words):
    assert pronouns(text)[:1] == words


@pytest.mark.parametrize(
    "text", ["Why that?", "How many of those?", "Was that one insured?", "Who ran then?"]
)
def test_this_and_that_point_back(text):
    assert points_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "Who said that a small majority is a good teacher?",
        "Which storm was it that shut the museum?",
        "What happened this week?",
        "Which former judge mediated?",
        "How many metres of quay is one ship long?",
    ],
)
def test_that_which_joins_clauses_does_not(text):
    assert not points_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "By how much?",
        "since when?",
        "and with whom?",
        "How many in Orvale?",
        "in Stellhaven?",
        "After the flood?",
        "in 2024?",
        "a week later?",
        "four years earlier?",
        "on the following day",
        "and now?",
        "Who else?",
        "any others?",
        "and the second one?",
        "What did Colm Adair say about it?",
        "Why did Brandt support that?",
        "When did it end?",
        "Who resigned?",
    ],
)
def test_a_question_that_is_cut_short_or_points_back_is_a_follow_up(text):
    assert is_follow_up(text)


@pytest.mark.parametrize(
    "text",
    [
        "By how many votes did Brandt win?",
        "Since when has Colm Adair led the union?",
        "Who else joined Vance in Israel?",
        "In November 2025, how high was the river?",
        "After the flood, which bridge reopened first?",
        "How many puffins nest on the western cliffs?",
        "Why are there delays on the harbour bridge?",
        "Who in Orvale lost two ovens?",
        "Which deputy mayor quit over those metres of quay?",
    ],
)
def test_a_whole_question_is_none(text):
    assert not is_follow_up(text)


@pytest.mark.parametrize("row", STANDALONE, ids=lambda row: row["question"])
def test_after_an_unrelated_turn_a_question_of_its_own_is_asked_as_it_is(row):
    history = [
        Message(role="user", content=row["before"]),
        Message(role="assistant", content=row["answer"]),
    ]
    read = stand_alone(row["question"], history).text
    assert read.lower() == row["question"].lower().removeprefix("and ")
