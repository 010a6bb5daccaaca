"""The jobs of a server: one at a time, in the order in which they came."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from index.errors import DatelineError
from ui.jobs.errors import JobEndedError, JobNotFoundError, JobsBusyError
from ui.jobs.job import Job, JobState
from ui.jobs.process import Running
from ui.jobs.task import DoneMessage, FailedMessage, InterruptedMessage, ProgressMessage, Task
from ui.progress import describe, name_stage

logger = logging.getLogger(__name__)

MAX_WAITING = 20
MAX_KEPT = 100
CANCEL_GRACE_S = 20.0
CLOSE_GRACE_S = 10.0
SECONDS_BETWEEN_LINES = 10.0

Start = Callable[[Task], Running]


class Jobs:
    """Takes tasks, has them done one after the other, and remembers the last ones.

    Making one is cheap: its thread starts with the first task.
    """

    def __init__(
        self,
        start: Start,
        *,
        most_waiting: int = MAX_WAITING,
        kept: int = MAX_KEPT,
        grace_s: float = CANCEL_GRACE_S,
    ) -> None:
        """Keep what starts a task.

        Args:
            start: Starts one.
            most_waiting: How many may wait.
            kept: How many that have ended are remembered.
            grace_s: Seconds that one has to end in order once it is cancelled.
        """
        self._start = start
        self._most_waiting = most_waiting
        self._kept = kept
        self._grace_s = grace_s
        self._jobs: dict[str, Job] = {}
        self._waiting: deque[Job] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._running: Running | None = None
        self._current: Job | None = None
        self._closed = False

    @property
    def current(self) -> Job | None:
        """The job that runs now."""
        return self._current

    def submit(self, task: Task) -> Job:
        """Put a task at the end of the queue.

        Raises:
            JobsBusyError: where too many wait, or the server stops.
        """
        job = Job(task)
        with self._changed:
            if self._closed:
                raise JobsBusyError("the server is stopping: send it again once it is back")
            if len(self._waiting) >= self._most_waiting:
                raise JobsBusyError(
                    f"too many jobs wait ({len(self._waiting)}): send it again once some are done"
                )
            self._jobs[job.id] = job
            self._waiting.append(job)
            self._forget_old()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return job

    def get(self, job_id: str) -> Job:
        """Return a job.

        Raises:
            JobNotFoundError: where none has this id; those of an earlier server are not known.
        """
        with self._changed:
            job = self._jobs.get(job_id)
        if job is None:
            raise JobNotFoundError(
                f"no job has the id {job_id!r}: GET /v1/index/jobs lists those of this server, which keeps "
                f"the last {self._kept}"
            )
        return job

    def all(self) -> list[Job]:
        """Return the jobs, the newest first."""
        with self._changed:
            return list(self._jobs.values())[::-1]

    def cancel(self, job_id: str) -> Job:
        """Give a job up: one that waits at once, one that runs as soon as it has ended in order.

        Raises:
            JobNotFoundError: where none has this id.
            JobEndedError: where it is done, or has failed.
        """
        job = self.get(job_id)
        if self.withdraw(job):
            return job
        with self._changed:
            if job.state in (JobState.DONE, JobState.FAILED):
                raise JobEndedError(f"the job {job.id} has ended ({job.state}): there is nothing to cancel")
            if job is self._current and not job.cancelling:
                job.cancelling = True
                self._interrupt(self._grace_s)
        return job

    def withdraw(self, job: Job) -> bool:
        """Take a job out of the queue; False where it has begun."""
        with self._changed:
            if job not in self._waiting:
                return False
            self._waiting.remove(job)
            job.cancelling = True
        job.cancel("it had not begun")
        return True

    def close(self) -> None:
        """Give all jobs up and wait until the one that runs has ended; take no further ones."""
        with self._changed:
            self._closed = True
            waiting = list(self._waiting)
            if self._current:
                self._current.cancelling = True
                self._interrupt(min(self._grace_s, CLOSE_GRACE_S))
            self._changed.notify_all()
        for job in waiting:
            self.withdraw(job)
        if self._thread:
            self._thread.join(2 * CLOSE_GRACE_S)

    def _interrupt(self, grace_s: float) -> None:
        """Ask the process of the current job to end; end it where it does not."""
        running, job = self._running, self._current
        if running is None or job is None:
            return  # it is being started, and is interrupted then
        running.interrupt()
        killing = threading.Timer(grace_s, running.kill)
        killing.daemon = True
        killing.start()
        job.ended.add_done_callback(lambda _: killing.cancel())

    def _work(self) -> None:
        """Do the tasks, one after the other, until there are to be no more."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return
                job = self._current = self._waiting.popleft()
            try:
                self._do(job)
            except Exception as error:  # the outermost loop: the next job is not to blame
                logger.exception("job %s cannot be followed", job.id)
                if not job.is_over:
                    job.fail(FailedMessage(error="", detail=f"unexpected {type(error).__name__}"))
            finally:
                with self._changed:
                    self._running = self._current = None

    def _do(self, job: Job) -> None:
        job.start()
        logger.info("job %s (%s) starts", job.id, job.task.kind)
        try:
            running = self._start(job.task)
        except DatelineError as error:
            job.fail(FailedMessage(error=type(error).__name__, detail=str(error)))
            return
        with self._changed:
            self._running = running
            if job.cancelling:
                self._interrupt(self._grace_s)
        self._follow(job, running)
        told = logger.warning if job.state is JobState.FAILED else logger.info
        told("job %s (%s) %s: %s", job.id, job.task.kind, job.state, job.document().message)

    def _follow(self, job: Job, running: Running) -> None:
        """Note what a running task tells, and end its job once it has ended."""
        last, end = time.monotonic(), None
        for message in running.messages():
            if not isinstance(message, ProgressMessage):
                end = message
                continue
            job.advance(message.progress)
            if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
                last = time.monotonic()
                progress = message.progress
                logger.info("job %s: %s: %s", job.id, name_stage(progress), describe(progress))
        match end:
            case DoneMessage():
                job.succeed(end.result)
            case FailedMessage():
                job.fail(end)
            case InterruptedMessage():
                job.cancel(end.detail)
            case _ if job.cancelling:
                job.cancel("what it embedded is kept")
            case _:
                said = f"{running.ending()} before it was done; what it embedded is kept: start it again"
                job.fail(FailedMessage(error="", detail=said))

    def _forget_old(self) -> None:
        over = [job_id for job_id, job in self._jobs.items() if job.is_over]
        for job_id in over[: max(0, len(over) - self._kept)]:
            del self._jobs[job_id]
