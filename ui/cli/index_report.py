"""The summary that ends a build."""

from typing import TYPE_CHECKING

from ui.text import counted, duration, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from index.article import Skipped
    from index.progress import BuildReport

SKIPPED_SHOWN = 20


def print_build_report(console: "Console", report: "BuildReport") -> None:
    """Print what a build, an addition or a removal did."""
    changes = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "removed": report.removed,
    }
    done = ", ".join(f"{count:,} {name}" for name, count in changes.items() if count) or "nothing to do"
    copies = report.added + report.updated + report.unchanged - report.articles
    done += f" ({copies:,} of the same text as another)" if copies > 0 else ""
    state = f"version {report.version}" if report.changed else f"version {report.version} stays as it was"
    console.print(
        f"{counted(report.articles, 'article')} in {counted(report.chunks, 'chunk')} ({state})", style="bold"
    )
    vectors = f"{counted(report.embedded, 'chunk')} embedded, {report.reused:,} reused"
    console.print(f"{done}; {vectors}; {duration(report.seconds)}")
    print_skipped(console, report.skipped)


def print_skipped(console: "Console", skipped: "Sequence[Skipped]") -> None:
    """Name the inputs that gave no article, each with its reason."""
    if not skipped:
        return
    console.print(f"{len(skipped):,} skipped:")
    for item in skipped[:SKIPPED_SHOWN]:
        console.print(f"  {one_line(item.origin)}: {one_line(item.reason)}")
    if len(skipped) > SKIPPED_SHOWN:
        console.print(f"  … and {len(skipped) - SKIPPED_SHOWN:,} more (--json lists them all)")
