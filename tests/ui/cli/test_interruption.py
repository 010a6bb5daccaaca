"""A write that is interrupted ends in order: what it has embedded is kept, and one line says so."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.cli.conftest import Run
from tests.ui.cli.fakes import FakeBackend
from tests.ui.cli.test_process import ROOT
from tests.ui.jobs.fakes import progress
from ui.cli.interruption import Kept
from ui.progress import describe_interruption


class Interrupting(FakeBackend):
    """Sends this process a signal while it rebuilds."""

    signal_sent = signal.SIGINT

    def rebuild(self, settings, *, progress):
        report = super().rebuild(settings, progress=progress)
        os.kill(os.getpid(), self.signal_sent)
        return report


@pytest.fixture
def backend() -> Interrupting:
    return Interrupting(embedded_first=12_288)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_write_and_says_what_it_kept(run: Run, backend: Interrupting, number: int, code: int):
    backend.signal_sent = number
    before = signal.getsignal(number)
    result = run("index", "rebuild", "--json")
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.splitlines()[-1] == (
        "interrupted: 12,288 chunks are embedded and kept; run the same command again to go on; "
        "version 000007 goes on answering"
    )
    assert signal.getsignal(number) is before


@pytest.mark.parametrize(
    ("embedded", "before", "now", "line"),
    [
        (0, None, None, "run it again to go on; there is no version yet"),
        (
            1,
            "000001",
            "000001",
            "1 chunk is embedded and kept; run it again to go on; version 000001 goes on answering",
        ),
        (0, "000001", "000002", "run it again to go on; version 000002 was published and answers"),
    ],
)
def test_the_line_says_what_was_kept_and_what_answers(embedded, before, now, line):
    assert describe_interruption(embedded=embedded, before=before, now=now, again="run it again") == line


def test_what_several_builds_of_one_command_embedded_is_added_up():
    kept = Kept()
    for embedded in (0, 100, 250, 0, 30):
        kept.count(progress(embedded=embedded))
    assert kept.embedded == 280


def test_a_rebuild_prints_its_report(run: Run, backend: Interrupting):
    backend.signal_sent = signal.SIGCONT
    assert json.loads(run("index", "rebuild", "--json", "--quiet").stdout)["version"] == "000001"
    assert backend.calls == [("rebuild",)]


@pytest.mark.integration
def test_a_real_build_keeps_what_it_has_embedded(tmp_path: Path):
    words = "harbour council bridge ferry mayor budget school tram museum archive".split()
    with (tmp_path / "news.jsonl").open("w") as file:
        for number in range(3_000):
            text = " ".join(
                f"The {words[(number + n) % 10]} of {words[n % 7]} {number * n}." for n in range(40)
            )
            file.write(json.dumps({"title": f"Report {number}", "text": text, "id": str(number)}) + "\n")
    build = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "--index", "index", "index", "build", "news.jsonl", "--json"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert build.stderr is not None
    assert any("embedded" in line for line in build.stderr), "it ended before it could be interrupted"
    build.send_signal(signal.SIGINT)
    out, err = build.communicate(timeout=60)
    assert (build.returncode, out) == (130, "")
    line = err.splitlines()[-1]
    said = re.fullmatch(
        r"interrupted: ([\d,]+) chunks are embedded and kept; run the same command again to go on; "
        "there is no version yet",
        line,
    )
    assert said, line
    connection = sqlite3.connect(tmp_path / "index" / "catalogue.db")
    kept = connection.execute("SELECT COUNT(*) FROM vectors").fetchone()[0]
    connection.close()
    assert kept == int(said[1].replace(",", "")) > 0
    assert not (tmp_path / "index" / "CURRENT").exists()
