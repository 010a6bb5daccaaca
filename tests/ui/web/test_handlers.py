import gradio as gr
import pytest

from index.errors import ArchiveNotFoundError
from rag.errors import GenerationError
from rag.question import Message
from tests.ui.fake_engine import ABSTAINED, APPROVED, INFO, FakeArchive, FakeEngine, Readiness
from ui.web.conversation import MAX_TURNS, Bounds, Conversation, Progress, Turn
from ui.web.handlers import Handlers


def ask(engine, question="When?", conversation=None, **bounds):
    """Return all that is shown, step by step."""
    given = {"as_of": None, "since": None, "until": None, "outlets": None, **bounds}
    return list(Handlers(engine).ask(question, conversation or Conversation(), number=1, **given))


def test_an_answer_grows_and_ends_in_the_state():
    shown = ask(FakeEngine())
    texts = [messages[-1]["content"] for _, messages, *_ in shown]
    assert "Searching the archive" in shown[0][1][1]["metadata"]["title"]
    assert any("The council" in text and "million" not in text for text in texts)
    conversation = shown[-1][0]
    assert conversation.last.answer.answer == APPROVED.answer
    assert conversation.last.progress is Progress.DONE
    assert [option["value"] for option in shown[-1][1][-1]["options"]] == list(APPROVED.follow_ups)


def test_the_box_is_emptied_at_once_and_offers_to_stop():
    shown = ask(FakeEngine())
    assert shown[0][3] == {"__type__": "update", "value": "", "submit_btn": False, "stop_btn": "Stop"}
    assert shown[-1][3] == {"__type__": "update", "value": "", "submit_btn": True, "stop_btn": False}


def test_the_filters_and_the_history_reach_the_engine():
    engine = FakeEngine(answers={"nothing?": ABSTAINED})
    conversation = ask(engine, "When?")[-1][0]
    conversation = ask(engine, "nothing?", conversation)[-1][0]
    ask(engine, "And then?", conversation, as_of=" 2026-03-01 ", since="", outlets=["Evening Post"])
    assert engine.asked[-1] == {
        "question": "And then?",
        "history": (
            Message(role="user", content="When?"),
            Message(role="assistant", content=APPROVED.answer),
        ),
        "as_of": "2026-03-01",
        "since": None,
        "until": None,
        "sources": ("Evening Post",),
        "include_undated": False,
        "show_unsupported": False,
    }


def test_the_option_to_see_what_is_unsupported_reaches_the_engine_and_stays_in_sight():
    engine = FakeEngine()
    ask(engine, show_unsupported=True)
    assert engine.asked[-1]["show_unsupported"] is True
    shown = Handlers(engine).filter_label(None, None, None, [], False, True)
    assert shown["label"] == "Dates and outlets · with what is unsupported"


@pytest.mark.parametrize("blank", ["", "  \n ", None])
def test_a_blank_question_is_a_gentle_line(blank):
    engine = FakeEngine()
    [(conversation, messages, _, _, note)] = ask(engine, blank)
    assert "Write a question first." in note
    assert messages == []
    assert conversation == Conversation()
    assert engine.asked == []


def test_a_question_that_cannot_be_asked_goes_back_into_its_box():
    conversation, messages, _, box, note = ask(FakeEngine(), "When?", as_of="yesterday")[-1]
    assert box["value"] == "When?"
    assert "“As of” is &#x27;yesterday&#x27;" in note
    assert messages == []
    assert conversation.turns == ()


@pytest.mark.parametrize("fail_after", [None, 3])
@pytest.mark.parametrize(
    ("error", "says"),
    [
        (GenerationError("the model failed: ask again"), "The model failed: ask again"),
        (RuntimeError("secret"), "log"),
    ],
)
def test_an_error_is_one_line_in_the_chat_and_the_question_is_kept(error, says, fail_after):
    conversation, messages, _, box, _ = ask(FakeEngine(error=error, fail_after=fail_after))[-1]
    assert says in messages[-1]["content"]
    assert "dl-error" in messages[-1]["content"]
    assert "secret" not in str(messages)
    assert box["value"] == "When?"
    assert conversation.history() == ()


def test_leaving_in_mid_answer_closes_the_engines_generator():
    engine = FakeEngine()
    steps = Handlers(engine).ask("When?", Conversation(), 1, None, None, None, None)
    for _ in range(5):
        next(steps)
    steps.close()
    assert engine.stopped.is_set()


