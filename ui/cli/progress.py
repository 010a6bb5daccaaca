"""How far a long task is, on stderr: a bar on a terminal, a plain line now and then elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ui.cli.output import counted, error_console, note, one_line

if TYPE_CHECKING:
    from rich.console import Console

    from index.progress import Progress, ProgressListener

SECONDS_BETWEEN_LINES = 3.0
# Reading, cutting and embedding take turns, batch by batch.
_INDEXING = "indexing"


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


def name_stage(progress: "Progress") -> str:
    """Return what is being done, in a few words."""
    return one_line(progress.message) or _INDEXING


def describe(progress: "Progress") -> str:
    """Return the counts, the rate and the time left, in one line."""
    total = progress.total_articles
    parts = [
        f"{progress.articles:,} of {counted(total, 'article')}"
        if total
        else counted(progress.articles, "article")
    ]
    parts += [counted(progress.chunks, "chunk")] if progress.chunks else []
    parts += [f"{progress.embedded:,} embedded"] if progress.embedded else []
    parts += [f"{progress.skipped:,} skipped"] if progress.skipped else []
    if progress.seconds > 0 and progress.articles:
        rate = progress.articles / progress.seconds
        parts.append(f"{rate:,.1f} articles/s")
        if progress.total_articles and progress.total_articles > progress.articles:
            parts.append(f"{duration((progress.total_articles - progress.articles) / rate)} left")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """Return seconds as `4.2 s`, `3 min 05 s` or `2 h 03 min`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


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
