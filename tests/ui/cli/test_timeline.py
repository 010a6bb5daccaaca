"""`ask --timeline` prints dated lines, oldest first, or one JSON document."""

import json
from dataclasses import replace

from index.errors import ArchiveDamagedError
from tests.ui.cli.conftest import Run
from tests.ui.cli.fakes import FakeBackend
from tests.ui.fake_engine import BRIDGE, COURSE, HOSTILE, NO_COURSE, FakeEngine


def test_each_event_is_one_line_with_its_date_marks_and_outlets(run: Run):
    result = run("ask", "--timeline", "How did the bridge come about?")
    lines, _, sources = result.stdout.partition("\nSources\n")
    assert result.exit_code == 0
    first, second = lines.splitlines()
    assert first == (
        "reported 2026-02-27, announced for 2026-06-01  The bridge will cost 41 million, two thirds of it "
        "paid by the region. [1] (Evening Post)"
    )
    assert second == (
        "2026-03-01  The Saltmarsh council approved the Harbour Bridge by nine votes to four. [2][1] "
        "(3 outlets, 2 independent)"
    )
    assert "  2. Council approves Harbour Bridge after three-year dispute — Saltmarsh Courier" in sources
    assert BRIDGE.url in sources
    assert "Newest in the archive: 2026-03-02; asked as of 2026-03-03. Left out: 2 articles" in sources


def test_where_nothing_is_told_that_is_said(run: Run, backend: FakeBackend):
    backend.fake_engine = FakeEngine(course=NO_COURSE)
    result = run("ask", "--timeline", "Who won?")
    assert result.exit_code == 0
    assert result.stdout.startswith("The archive has no dated reports about this.\n")
    assert "Sources" not in result.stdout


def test_json_is_the_timeline_and_nothing_else(run: Run):
    result = run("ask", "--timeline", "How did the bridge come about?", "--json")
    assert json.loads(result.stdout) == json.loads(json.dumps(COURSE.to_dict()))


def test_the_filters_reach_the_engine(run: Run, backend: FakeBackend):
    run("ask", "--timeline", "bridge?", "--as-of", "2026-03-03", "--source", "Courier", "--top-k", "9")
    [asked] = backend.fake_engine.asked
    assert (asked["as_of"], asked["sources"], asked["top_k"]) == ("2026-03-03", ("Courier",), 9)


def test_control_characters_and_markup_of_an_article_are_text(run: Run, backend: FakeBackend):
    event = replace(COURSE.events[0], text="a\x1b]0;owned\x07b [bold]x[/bold]")
    hostile = replace(HOSTILE, n=1, source="\x1b[31m[red]Evil")
    backend.fake_engine = FakeEngine(course=replace(COURSE, events=(event,), citations=(hostile,)))
    output = run("ask", "--timeline", "when?").output
    assert "\x1b" not in output
    assert "\x07" not in output
    assert "[bold]x[/bold]" in output
    assert "[red]Evil" in output


def test_an_error_of_the_engine_is_one_line(run: Run, backend: FakeBackend):
    backend.fake_engine = FakeEngine(error=ArchiveDamagedError("a file is gone: run `dateline index verify`"))
    result = run("ask", "--timeline", "when?")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: a file is gone: run `dateline index verify`\n"
    assert backend.fake_engine.closed.is_set()
