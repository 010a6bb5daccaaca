"""Tasks that are done without a process, as a script says."""

import threading
from collections.abc import Iterator, Sequence

from index.progress import BuildReport, Progress, Stage
from ui.jobs.task import DoneMessage, InterruptedMessage, Message, ProgressMessage, Result, TakenArticle, Task

PATIENCE_S = 20


def report(version: str = "000007", **changed: object) -> BuildReport:
    fields: dict[str, object] = {
        "version": version, "articles": 1, "chunks": 2, "added": 1, "updated": 0, "unchanged": 0,
        "removed": 0, "embedded": 2, "reused": 0, "skipped": (), "seconds": 0.5, "changed": True,
    }  # fmt: skip
    return BuildReport(**(fields | changed))


def progress(articles: int = 1, total: int | None = 4, *, embedded: int = 2) -> Progress:
    return Progress(
        stage=Stage.EMBED,
        articles=articles,
        chunks=2,
        embedded=embedded,
        skipped=0,
        total_articles=total,
        seconds=0.5,
    )


def taken(number: int = 1) -> TakenArticle:
    return TakenArticle(id=f"{number:016x}", title="Ferry", url="u", source="Courier", published=None)


DONE = DoneMessage(result=Result(report=report(), articles=(taken(),)))


class Scripted:
    """Tells its messages; a gate holds it before the last one, until it is opened, interrupted or killed."""

    def __init__(
        self, messages: Sequence[Message], *, gate: threading.Event | None = None, deaf: bool = False
    ) -> None:
        self.gate = gate or threading.Event()
        self._held = gate is not None
        self._messages = messages
        self._deaf = deaf
        self.reached = threading.Event()
        self.interrupted = threading.Event()
        self.killed = threading.Event()

    def messages(self) -> Iterator[Message]:
        *first, last = self._messages
        yield from first
        self.reached.set()
        if self._held:
            assert self.gate.wait(PATIENCE_S)
        if self.killed.is_set():
            return
        yield InterruptedMessage(detail="2 chunks are kept") if self.interrupted.is_set() else last

    def interrupt(self) -> None:
        self.interrupted.set()
        if not self._deaf:
            self.gate.set()

    def kill(self) -> None:
        self.killed.set()
        self.gate.set()

    def ending(self) -> str:
        return "its process was killed by SIGKILL"


class Starter:
    """Starts what the script says, one after the other, and the last one ever after; keeps the tasks."""

    def __init__(self, *script: Scripted | Exception) -> None:
        self._script = script or (Scripted([ProgressMessage(progress=progress()), DONE]),)
        self.tasks: list[Task] = []

    def __call__(self, task: Task) -> Scripted:
        self.tasks.append(task)
        running = self._script[min(len(self.tasks), len(self._script)) - 1]
        if isinstance(running, Exception):
            raise running
        return running
