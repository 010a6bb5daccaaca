"""Small talk gets a friendly line; whatever asks for something gets an answer from the archive."""

import pytest

from rag.events import AnswerEvent, PassagesEvent, PlanEvent, TokenEvent
from rag.question import Message
from rag.small_talk import small_talk
from tests.fakes import ScriptedModel
from tests.rag.harbour import WHO_OPENED


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "Hi!",
        "Hello there.",
        "thanks!",
        "Thank you very much",
        "thank you, bye",
        "who are you?",
        "What can you do?",
        "what’s your name",
        "good morning",
        "Hi, how are you?",
        "Hello! Who are you?",
        "bye",
        "ok thanks 👋",
        "That was great, thanks!",
    ],
)
def test_what_asks_nothing_of_the_archive_is_small_talk(text):
    assert small_talk(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hi, who won the election?",
        "Who are you talking about?",
        "What can you do about the flood?",
        "thanks to whom was it built?",
        "Good Morning Vietnam",
        "hello kitty",
        "history",
        "Who is the mayor?",
        "what's up with the ferry?",
        "how are you taxed in Orvale?",
        "bye-election",
        "help for flood victims",
        "why?",
        "?",
        "👋",
        "hi " * 40,
        "thanks thanks thanks thanks",
    ],
)
def test_what_has_a_name_or_a_subject_is_none(text):
    assert small_talk(text) is None


def test_a_greeting_with_a_question_about_the_bot_is_answered_by_who_it_is():
    assert small_talk("Hi! Who are you?") == small_talk("Who are you?") != small_talk("Hi!")


def test_small_talk_is_answered_without_search_or_model(harbour, open_engine, embedder):
    model = ScriptedModel("never said", capable=True)
    embedded = list(embedder.embedded)
    events = list(
        open_engine(harbour, model=model).stream(
            "thanks!", history=[Message(role="user", content=WHO_OPENED)], as_of="2026-05-01"
        )
    )
    assert [type(event) for event in events] == [PlanEvent, PassagesEvent, TokenEvent, AnswerEvent]
    assert model.prompts == []
    assert embedder.embedded == embedded
    answer = events[-1].answer
    assert answer.answer == "".join(event.text for event in events if isinstance(event, TokenEvent))
    assert answer.standalone_question == "thanks!"
    assert (answer.abstained, answer.reason) == (False, None)
    assert answer.claims == answer.citations == answer.follow_ups == events[1].passages == ()


def test_a_greeting_before_a_question_leaves_it_a_question(harbour, open_engine):
    answer = open_engine(harbour).ask(f"Hi, {WHO_OPENED}", as_of="2026-05-01")
    assert "Ada Quill" in answer.answer
