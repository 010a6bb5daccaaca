"""A command that fails says why in one line, and never shows a traceback unless it is asked to."""

from pathlib import Path

import pytest

from tests.ui.cli.conftest import Run
from tests.ui.cli.fakes import FakeBackend
from ui.cli.errors import describe


def test_a_question_without_an_index_says_how_to_make_one(run: Run, backend: FakeBackend):
    backend.no_index = True
    result = run("ask", "when?")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: there is no index in 'x' yet: make one with `dateline index build`\n"


@pytest.mark.parametrize(
    "line",
    [
        ["ask", "  \n "],
        ["ask", "why " * 25_000],
        ["ask", "when?", "--as-of", "yesterday"],
        ["ask", "when?", "--since", "2026-02-30"],
        ["ask", "when?", "--since", "2026-03-02", "--until", "2026-03-01"],
        ["ask", "when?", "--top-k", "0"],
        ["search", ""],
        ["search", "bridge", "--until", "2026-13-01"],
        ["ask", "when?", "--json", "--as-of", "2026"],
    ],
    ids=lambda line: " ".join(line)[:40],
)
def test_a_question_that_cannot_be_asked_is_one_line(run: Run, line: list[str]):
    result = run(*line)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1


def test_an_unknown_setting_names_the_nearest_known_one(run: Run, tmp_path: Path):
    file = tmp_path / "settings.yaml"
    file.write_text("retrieval: {topk: 3}\n")
    result = run("ask", "when?", "--config", str(file))
    assert result.exit_code == 1
    assert "retrieval.top_k" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_missing_configuration_file_is_named(run: Run):
    result = run("ask", "when?", "--config", "no-such.yaml")
    assert result.exit_code == 1
    assert "no-such.yaml" in result.stderr
    assert result.stderr.count("\n") == 1


def test_what_nobody_expected_is_one_line_which_says_how_to_see_more(run: Run, backend: FakeBackend):
    backend.unexpected = RuntimeError("first\nsecond")
    result = run("ask", "when?")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "RuntimeError: first second" in result.stderr
    assert "--verbose" in result.stderr


@pytest.mark.parametrize("place", ["before", "after"])
def test_verbose_shows_the_traceback(run: Run, backend: FakeBackend, place: str):
    backend.unexpected = RuntimeError("broken")
    result = run(*(["-v", "ask", "when?"] if place == "before" else ["ask", "when?", "--verbose"]))
    assert "Traceback" in result.stderr
    assert result.stderr.endswith("error: unexpected RuntimeError: broken\n")


def test_the_environment_can_ask_for_tracebacks(
    run: Run, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DATELINE_DEBUG", "1")
    backend.unexpected = RuntimeError("broken")
    assert "Traceback" in run("ask", "when?").stderr


def test_an_interruption_exits_130_with_one_line(run: Run, backend: FakeBackend):
    backend.unexpected = KeyboardInterrupt()
    result = run("ask", "when?")
    assert (result.exit_code, result.stderr) == (130, "interrupted\n")


def test_a_reader_that_goes_away_is_no_failure(run: Run, backend: FakeBackend):
    backend.unexpected = BrokenPipeError()
    result = run("search", "bridge")
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            ModuleNotFoundError("No module named 'faiss'", name="faiss"),
            "the Python package 'faiss' is not installed: run `make install`, then `dateline doctor`",
        ),
        (PermissionError(13, "Permission denied", "/x/y"), "Permission denied: '/x/y'"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (MemoryError(), "there is not enough memory for this"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_common_accidents_are_described_without_a_class_name(error: Exception, line: str):
    assert describe(error) == line


def test_an_error_that_quotes_control_characters_shows_none():
    assert "\x1b" not in describe(ValueError("a \x1b[2J b"))
