"""A write that is interrupted ends in order, and one line says what it has kept."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from index.errors import DatelineError
from ui.cli.errors import ExitCode
from ui.cli.output import note
from ui.cli.progress import build_progress
from ui.progress import describe_interruption

if TYPE_CHECKING:
    from index.archive import Archive
    from index.progress import Progress, ProgressListener
    from ui.cli.options import Invocation
    from ui.config import AppSettings


class Terminated(KeyboardInterrupt):
    """SIGTERM, which service managers send, taken as Ctrl-C is."""


@contextmanager
def sigterm_interrupts() -> Iterator[None]:
    """Have SIGTERM end the block as Ctrl-C does; only the main thread can be told of signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_signal: int, _frame: object) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def write_progress(invocation: "Invocation", settings: "AppSettings") -> "Iterator[ProgressListener]":
    """Show the progress of a command that writes; where it is interrupted, say what it has kept.

    Raises:
        typer.Exit: with 130 after SIGINT, with 143 after SIGTERM.
    """
    archive, kept = invocation.backend.archive(settings), Kept()
    before = live_version(archive)
    try:
        with sigterm_interrupts(), build_progress(quiet=invocation.quiet) as show:

            def listen(progress: "Progress") -> None:
                kept.count(progress)
                show(progress)

            yield listen
    except KeyboardInterrupt as interruption:
        said = describe_interruption(embedded=kept.embedded, before=before, now=live_version(archive))
        note(f"interrupted: {said}")
        ended = isinstance(interruption, Terminated)
        raise typer.Exit(ExitCode.TERMINATED if ended else ExitCode.INTERRUPTED) from None


class Kept:
    """Counts the chunks that were embedded, over all builds of a command."""

    def __init__(self) -> None:
        self._earlier = 0
        self._now = 0

    @property
    def embedded(self) -> int:
        """How many chunks were embedded so far; they are in the catalogue."""
        return self._earlier + self._now

    def count(self, progress: "Progress") -> None:
        """Take a report; one with fewer than before is of the next build."""
        if progress.embedded < self._now:
            self._earlier += self._now
        self._now = progress.embedded


def live_version(archive: "Archive") -> str | None:
    """Return the live version's name; None where there is none that can be told."""
    try:
        return archive.current_version()
    except DatelineError:
        return None
