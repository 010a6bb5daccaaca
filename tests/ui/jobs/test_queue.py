"""Jobs are done one after the other, can be followed and cancelled, and do not outlive their server."""

import threading

import pytest

from index.article import Skipped
from index.errors import ArchiveLockedError, DatelineError
from tests.ui.jobs.fakes import DONE, PATIENCE_S, Scripted, Starter, progress, report
from ui.jobs.errors import JobCancelledError, JobEndedError, JobNotFoundError, JobsBusyError
from ui.jobs.job import JobState
from ui.jobs.queue import Jobs
from ui.jobs.task import DoneMessage, FailedMessage, JobKind, ProgressMessage, Result, Task

REBUILD = Task(kind=JobKind.REBUILD)


def held() -> Scripted:
    return Scripted([ProgressMessage(progress=progress(articles=2)), DONE], gate=threading.Event())


def test_a_job_tells_how_far_it_is_and_what_it_did():
    running = held()
    jobs = Jobs(Starter(running))
    job = jobs.submit(REBUILD)
    assert running.reached.wait(PATIENCE_S)
    document = job.document()
    assert (document.state, document.stage, document.finished) == ("running", "embed", None)
    assert document.progress is not None
    assert (document.progress.articles, document.progress.total_articles) == (2, 4)
    assert (document.progress.chunks, document.progress.total_chunks) == (2, 4)
    assert "2 of 4 articles" in document.message
    running.gate.set()
    job.ended.result(PATIENCE_S)
    document = job.document()
    assert (document.state, document.version, document.error) == ("done", "000007", None)
    assert document.report == report()
    assert document.started
    assert document.finished
    assert "1 added (version 000007" in document.message


def test_the_next_one_waits_for_its_turn():
    first, second = held(), held()
    jobs = Jobs(Starter(first, second))
    one, other = jobs.submit(REBUILD), jobs.submit(REBUILD)
    assert first.reached.wait(PATIENCE_S)
    assert (one.state, other.state) == (JobState.RUNNING, JobState.QUEUED)
    assert other.document().started is None
    assert not second.reached.is_set()
    first.gate.set()
    assert second.reached.wait(PATIENCE_S)
    assert one.state is JobState.DONE
    second.gate.set()
    other.ended.result(PATIENCE_S)
    assert [job.id for job in jobs.all()] == [other.id, one.id]


def test_a_job_that_runs_is_cancelled_in_order():
    running = held()
    jobs = Jobs(Starter(running))
    job = jobs.submit(REBUILD)
    assert running.reached.wait(PATIENCE_S)
    jobs.cancel(job.id)
    job.ended.result(PATIENCE_S)
    document = job.document()
    assert (document.state, document.message, document.error) == ("cancelled", "2 chunks are kept", None)
    assert isinstance(job.error, JobCancelledError)
    assert not running.killed.is_set()


def test_a_job_that_waits_is_cancelled_at_once_and_never_starts():
    running = held()
    start = Starter(running)
    jobs = Jobs(start)
    jobs.submit(REBUILD)
    assert running.reached.wait(PATIENCE_S)
    waiting = jobs.submit(REBUILD)
    assert jobs.cancel(waiting.id).state is JobState.CANCELLED
    assert jobs.cancel(waiting.id).state is JobState.CANCELLED
    running.gate.set()
    jobs.all()[1].ended.result(PATIENCE_S)
    assert len(start.tasks) == 1


def test_what_has_ended_cannot_be_cancelled():
    jobs = Jobs(Starter())
    job = jobs.submit(REBUILD)
    job.ended.result(PATIENCE_S)
    with pytest.raises(JobEndedError, match=job.id):
        jobs.cancel(job.id)


def test_an_unknown_job_is_told():
    with pytest.raises(JobNotFoundError, match="'nope'"):
        Jobs(Starter()).get("nope")


def test_a_failure_keeps_its_error_and_what_was_skipped():
    skipped = (Skipped(origin="a.pdf", reason="it is encrypted"),)
    failed = FailedMessage(
        error="ArchiveLockedError", detail="process 7 writes", skipped=skipped, skipped_total=1
    )
    jobs = Jobs(Starter(Scripted([failed])))
    job = jobs.submit(REBUILD)
    job.ended.result(PATIENCE_S)
    document = job.document()
    assert (document.state, document.error, document.skipped_total) == ("failed", "process 7 writes", 1)
    assert document.skipped[0].origin == "a.pdf"
    assert isinstance(job.error, ArchiveLockedError)


def test_a_process_that_dies_fails_its_job_and_not_the_next():
    dying = held()
    jobs = Jobs(Starter(dying, Scripted([DONE])))
    job, after = jobs.submit(REBUILD), jobs.submit(REBUILD)
    assert dying.reached.wait(PATIENCE_S)
    dying.kill()
    after.ended.result(PATIENCE_S)
    assert (job.state, after.state) == (JobState.FAILED, JobState.DONE)
    assert "SIGKILL" in str(job.document().error)
    assert job.error is None


@pytest.mark.parametrize("error", [DatelineError("no process can be started"), RuntimeError("odd")])
def test_what_cannot_be_started_fails_and_the_next_goes_on(error):
    jobs = Jobs(Starter(error, Scripted([DONE])))
    job, after = jobs.submit(REBUILD), jobs.submit(REBUILD)
    after.ended.result(PATIENCE_S)
    assert (job.state, after.state) == (JobState.FAILED, JobState.DONE)


def test_closing_ends_the_one_that_runs_and_gives_up_the_others():
    running = held()
    jobs = Jobs(Starter(running))
    one = jobs.submit(REBUILD)
    assert running.reached.wait(PATIENCE_S)
    other = jobs.submit(REBUILD)
    jobs.close()
    assert (one.state, other.state) == (JobState.CANCELLED, JobState.CANCELLED)
    assert running.interrupted.is_set()
    with pytest.raises(JobsBusyError, match="stopping"):
        jobs.submit(REBUILD)


def test_one_that_does_not_listen_is_killed():
    deaf = Scripted([ProgressMessage(progress=progress()), DONE], gate=threading.Event(), deaf=True)
    jobs = Jobs(Starter(deaf), grace_s=0.01)
    job = jobs.submit(REBUILD)
    assert deaf.reached.wait(PATIENCE_S)
    jobs.cancel(job.id)
    job.ended.result(PATIENCE_S)
    assert deaf.killed.is_set()
    assert job.state is JobState.CANCELLED


def test_only_so_many_wait_and_only_so_many_are_remembered():
    running = held()
    jobs = Jobs(Starter(running), most_waiting=1, kept=2)
    jobs.submit(REBUILD)
    assert running.reached.wait(PATIENCE_S)
    jobs.submit(REBUILD)
    with pytest.raises(JobsBusyError, match=r"too many jobs wait \(1\)"):
        jobs.submit(REBUILD)
    running.gate.set()
    for _ in range(5):
        jobs.all()[0].ended.result(PATIENCE_S)
        jobs.submit(REBUILD)
    jobs.all()[0].ended.result(PATIENCE_S)
    assert len(jobs.all()) == 3
    jobs.close()


def test_nothing_taken_is_done_without_a_report():
    jobs = Jobs(Starter(Scripted([DoneMessage(result=Result(report=None))])))
    job = jobs.submit(REBUILD)
    job.ended.result(PATIENCE_S)
    assert (job.state, job.document().version) == (JobState.DONE, None)
