"""A job: where it stands, and what came of it."""

import secrets
import threading
from concurrent.futures import Future
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from index.article import Skipped
from index.progress import BuildReport, Progress, Stage
from ui.jobs.errors import JobCancelledError, error_of
from ui.jobs.task import FailedMessage, JobKind, Result, TakenArticle, Task
from ui.progress import describe, describe_report, name_stage

if TYPE_CHECKING:
    from index.errors import DatelineError

ID_BYTES = 8


class JobState(StrEnum):
    """Where a job stands; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobProgress(BaseModel):
    """Counts so far; totals are null while they are not known."""

    articles: int
    total_articles: int | None
    chunks: int
    total_chunks: int | None = Field(description="An estimate from the articles done so far")
    embedded: int = Field(description="Chunks that were embedded now; they are kept whatever happens")
    skipped: int
    seconds: float


class SkippedInput(BaseModel):
    """An input that gave no article, and why."""

    origin: str
    reason: str


class JobDocument(BaseModel):
    """A write to the index, and how far it is."""

    id: str = Field(examples=["9f2c4b1a7d3e5f60"])
    kind: JobKind
    state: JobState
    created: str = Field(examples=["2026-03-02T08:00:00Z"])
    started: str | None
    finished: str | None
    stage: Stage | None = Field(description="What is being done; null before it starts")
    message: str = Field(description="The same in words", examples=["120 of 400 articles, 300 embedded"])
    progress: JobProgress | None
    skipped: list[SkippedInput] = Field(description="Inputs that gave no article, 100 at most")
    skipped_total: int
    version: str | None = Field(description="The version that it published, or that stays as it was")
    report: BuildReport | None = Field(description="What it did, as the commands print it")
    error: str | None = Field(description="One line that says what went wrong")


class Job:
    """One task on its way; safe to share between threads.

    `begun` and `ended` are resolved when it starts and when it ends, or never starts.
    """

    def __init__(self, task: Task) -> None:
        self.id = secrets.token_hex(ID_BYTES)
        self.task = task
        self.begun: Future[None] = Future()
        self.ended: Future[None] = Future()
        self.error: DatelineError | None = None
        self.cancelling = False
        self.result: Result | None = None
        self._guard = threading.Lock()
        self._state = JobState.QUEUED
        self._times = [_now()]
        self._progress: Progress | None = None
        self._skipped: tuple[Skipped, ...] = ()
        self._skipped_total = 0
        self._said = ""

    @property
    def state(self) -> JobState:
        """Where it stands."""
        return self._state

    @property
    def is_over(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self._state not in (JobState.QUEUED, JobState.RUNNING)

    @property
    def taken(self) -> tuple[TakenArticle, ...]:
        """The articles that were taken from its records."""
        return self.result.articles if self.result else ()

    def start(self) -> None:
        """Note that it runs."""
        with self._guard:
            self._state = JobState.RUNNING
            self._times.append(_now())
        self.begun.set_result(None)

    def advance(self, progress: Progress) -> None:
        """Note how far it is."""
        with self._guard:
            self._progress = progress

    def succeed(self, result: Result) -> None:
        """Note what it did, and end it."""
        self.result = result
        said = describe_report(result.report) if result.report else "nothing could be taken"
        self._end(JobState.DONE, said, result.skipped, result.skipped_total)

    def fail(self, message: FailedMessage) -> None:
        """Note what went wrong, and end it; `error` stays None for what is no error of the project."""
        self.error = error_of(message.error, message.detail)
        self._end(JobState.FAILED, message.detail, message.skipped, message.skipped_total)

    def cancel(self, detail: str) -> None:
        """Note that it was given up, and end it."""
        self.error = JobCancelledError(f"the job {self.id} was cancelled: {detail}")
        self._end(JobState.CANCELLED, detail, (), 0)

    def document(self) -> JobDocument:
        """Return what is known of it."""
        with self._guard:
            progress, (created, *times) = self._progress, self._times
            over = self.is_over
            return JobDocument(
                id=self.id,
                kind=self.task.kind,
                state=self._state,
                created=created,
                started=times[0] if self.begun.done() and times else None,
                finished=times[-1] if over else None,
                stage=progress.stage if progress else None,
                message=self._message(),
                progress=_progress_of(progress),
                skipped=[SkippedInput(origin=one.origin, reason=one.reason) for one in self._skipped],
                skipped_total=self._skipped_total,
                version=self.result.report.version if self.result and self.result.report else None,
                report=self.result.report if self.result else None,
                error=self._said if self._state is JobState.FAILED else None,
            )

    def _message(self) -> str:
        if self._state is JobState.QUEUED:
            return "waits for its turn"
        if self.is_over:
            return self._said
        if self.cancelling:
            return "is being cancelled"
        return f"{name_stage(self._progress)}: {describe(self._progress)}" if self._progress else "starting"

    def _end(self, state: JobState, said: str, skipped: tuple[Skipped, ...], skipped_total: int) -> None:
        with self._guard:
            self._state, self._said = state, said
            self._skipped, self._skipped_total = skipped, skipped_total
            self._times.append(_now())
        if not self.begun.done():
            self.begun.set_result(None)
        self.ended.set_result(None)


def _progress_of(progress: Progress | None) -> JobProgress | None:
    if progress is None:
        return None
    return JobProgress(
        articles=progress.articles,
        total_articles=progress.total_articles,
        chunks=progress.chunks,
        total_chunks=progress.total_chunks,
        embedded=progress.embedded,
        skipped=progress.skipped,
        seconds=round(progress.seconds, 3),
    )


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
