"""Starts the process of a job and listens to it."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from index.errors import DatelineError
from ui.jobs.task import Message, Order, Task, parse_message

if TYPE_CHECKING:
    from rag.config import Settings

SETTINGS_OF_WRITING = frozenset({"index", "embedding", "chunking", "reading", "fetch", "sources", "sync"})
ROOT = Path(__file__).parents[2]
END_S = 30.0


class Running(Protocol):
    """A task that is being done."""

    def messages(self) -> Iterator[Message]:
        """Yield what it tells, until it has ended."""
        ...

    def interrupt(self) -> None:
        """Ask it to end in order."""
        ...

    def kill(self) -> None:
        """End it at once; the index stays whole."""
        ...

    def ending(self) -> str:
        """Say how it ended, where it did not tell."""
        ...


class WorkerProcess:
    """A task in a process of its own, which ends when this one does."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    @classmethod
    def start(cls, settings: "Settings", task: Task) -> Self:
        """Start a process on a task, under those of the settings that writing needs.

        Raises:
            DatelineError: where no process can be started.
        """
        own = settings.model_dump(mode="json", include=set(SETTINGS_OF_WRITING))
        try:
            order = Order(settings=own, task=task).line()
        except RecursionError as error:
            raise DatelineError("the articles are nested too deeply: send plain fields") from error
        paths = filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "ui.jobs.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
                start_new_session=True,  # Ctrl-C is for the server, which then ends its job in order
            )
        except OSError as error:
            raise DatelineError(
                f"no process can be started for the job ({error.strerror or error})"
            ) from error
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        with contextlib.suppress(OSError):  # it has ended already: its messages say so
            process.stdin.write(order)
            process.stdin.flush()
        return cls(process)

    def messages(self) -> Iterator[Message]:
        """Yield what the process tells, until it has ended."""
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            with self._process.stdout as stream:
                for line in stream:
                    yield parse_message(line)
        finally:
            self._end()

    def interrupt(self) -> None:
        """Send SIGINT, on which it keeps what it has embedded."""
        self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """Send SIGKILL."""
        self._process.kill()

    def ending(self) -> str:
        """Say how the process ended."""
        code = self._process.returncode
        if code is not None and code < 0:
            return f"its process was killed by {signal.Signals(-code).name}"
        return f"its process ended with {code}"

    def _end(self) -> None:
        """Reap the process, which has closed its output; its input is closed to make it end."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
