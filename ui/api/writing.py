"""Waits for a write that a request asked for, and moves the engine over to what it published."""

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from index.errors import DatelineError
from ui.jobs.errors import WriterAtWorkError
from ui.jobs.task import Result

if TYPE_CHECKING:
    from rag.engine import Engine
    from ui.jobs.job import Job
    from ui.jobs.queue import Jobs
    from ui.jobs.task import Task

logger = logging.getLogger(__name__)

TURN_S = 10.0
"""So long a small change waits for its turn behind other jobs."""

MOVE_S = 2.0
MOVE_POLL_S = 0.05


async def write_now(engine: "Engine", jobs: "Jobs", task: "Task", *, turn_s: float = TURN_S) -> "Job":
    """Have a task done and return its job, once questions are answered from what it published.

    A client that goes away does not stop it.

    Raises:
        WriterAtWorkError: where another job is at work for longer than `turn_s` seconds.
        DatelineError: what the task failed with.
        RuntimeError: where it failed with what is no error of the project.
    """
    job = jobs.submit(task)
    try:
        await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(job.begun)), turn_s)
    except TimeoutError:
        at_work = jobs.current
        if jobs.withdraw(job):
            raise WriterAtWorkError(_who(at_work)) from None
    await asyncio.shield(asyncio.wrap_future(job.ended))
    if job.result is None:
        raise job.error or RuntimeError(job.document().error)
    await run_in_threadpool(_move_over, engine, job.result)
    return job


def _who(job: "Job | None") -> str:
    if job is None:
        return "other changes are waiting: send it again in a few seconds"
    document = job.document()
    return (
        f"the job {job.id} ({document.kind}, since {document.started}) writes to the index: send it again "
        f"when GET /v1/index/jobs/{job.id} says that it has ended"
    )


def _move_over(engine: "Engine", result: Result) -> None:
    """Have the engine answer from the version that was published; one who asks at once is to find it."""
    if result.report is None or result.report.version is None:
        return
    wanted, until = int(result.report.version), time.monotonic() + MOVE_S
    try:
        while time.monotonic() < until:
            engine.refresh()
            serving = engine.readiness().index_version
            if serving is None or int(serving) >= wanted:
                return
            time.sleep(MOVE_POLL_S)  # another request is opening it
    except DatelineError as error:
        logger.warning("version %s is published, and cannot be opened: %s", result.report.version, error)
