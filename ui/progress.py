"""How far a build is, and what one that was cut off has kept: the same words wherever they are shown."""

from typing import TYPE_CHECKING

from ui.text import counted, duration, one_line

if TYPE_CHECKING:
    from index.progress import BuildReport, Progress

# Reading, cutting and embedding take turns, batch by batch.
_INDEXING = "indexing"


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


def describe_report(report: "BuildReport") -> str:
    """Return what a build did, in one line."""
    counts = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "removed": report.removed,
    }
    done = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "nothing to do"
    state = f"version {report.version}" if report.changed else f"version {report.version} stays as it was"
    return f"{done} ({state}; {counted(report.embedded, 'chunk')} embedded, {report.reused:,} reused)"


def describe_interruption(
    *, embedded: int, before: str | None, now: str | None, again: str = "run the same command again"
) -> str:
    """Return what a write that was cut off has kept, and what answers: one line.

    `embedded` are the chunks that it embedded; `before` and `now` name the live version, None for none;
    `again` says how it goes on.
    """
    verb = "is" if embedded == 1 else "are"
    kept = f"{counted(embedded, 'chunk')} {verb} embedded and kept; " if embedded else ""
    if now is None:
        answers = "there is no version yet"
    elif now == before:
        answers = f"version {now} goes on answering"
    else:
        answers = f"version {now} was published and answers"
    return f"{kept}{again} to go on; {answers}"
