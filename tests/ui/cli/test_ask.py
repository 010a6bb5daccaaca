"""`ask` and `search` print a person's answer, or one JSON document."""

import json
from dataclasses import replace

import pytest

from index.errors import ArchiveDamagedError
from tests.ui.cli.conftest import Run
from tests.ui.cli.fakes import FakeBackend
from tests.ui.fake_engine import ABSTAINED, APPROVED, BRIDGE, LEFT_OUT, STALE, WITH_LEFT_OUT, FakeEngine


def test_an_answer_is_followed_by_its_numbered_sources(run: Run):
    result = run("ask", "When was the bridge approved?")
    text, _, sources = result.stdout.partition("\nSources\n")
    assert result.exit_code == 0
    assert text == f"{APPROVED.answer}\n\nSearched for “{APPROVED.standalone_question}”\n"
    assert (
        "  1. Council approves Harbour Bridge after three-year dispute — Saltmarsh Courier, 2026-03-01"
        in sources
    )
    assert "The Saltmarsh council approved the Harbour Bridge by nine votes to four." in sources
    assert BRIDGE.url in sources
    assert "also: Harbour Bridge gets the go-ahead — Coastal Wire, 2026-03-01" in sources
    assert "Newest article cited: 2026-03-01; newest in the archive: 2026-03-02" in sources


def test_an_abstention_is_an_answer_and_shows_what_is_nearest(run: Run, backend: FakeBackend):
    backend.fake_engine = FakeEngine(ABSTAINED)
    result = run("ask", "Who won?")
    assert result.exit_code == 0
    assert "The archive holds nothing that answers this." in result.stdout
    assert "Nearest in the archive" in result.stdout
    assert "Sources" not in result.stdout


def test_json_is_the_answer_and_nothing_else(run: Run):
    result = run("ask", "When was the bridge approved?", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == APPROVED.to_dict()


def test_search_gives_the_body_of_the_search_endpoint(run: Run):
    result = run("search", "bridge", "--json")
    assert json.loads(result.stdout) == {
        "passages": [one.to_dict() for one in APPROVED.citations],
        "left_out": {"undated": 2, "updated_later": 0},
    }


def test_what_cannot_be_seen_for_want_of_a_date_is_counted_and_can_be_asked_for(run: Run):
    assert "2 articles of unknown date (--include-undated" in run("search", "bridge").stderr
    assert "unknown date" not in run("search", "bridge", "--include-undated").stderr
    assert "Left out: 2 articles of unknown date" in run("ask", "when?").stdout
    assert "1 article known only as updated later" in run("ask", "when?").stdout


def test_a_correction_stands_with_the_source_that_it_corrects(run: Run):
    shown = run("ask", "when?").stdout
    assert "correction (Evening Post, 2026-02-27): An earlier version of this article" in shown


def test_search_prints_passages_in_their_order(run: Run):
    lines = run("search", "bridge").stdout.splitlines()
    assert [line[:4] for line in lines if line[:4].strip().rstrip(".").isdigit()] == ["  1.", "  2."]


def test_filters_reach_the_engine(run: Run, backend: FakeBackend):
    dates = ["--as-of", "2026-03-03", "--since", "2026-01-01", "--until", "2026-02-01"]
    sources = ["--source", "Courier", "--source", "Post"]
    run("ask", "when?", *dates, *sources, "--top-k", "5", "--include-undated")
    assert backend.fake_engine.asked == [
        {
            "question": "when?",
            "as_of": "2026-03-03",
            "since": "2026-01-01",
            "until": "2026-02-01",
            "sources": ("Courier", "Post"),
            "top_k": 5,
            "include_undated": True,
            "show_unsupported": False,
        }
    ]


def test_what_no_passage_supports_stands_in_brackets_between_the_text_and_the_sources(
    run: Run, backend: FakeBackend
):
    backend.fake_engine = FakeEngine(WITH_LEFT_OUT)
    text, _, sources = run("ask", "when?", "--show-unsupported").stdout.partition("\nSources\n")
    assert text.startswith(f"{APPROVED.answer}\n")
    assert f"[unsupported: {LEFT_OUT.text} ({LEFT_OUT.reason})]\n" in text
    assert LEFT_OUT.text not in sources
    assert backend.fake_engine.asked[0]["show_unsupported"] is True


def test_old_news_are_said_on_a_line_of_their_own(run: Run, backend: FakeBackend):
    backend.fake_engine = FakeEngine(WITH_LEFT_OUT)
    text, _, _ = run("ask", "when?").stdout.partition("\nSources\n")
    assert f"\n{STALE}\n" in text
    backend.fake_engine = FakeEngine()
    assert STALE not in run("ask", "when?").stdout


def test_a_dash_reads_the_question_from_stdin(run: Run, backend: FakeBackend):
    run("ask", "-", stdin="When was it?\n")
    assert backend.fake_engine.asked[0]["question"].strip() == "When was it?"


def test_control_characters_of_an_article_do_not_reach_the_terminal(run: Run, backend: FakeBackend):
    hostile = replace(BRIDGE, title="a\x1b]0;owned\x07b", passage="x\x1b[2Jy", highlights=((0, 1),))
    backend.fake_engine = FakeEngine(replace(APPROVED, citations=(hostile,), answer="see \x1b[31m[1]"))
    output = run("ask", "when?").output
    assert "\x1b" not in output
    assert "\x07" not in output


def test_markup_in_an_article_is_text(run: Run, backend: FakeBackend):
    odd = replace(
        BRIDGE, title="[bold]x[/bold] :smile: [/]", passage="[red]y", highlights=((0, 6), (-4, 900))
    )
    backend.fake_engine = FakeEngine(replace(APPROVED, citations=(odd,)))
    output = run("ask", "when?").stdout
    assert "[bold]x[/bold] :smile: [/]" in output
    assert "[red]y" in output


@pytest.mark.parametrize("arguments", [["ask", "when?"], ["ask", "when?", "--json"], ["search", "bridge"]])
def test_an_error_of_the_engine_is_one_line(run: Run, backend: FakeBackend, arguments: list[str]):
    backend.fake_engine = FakeEngine(error=ArchiveDamagedError("a file is gone: run `dateline index verify`"))
    result = run(*arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "error: a file is gone: run `dateline index verify`\n"


def test_the_engine_is_closed_whatever_happens(run: Run, backend: FakeBackend):
    backend.fake_engine = FakeEngine(error=RuntimeError("broken"))
    run("ask", "when?")
    assert backend.fake_engine.closed.is_set()
