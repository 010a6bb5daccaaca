"""A small change waits for its turn, but not for long."""

import asyncio
import threading

import pytest

from tests.ui.fake_engine import FakeEngine, Readiness
from tests.ui.jobs.fakes import DONE, PATIENCE_S, Scripted, Starter
from ui.api.writing import write_now
from ui.jobs.errors import WriterAtWorkError
from ui.jobs.job import JobState
from ui.jobs.queue import Jobs
from ui.jobs.task import JobKind, Task

ADD = Task(kind=JobKind.ADD, articles=({"text": "x"},))


def test_a_change_behind_a_long_job_is_given_up_and_the_job_is_named():
    running = Scripted([DONE], gate=threading.Event())
    start = Starter(running)
    jobs = Jobs(start)
    rebuild = jobs.submit(Task(kind=JobKind.REBUILD))
    assert running.reached.wait(PATIENCE_S)
    with pytest.raises(WriterAtWorkError, match=rf"the job {rebuild.id} \(rebuild, since 20"):
        asyncio.run(write_now(FakeEngine(), jobs, ADD, turn_s=0.01))
    assert jobs.all()[0].state is JobState.CANCELLED
    running.gate.set()
    jobs.close()
    assert len(start.tasks) == 1


def test_it_is_done_once_the_engine_answers_from_what_it_published():
    versions = iter(["000006", "000006", "000007"])
    engine = FakeEngine(readiness=lambda: Readiness(index_version=next(versions)))
    jobs = Jobs(Starter())
    assert asyncio.run(write_now(engine, jobs, ADD)).state is JobState.DONE
    assert list(versions) == []
    jobs.close()


def test_an_engine_that_cannot_answer_is_not_waited_for():
    engine = FakeEngine(readiness=lambda: Readiness(ready=False, index_version=None, problem="no model"))
    jobs = Jobs(Starter())
    assert asyncio.run(write_now(engine, jobs, ADD)).state is JobState.DONE
    jobs.close()