def test_stopping_keeps_what_is_written():
    steps = Handlers(FakeEngine()).ask("When?", Conversation(), 1, None, None, None, None)
    conversation = [next(steps) for _ in range(6)][-1][0]
    stopped, messages, *_ = Handlers(FakeEngine()).stop(conversation)
    assert stopped.last.progress is Progress.STOPPED
    assert "The council" in messages[-1]["content"]
    assert "Stopped." in messages[-1]["content"]


def test_what_a_stopped_run_left_busy_is_settled_and_what_is_done_is_left_alone():
    handlers = Handlers(FakeEngine())
    steps = handlers.ask("When?", Conversation(), 1, None, None, None, None)
    late = [next(steps) for _ in range(6)][-1][0]
    settled, messages, *_ = handlers.settle(late, 1)
    assert settled.last.progress is Progress.STOPPED
    assert "Stopped." in messages[-1]["content"]
    done = ask(FakeEngine())[-1][0]
    assert all(part == gr.skip() for part in handlers.settle(done, 1))


def test_a_conversation_that_was_left_does_not_come_back():
    handlers = Handlers(FakeEngine())
    late = ask(FakeEngine())[3][0]
    cleared, _, _, _, _, number = handlers.clear(1)
    assert cleared == Conversation(number=2)
    assert number == 2
    assert handlers.settle(late, number)[:2] == (Conversation(number=2), [])
    first = next(handlers.ask("And now?", late, number, None, None, None, None))[0]
    assert [turn.question for turn in first.turns] == ["And now?"]


def test_asking_again_takes_the_last_turn_back():
    conversation = ask(FakeEngine())[-1][0]
    assert Handlers(FakeEngine()).retry(conversation) == (Conversation(), "When?")
    assert Handlers(FakeEngine()).retry(Conversation()) == (Conversation(), "")


def test_the_status_line_describes_the_archive():
    line, timer = Handlers(FakeEngine()).status()
    assert "3 articles · 3 outlets · 27 Feb 2026 – 2 Mar 2026" in line
    assert not timer.active


def test_a_missing_index_is_told_with_the_command_and_looked_for_again():
    engine = FakeEngine(
        archive=FakeArchive(error=ArchiveNotFoundError("no index: run `dateline index build`"))
    )
    handlers = Handlers(engine)
    line, timer = handlers.status()
    assert "No index: run `dateline index build`" in line
    assert timer.active
    engine.archive.error = None
    assert "3 articles" in handlers.status()[0]


def test_a_model_that_is_loading_is_told():
    engine = FakeEngine(readiness=lambda: Readiness(ready=False, problem="the language model is starting"))
    line, timer = Handlers(engine).status()
    assert "3 articles" in line
    assert "The language model is starting" in line
    assert timer.active


def test_examples_are_the_newest_titles_unless_they_are_given():
    _, chat = Handlers(FakeEngine()).load()
    assert chat["examples"][0] == {
        "text": "What is reported about “Council approves Harbour Bridge after three-year dispute”?"
    }
    assert Handlers(FakeEngine(), ["Why?"]).load()[1]["examples"] == [{"text": "Why?"}]


def test_the_outlets_to_choose_from_are_those_of_the_archive():
    assert Handlers(FakeEngine()).load()[0]["choices"] == ["archive", "Evening Post", "Saltmarsh Courier"]


def test_a_closed_filter_shows_what_is_set():
    label = Handlers(FakeEngine()).filter_label("2026-03-01", None, "", ["Evening Post"])["label"]
    assert label == "Dates and outlets · as of 2026-03-01 · Evening Post"


def test_the_archive_is_read_once_per_version():
    reads = []

    class Counting(FakeArchive):
        def info(self):
            reads.append(1)
            return INFO

    ask(FakeEngine(archive=Counting()))
    assert len(reads) == 1


def test_a_conversation_keeps_its_latest_turns():
    conversation = Conversation()
    for number in range(MAX_TURNS + 5):
        conversation = conversation.ask(f"{number}?")
    assert len(conversation.turns) == MAX_TURNS
    assert conversation.last == Turn(number=MAX_TURNS + 5, question=f"{MAX_TURNS + 4}?")


def test_blank_bounds_are_none():
    assert Bounds.read("", " ", None, None, None) == Bounds()
