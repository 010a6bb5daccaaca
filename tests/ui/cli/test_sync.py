"""`dateline index sync` reports what became of each source, and watches until it is told to end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.archive import Archive
from tests.fakes import FakeEmbedder
from tests.ui.cli.conftest import Run
from tests.ui.cli.fakes import FakeBackend
from tests.ui.cli.test_process import ROOT

PROGRAM = """
import sys
from tests.fakes import FakeEmbedder
from tests.ui.cli.fakes import FakeBackend
from ui.cli.app import app
app(sys.argv[1:], obj=FakeBackend(query_embedder=FakeEmbedder()))
"""


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend(query_embedder=FakeEmbedder())


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of news beside a configuration that names it, in the working directory."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "news" / "a.txt", "port")
    configure(tmp_path, "sources:\n  - folder: news\n    name: morning\n    remove_missing: true\n")
    return tmp_path / "news"


def write(path: Path, name: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"The {name} reopens in Orvale\n\nThe {name} reopened on Tuesday after two years.\n")
    os.utime(path, (1_700_000_000, 1_700_000_000 + len(name)))


def configure(folder: Path, text: str) -> None:
    (folder / "settings.yaml").write_text(text)


SYNC = ("index", "sync", "--config", "settings.yaml", "--index", "archive")


def test_without_sources_one_line_says_what_to_write(run: Run, tmp_path: Path):
    result = run("index", "sync", "--index", str(tmp_path / "archive"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1
    assert "`sources: [" in result.stderr
    assert "--config" in result.stderr


def test_each_source_and_the_whole_are_reported(run: Run, news: Path):
    (news / "bad.json").write_text("{")
    result = run(*SYNC)
    assert result.exit_code == 0
    assert "morning: 1 added; " in result.stdout
    assert "1 skipped:\n  " in result.stdout
    assert "bad.json: is not valid JSON" in result.stdout
    assert "1 article (version 000001): 1 added, 1 skipped; " in result.stdout


def test_a_second_pass_names_what_is_skipped_only_when_asked(run: Run, news: Path):
    (news / "bad.json").write_text("{")
    os.utime(news / "bad.json", (1_700_000_000, 1_700_000_000))
    run(*SYNC)
    again = run(*SYNC)
    assert "morning: 1 unchanged; " in again.stdout
    assert "1 skipped before, and not changed since" in again.stdout
    assert "bad.json" not in again.stdout
    assert "bad.json: is not valid JSON" in run(*SYNC, "-v").stdout


def test_json_is_one_document(run: Run, news: Path):
    document = json.loads(run(*SYNC, "--json", "-q").stdout)
    assert (document["version"], document["articles"], document["changed"]) == ("000001", 1, True)
    assert document["totals"]["added"] == 1
    (source,) = document["sources"]
    assert (source["name"], source["source"], source["failed"]) == ("morning", str(news), None)


def test_a_failing_source_is_reported_and_the_others_are_read(run: Run, news: Path, tmp_path: Path):
    configure(tmp_path, "sources: [nowhere, news]\n")
    result = run(*SYNC)
    assert result.exit_code == 0
    assert "nowhere: failed: does not exist: " in result.stdout
    assert "; next try 2" in result.stdout
    assert "news: 1 added" in result.stdout
    failed = json.loads(run(*SYNC, "--json").stdout)["sources"][0]["failed"]
    assert failed["tried"] is True
    assert failed["reason"].startswith("does not exist")


def test_where_every_source_fails_it_exits_1(run: Run, news: Path, tmp_path: Path):
    configure(tmp_path, "sources: [nowhere]\n")
    result = run(*SYNC, "-q")
    assert result.exit_code == 1
    assert result.stderr == "error: 1 source, and none could be read\n"
    assert "nowhere: failed" in result.stdout


def test_sources_are_chosen_by_name_or_place(run: Run, news: Path, tmp_path: Path):
    write(tmp_path / "evening" / "b.txt", "ferry")
    configure(tmp_path, "sources:\n  - evening\n  - {folder: news, name: morning}\n")
    for wanted in ("morning", "news", str(news)):
        document = json.loads(run(*SYNC, "--json", "--source", wanted).stdout)
        assert [source["name"] for source in document["sources"]] == ["morning"]
    both = json.loads(run(*SYNC, "--json", "--source", "morning", "--source", "evening").stdout)
    assert [source["name"] for source in both["sources"]] == ["evening", "morning"]


def test_an_unknown_source_names_the_nearest(run: Run, news: Path):
    result = run(*SYNC, "--source", "mornign")
    assert result.exit_code == 1
    assert result.stderr == "error: no source is called 'mornign': did you mean 'morning'?\n"


def test_a_source_that_stands_there_twice_is_refused(run: Run, news: Path, tmp_path: Path):
    configure(tmp_path, "sources: [news, ./news/]\n")
    assert "twice" in run(*SYNC).stderr


@pytest.mark.parametrize(("option", "left"), [("--keep-missing", 2), ("--remove-missing", 1)])
def test_the_line_says_whether_missing_articles_go(run: Run, news: Path, option: str, left: int):
    write(news / "b.txt", "ferry")
    run(*SYNC)
    (news / "b.txt").unlink()
    run(*SYNC, option)
    assert len(Archive(Path("archive")).list_articles()) == left


def test_a_dry_run_says_what_would_be_done_and_does_nothing(run: Run, news: Path):
    result = run(*SYNC, "--dry-run")
    assert "morning: 1 new files" in result.stdout
    assert f"  new: {news / 'a.txt'}\n" in result.stdout
    assert not Path("archive").exists()
    run(*SYNC)
    (news / "a.txt").unlink()
    write(news / "b.txt", "ferry")
    result = run(*SYNC, "--dry-run")
    assert "morning: 1 new, 1 gone files; 1 article would be removed" in result.stdout
    assert json.loads(run(*SYNC, "--dry-run", "--json").stdout)["sources"][0]["removed"] == 1
    assert Archive(Path("archive")).info().version == "000001"


@pytest.mark.parametrize("arguments", [["--watch", "--dry-run"], ["--interval", "5"]], ids=" ".join)
def test_what_makes_no_sense_is_wrong_usage(run: Run, news: Path, arguments: list[str]):
    assert run(*SYNC, *arguments).exit_code == 2


def test_progress_is_shown_as_for_other_builds(run: Run, news: Path):
    assert run(*SYNC).stderr.startswith("reading morning: 1 article")
    assert run(*SYNC, "-q").stderr == ""


@contextmanager
def watching(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *SYNC, "--watch", *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_watching_takes_up_a_new_file_and_ends_cleanly_when_told(news: Path, number: int):
    with watching("--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["totals"]["added"] == 1
        write(news / "b.txt", "ferry")
        second = json.loads(process.stdout.readline())
        assert (second["totals"]["added"], second["version"]) == (1, "000002")
        process.send_signal(number)
        assert process.wait(30) == 0
        assert process.stderr.read() == "watching 1 source; Ctrl-C ends it\nended\n"
    assert Archive(Path("archive")).verify() == []


def test_watching_prints_only_passes_in_which_something_happened(news: Path, tmp_path: Path):
    with watching("-q") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert [process.stdout.readline().split(":")[0] for _ in range(2)] == [
            "morning",
            "1 article (version 000001)",
        ]
        os.utime(news / "a.txt")
        time.sleep(2.5)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert (process.stdout.read(), process.stderr.read()) == ("", "")


def test_the_help_loads_nothing_heavy():
    code = (
        "import atexit, sys; from ui.cli import main; "
        "atexit.register(lambda: print([m for m in ('numpy', 'yaml', 'watchfiles', 'httpx') if m in "
        "sys.modules], file=sys.stderr)); sys.argv[1:] = ['index', 'sync', '--help']; main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "--watch" in result.stdout
    assert result.stderr.strip() == "[]"
