"""The process of a job, as it is really started: it adds, ends when it is told to, and outlives nobody."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index.archive import Archive
from index.lock import writer_lock
from ui.config import AppSettings
from ui.jobs.process import ROOT, WorkerProcess
from ui.jobs.task import (
    DoneMessage,
    FailedMessage,
    InterruptedMessage,
    JobKind,
    Message,
    ProgressMessage,
    Task,
)

pytestmark = pytest.mark.integration

FERRY = {"title": "Ferry strike ends", "text": "The ferry strike in Stellhaven ended on Friday."}
PATIENCE_S = 60


@pytest.fixture
def settings(tmp_path: Path) -> AppSettings:
    return AppSettings(index=tmp_path / "index")


def add(*records: dict, wait_s: float = PATIENCE_S) -> Task:
    return Task(kind=JobKind.ADD, articles=records, lock_wait_s=wait_s)


def last(settings: AppSettings, task: Task) -> Message:
    *_, message = WorkerProcess.start(settings, task).messages()
    return message


def test_articles_are_added_to_an_index_that_was_not_there_rebuilt_and_removed(settings: AppSettings):
    told = list(WorkerProcess.start(settings, add(FERRY, {"title": "x"})).messages())
    assert isinstance(told[0], ProgressMessage)
    assert isinstance(told[-1], DoneMessage)
    result = told[-1].result
    assert result.report is not None
    assert (result.report.version, result.report.added) == ("000001", 1)
    assert [one.origin for one in result.skipped] == ["#/articles/1"]
    article_id = result.articles[0].id
    assert Archive(settings.index).article(article_id).text == FERRY["text"]

    again = last(settings, add(FERRY))
    assert isinstance(again, DoneMessage)
    assert again.result.report is not None
    assert (again.result.report.changed, again.result.report.unchanged) == (False, 1)

    rebuilt = last(settings, Task(kind=JobKind.REBUILD))
    assert isinstance(rebuilt, DoneMessage)
    assert rebuilt.result.report is not None
    assert (rebuilt.result.report.version, rebuilt.result.report.embedded) == ("000002", 0)

    gone = Task(kind=JobKind.REMOVE, article_id=article_id)
    assert isinstance(last(settings, gone), DoneMessage)
    missing = last(settings, gone)
    assert isinstance(missing, FailedMessage)
    assert missing.error == "ArticleRemovedError"


def test_text_that_no_utf8_can_hold_comes_through(settings: AppSettings):
    odd = last(settings, add({"text": "The ferry \ud800 sails."}, {"\udfff": float("nan")}))
    assert isinstance(odd, DoneMessage)
    assert len(odd.result.skipped) == 1


def test_another_writer_is_named(settings: AppSettings):
    settings.index.mkdir()
    with writer_lock(settings.index):
        failed = last(settings, add(FERRY, wait_s=0))
    assert isinstance(failed, FailedMessage)
    assert failed.error == "ArchiveLockedError"
    assert "process" in failed.detail


def test_it_waits_for_another_writer_and_ends_in_order_when_it_is_interrupted(settings: AppSettings):
    settings.index.mkdir()
    with writer_lock(settings.index):
        running = WorkerProcess.start(settings, add(FERRY))
        told = []
        for message in running.messages():
            told.append(message)
            running.interrupt()
    assert isinstance(told[-1], InterruptedMessage)
    assert "there is no version yet" in told[-1].detail


def test_it_does_not_outlive_the_server(settings: AppSettings):
    settings.index.mkdir()
    script = (
        "import sys, time\n"
        "from ui.config import AppSettings\n"
        "from ui.jobs.process import WorkerProcess\n"
        "from ui.jobs.task import JobKind, Task\n"
        "task = Task(kind=JobKind.ADD, articles=({'text': 'The ferry sails.'},), lock_wait_s=600)\n"
        "running = WorkerProcess.start(AppSettings(index=sys.argv[1]), task)\n"
        "next(iter(running.messages()))\n"
        "print('started', flush=True)\n"
        "time.sleep(600)\n"
    )
    with writer_lock(settings.index):
        server = subprocess.Popen(
            [sys.executable, "-c", script, str(settings.index)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert server.stdout is not None
        assert server.stderr is not None
        assert server.stdout.readline() == b"started\n"
        server.kill()
        # The worker holds the other end of this pipe too: it closes with the last of the two.
        ended = threading.Event()
        reading = threading.Thread(target=lambda: (server.stderr.read(), ended.set()), daemon=True)
        reading.start()
        assert ended.wait(PATIENCE_S)
        server.wait()
        server.stdout.close()
        server.stderr.close()
