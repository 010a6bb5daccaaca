"""A conversation takes a line at a time, and hands over what was said before."""

from index.errors import ArchiveDamagedError
from rag.question import Message
from tests.ui.cli.conftest import Run
from tests.ui.cli.fakes import FakeBackend
from tests.ui.fake_engine import APPROVED, FakeEngine


def test_each_line_is_a_question_which_knows_the_ones_before(run: Run, backend: FakeBackend):
    result = run("chat", stdin="When was it approved?\n\nWho pays?\n")
    assert result.exit_code == 0
    first, second = backend.fake_engine.asked
    assert first["history"] == ()
    assert second["history"] == (
        Message(role="user", content="When was it approved?"),
        Message(role="assistant", content=APPROVED.answer),
    )
    assert result.stdout.count(APPROVED.answer) == 2


def test_new_forgets_and_quit_leaves(run: Run, backend: FakeBackend):
    result = run("chat", stdin="one\n/new\ntwo\n/quit\nthree\n")
    assert result.exit_code == 0
    assert [asked["history"] for asked in backend.fake_engine.asked] == [(), ()]


def test_sources_shows_the_passages_of_the_last_answer(run: Run):
    output = run("chat", stdin="/sources\nwhen?\n/sources\n").output
    assert "There is no answer with sources yet." in output
    assert "The Saltmarsh council approved the Harbour Bridge by nine votes to four." in output


def test_an_unknown_command_is_not_asked_as_a_question(run: Run, backend: FakeBackend):
    output = run("chat", stdin="/forget\n/help\n").output
    assert "there is no command '/forget'" in output
    assert "/quit" in output
    assert backend.fake_engine.asked == []


def test_an_error_ends_the_turn_and_not_the_conversation(run: Run, backend: FakeBackend):
    backend.fake_engine = FakeEngine(answers={"one": ArchiveDamagedError("a file is gone")})
    result = run("chat", stdin="one\ntwo\n")
    assert result.exit_code == 0
    assert "error: a file is gone" in result.stderr
    assert result.stdout.count(APPROVED.answer) == 1


def test_filters_hold_for_the_whole_conversation(run: Run, backend: FakeBackend):
    run("chat", "--as-of", "2026-03-03", "--source", "Courier", stdin="one\ntwo\n")
    assert {asked["as_of"] for asked in backend.fake_engine.asked} == {"2026-03-03"}
    assert {asked["sources"] for asked in backend.fake_engine.asked} == {("Courier",)}
