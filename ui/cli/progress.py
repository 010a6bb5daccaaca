"""How far a long task is, on stderr: a bar on a terminal, a plain line now and then elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ui.cli.output import error_console, note
from ui.progress import describe, name_stage

if TYPE_CHECKING:
    from rich.console import Console

    from index.progress import Progress, ProgressListener

SECONDS_BETWEEN_LINES = 3.0


class PlainProgress:
    """One line at the start, and one every few seconds."""

    def __init__(
        self, *, every: float = SECONDS_BETWEEN_LINES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._every = every
        self._clock = clock
        self._last: float | None = None

    def __call__(self, stage: str, line: str) -> None:
        """Take a report; write its line where it is due."""
        now = self._clock()
        if self._last is None or now - self._last >= self._every:
            self._last = now
            note(f"{stage}: {line}")


@contextmanager
def build_progress(*, quiet: bool) -> "Iterator[ProgressListener]":
    """Show the progress of a build while the block runs."""
    console = error_console()
    if quiet:
        yield lambda _: None
    elif console.is_terminal:
        with _build_bar(console) as listener:
            yield listener
    else:
        plain = PlainProgress()
        yield lambda progress: plain(name_stage(progress), describe(progress))


@contextmanager
def counted_progress(*, quiet: bool) -> Iterator[Callable[[str, int, int | None], None]]:
    """Show a task that counts: the listener takes what is done, how many, and of how many."""
    console = error_console()
    if quiet:
        yield lambda _stage, _done, _total: None
    elif console.is_terminal:
        with _counted_bar(console) as listener:
            yield listener
    else:
        plain = PlainProgress()
        yield lambda stage, done, total: plain(stage, f"{done:,} of {total:,}" if total else f"{done:,}")


@contextmanager
def _build_bar(console: "Console") -> "Iterator[ProgressListener]":
    from rich.progress import BarColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[line]}"),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None, line="")

        def show(progress: "Progress") -> None:
            bar.update(
                task,
                description=name_stage(progress),
                completed=progress.articles,
                total=progress.total_articles,
                line=describe(progress),
            )

        yield show


@contextmanager
def _counted_bar(console: "Console") -> Iterator[Callable[[str, int, int | None], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)
        stage = ""

        def show(now: str, done: int, total: int | None) -> None:
            nonlocal stage
            if now != stage:
                stage = now
                bar.reset(task)
            bar.update(task, description=now, completed=done, total=total)

        yield show
