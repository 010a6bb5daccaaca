"""`--index` and `--config` stand before a command or after it; the later one wins."""

from pathlib import Path

import pytest

from tests.ui.cli.conftest import Run
from tests.ui.cli.fakes import FakeBackend


@pytest.mark.parametrize(
    "line",
    [
        ["--index", "here", "ask", "when?"],
        ["ask", "--index", "here", "when?"],
        ["ask", "when?", "--index", "here"],
        ["--index", "there", "ask", "when?", "--index", "here"],
        ["--index", "here", "index", "build", "folder"],
        ["index", "--index", "here", "build", "folder"],
        ["index", "build", "folder", "--index", "here"],
        ["--index", "a", "index", "--index", "b", "build", "folder", "--index", "here"],
    ],
    ids=" ".join,
)
def test_index_is_taken_anywhere_on_the_line(
    run: Run, backend: FakeBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: list[str]
):
    monkeypatch.chdir(tmp_path)
    assert run(*line).exit_code == 0
    assert backend.opened[-1].index == Path("here")


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_configuration_file_is_taken_on_both_sides(
    run: Run, backend: FakeBackend, tmp_path: Path, place: str
):
    file = tmp_path / "settings.yaml"
    file.write_text("index: from-file\nretrieval: {top_k: 3}\n")
    option, command = ["--config", str(file)], ["search", "bridge"]
    assert run(*(option + command if place == "before" else command + option)).exit_code == 0
    assert backend.opened[-1].retrieval.top_k == 3
    assert backend.opened[-1].index == Path("from-file")


def test_the_line_wins_over_the_environment_and_the_environment_over_the_file(
    run: Run, backend: FakeBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "settings.yaml"
    file.write_text("index: from-file\n")
    monkeypatch.setenv("DATELINE_INDEX", "from-environment")
    run("search", "bridge", "--config", str(file))
    run("search", "bridge", "--config", str(file), "--index", "from-line")
    assert [settings.index for settings in backend.opened] == [Path("from-environment"), Path("from-line")]


def test_without_any_of_them_the_index_is_in_the_current_folder(run: Run, backend: FakeBackend):
    run("search", "bridge")
    assert backend.opened[-1].index == Path(".dateline")


@pytest.mark.parametrize(
    "line",
    [
        ["ask"],
        ["ask", "one", "two"],
        ["ask", "when?", "--no-such-option"],
        ["ask", "when?", "--top-k", "many"],
        ["index", "build"],
        ["index", "no-such-command"],
        ["no-such-command"],
        ["index"],
        [],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_2_and_says_nothing_on_stdout(run: Run, line: list[str]):
    result = run(*line)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage:" in result.stderr


def test_a_question_that_begins_with_a_dash_is_asked_after_two_dashes(run: Run, backend: FakeBackend):
    assert run("ask", "--", "--why?").exit_code == 0
    assert backend.fake_engine.asked[0]["question"] == "--why?"
