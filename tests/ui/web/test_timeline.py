"""The page's view of a story's course."""

from dataclasses import replace

import pytest

from index.errors import ArchiveNotFoundError
from rag.answer import AbstainReason
from rag.question import Message
from tests.ui.fake_engine import APPROVED, COURSE, HOSTILE, NO_COURSE, FakeEngine
from tests.ui.web.test_handlers import ask
from tests.ui.web.test_render import assert_inert, audit
from ui.web import render, source_panel
from ui.web.conversation import Conversation, Progress, Turn
from ui.web.handlers import Handlers

TOLD = Turn(number=2, question="How?", progress=Progress.DONE, timeline=COURSE)


def course(engine, question="How?", conversation=None, **bounds):
    given = {"as_of": None, "since": None, "until": None, "outlets": None, **bounds}
    return list(Handlers(engine).timeline(question, conversation or Conversation(), number=1, **given))


def test_each_event_shows_its_day_its_sentence_its_marks_and_who_reports_it():
    found = assert_inert(render.answer(TOLD))
    assert "27 Feb 2026 reported · announced for 1 Jun 2026 · Evening Post" in found.text
    assert "1 Mar 2026 3 outlets · 2 independent" in found.text
    assert found.text.index("The bridge will cost 41 million") < found.text.index(
        "approved the Harbour Bridge"
    )
    assert found.links == ["#cite-2-1", "#cite-2-1", "#cite-2-2"]
    assert {"ol", "li", "time"} <= found.tags


def test_the_marks_lead_to_cards_beside_it():
    markup = source_panel.sources([TOLD])
    assert_inert(markup)
    assert 'id="cite-2-1"' in markup
    assert 'id="cite-2-2"' in markup
    assert "2026-03-01: The Saltmarsh council approved" in markup  # for the copy button


def test_where_nothing_is_told_that_is_said():
    markup = render.answer(replace(TOLD, timeline=NO_COURSE))
    assert "dl-abstained" in markup
    assert NO_COURSE.note in markup
    assert "No passage comes near." in source_panel.sources([replace(TOLD, timeline=NO_COURSE)])
    empty = replace(NO_COURSE, reason=AbstainReason.EMPTY_INDEX)
    assert "The archive is empty" in render.answer(replace(TOLD, timeline=empty))


def test_hostile_articles_are_inert():
    event = replace(
        COURSE.events[0],
        date='"><script>',
        text=HOSTILE.passage,
        announced_for='"><img src=x>',
        citations=(1,),
    )
    told = replace(
        COURSE, question=HOSTILE.title, as_of="<u>", events=(event,), citations=(replace(HOSTILE, n=1),)
    )
    turn = replace(TOLD, question=HOSTILE.title, timeline=told)
    assert_inert(render.answer(turn))
    assert_inert(source_panel.sources([turn]))
    assert "window.pwned" in audit(render.answer(turn)).text


def test_the_button_asks_for_the_course_of_what_stands_in_the_box():
    engine = FakeEngine()
    shown = course(engine, as_of="2026-03-03", outlets=["Evening Post"])
    assert "Searching the archive" in shown[0][1][1]["metadata"]["title"]
    conversation, messages, sources, box, note = shown[-1]
    assert conversation.last.timeline.events == COURSE.events
    assert "dl-timeline" in messages[-1]["content"]
    assert "Sources" in sources
    assert (box["value"], note) == ("", "")
    [asked] = engine.asked
    assert (asked["as_of"], asked["sources"]) == ("2026-03-03", ("Evening Post",))


def test_with_an_empty_box_it_is_that_of_the_last_question():
    engine = FakeEngine()
    conversation = ask(engine, "When?")[-1][0]
    course(engine, " ", conversation)
    assert (engine.asked[-1]["question"], engine.asked[-1]["history"]) == ("When?", ())
    assert "Write a question first." in course(engine, "")[-1][4]


def test_it_is_asked_with_the_conversation_and_is_no_answer_of_it():
    engine = FakeEngine()
    conversation = course(engine, "And how?", ask(engine, "When?")[-1][0])[-1][0]
    told = (Message(role="user", content="When?"), Message(role="assistant", content=APPROVED.answer))
    assert engine.asked[-1]["history"] == told
    assert conversation.history() == told


@pytest.mark.parametrize(
    ("error", "says"),
    [(ArchiveNotFoundError("no index: build one"), "No index: build one"), (RuntimeError("secret"), "log")],
)
def test_an_error_is_one_line_and_the_question_is_kept(error, says):
    _, messages, _, box, _ = course(FakeEngine(error=error))[-1]
    assert says in messages[-1]["content"]
    assert "secret" not in str(messages)
    assert box["value"] == "How?"


def test_a_question_that_cannot_be_asked_goes_back_into_its_box():
    conversation, _, _, box, note = course(FakeEngine(), as_of="yesterday")[-1]
    assert box["value"] == "How?"
    assert "“As of” is" in note
    assert conversation.turns == ()
