"""Questions about history are not drawn to last week; those about the latest are."""

import pytest

from rag.recency import HISTORY, LATEST, asks_for_state, recency_preference


@pytest.mark.parametrize(
    "question",
    [
        "What happened on the anniversary of the flood?",
        "When was the lighthouse of Stellhaven built?",
        "Who founded the ferry line?",
        "Why was the pier closed ten years ago?",
    ],
)
def test_history_is_asked_for_by_its_words(question):
    assert recency_preference(question) == HISTORY


@pytest.mark.parametrize(
    "question",
    [
        "What is the latest on the bridge?",
        "Who is currently mayor of Orvale?",
        "Which pier was closed this week?",
        "What was said today on the flood's anniversary?",
    ],
)
def test_the_latest_is_asked_for_by_its_words(question):
    assert recency_preference(question) == LATEST


@pytest.mark.parametrize("question", ["Who opened the bridge?", "How much did the ferry cost?", ""])
def test_most_questions_say_nothing_of_it(question):
    assert recency_preference(question) == 1.0


@pytest.mark.parametrize(
    ("question", "state"),
    [
        ("Who is the deputy mayor of Vessenport?", True),
        ("Which party leads the count?", True),
        ("How many people have died in the flood?", True),
        ("How high is the River Sarn?", True),
        ("Has the ferry strike ended?", True),
        ("When will the bridge open, and is the ferry still on strike?", True),
        ("Who was the deputy mayor in June?", False),
        ("How many people died in the flood?", False),
        ("Did the ferry strike end?", False),
        ("Who is the founder, originally, of the museum?", False),
    ],
)
def test_what_is_asked_in_the_present_is_how_things_stand(question, state):
    assert asks_for_state(question) is state
