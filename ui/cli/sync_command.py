"""`dateline index sync`: keep the index in step with the sources that the configuration names."""

import json as json_module
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import ConfigError
from ui.cli.errors import ExitCode
from ui.cli.index_report import print_skipped
from ui.cli.interruption import sigterm_interrupts, write_progress
from ui.cli.options import Invocation, JsonOption, command
from ui.cli.output import make_console, note, print_json, print_line
from ui.text import counted, duration, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from index.sync.report import Failure, PassReport, Plan, SourcePlan, SourceReport
    from index.sync.run import Sync
    from index.sync.source import Source
    from ui.config import AppSettings

FILES_SHOWN = 20
NO_SOURCES = (
    "no sources are configured: write, say, `sources: [articles/, https://news.example/feed.xml]` into a "
    "file and give it with `--config FILE`"
)


def register(group: typer.Typer) -> None:
    """Add the command to the group `index`."""
    command(group, "sync")(sync)


def sync(
    invocation: Invocation,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on: at each interval, and when a file changes.")
    ] = False,
    interval: Annotated[
        float | None,
        typer.Option("--interval", metavar="S", min=10, help="Seconds between passes, for all sources."),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="NAME", help="Only this source, by name or place; may be repeated."),
    ] = None,
    remove_missing: Annotated[
        bool | None,
        typer.Option(
            "--remove-missing/--keep-missing",
            show_default=False,
            help="Whether the articles of files that are gone are removed.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Read the configured sources: add what is new, refresh what changed.

    What did not change is not read again; what is cut off goes on where it was. A source that fails is
    reported and stops no other; it exits 1 where all of them fail. With --watch --json each pass that
    changed something, or failed, is one line.
    """
    from index.sync.source import choose, sources_of

    if watch and dry_run:
        raise typer.BadParameter("--dry-run and --watch exclude each other")
    settings = invocation.settings()
    if not settings.sources:
        raise ConfigError(NO_SOURCES)
    every = sources_of(settings.sources, settings.sync, interval_s=interval, remove_missing=remove_missing)
    chosen, keeper = choose(every, source or ()), invocation.backend.sync(settings)
    if dry_run:
        _print_plan(keeper.plan(chosen), json=json)
    elif watch:
        _watch(invocation, keeper, chosen, json=json)
    else:
        _run(invocation, settings, keeper, chosen, urgent=bool(source), json=json)


def _run(
    invocation: Invocation,
    settings: "AppSettings",
    keeper: "Sync",
    sources: "Sequence[Source]",
    *,
    urgent: bool,
    json: bool,
) -> None:
    with write_progress(invocation, settings) as progress:
        report = keeper.run(sources, urgent=urgent, progress=progress)
    if json:
        print_json(report.to_dict())
    else:
        _print_report(report, verbose=invocation.verbosity > 0)
    if report.failed:
        note(f"error: {counted(len(sources), 'source')}, and none could be read")
        raise typer.Exit(ExitCode.FAILED)


def _watch(invocation: Invocation, keeper: "Sync", sources: "Sequence[Source]", *, json: bool) -> None:
    """Make passes until the process is interrupted or told to end, which is how this is meant to end."""
    import sys

    from index.sync.watch import watch

    if not invocation.quiet:
        note(f"watching {counted(len(sources), 'source')}; Ctrl-C ends it")
    first = True
    try:
        with sigterm_interrupts(), closing(watch(keeper, sources)) as passes:
            for report in passes:
                if json and report.eventful:
                    print_line(json_module.dumps(report.to_dict(), ensure_ascii=False))
                elif not json and (report.eventful or first):
                    _print_report(report, verbose=invocation.verbosity > 0)
                first = False
                sys.stdout.flush()
    except KeyboardInterrupt:
        if not invocation.quiet:
            note("ended")


def _print_report(report: "PassReport", *, verbose: bool) -> None:
    console = make_console()
    for source in report.sources:
        _print_source(console, source, verbose=verbose)
    totals = [f"{count:,} {name}" for name, count in report.totals().items() if count]
    held = (
        f"{counted(report.articles, 'article')} (version {report.version})"
        if report.version
        else "no index yet"
    )
    done = ", ".join(totals) or "nothing to do"
    console.print(f"{held}: {done}; {duration(report.seconds)}", style="bold")


def _print_source(console: "Console", source: "SourceReport", *, verbose: bool) -> None:
    counts = {
        "added": source.added,
        "updated": source.updated,
        "unchanged": source.unchanged,
        "removed": source.removed,
    }
    parts = [f"{count:,} {name}" for name, count in counts.items() if count]
    if source.failed:
        parts.append(_failure(source.failed))
    console.print(f"{one_line(source.name)}: {', '.join(parts) or 'nothing'}; {duration(source.seconds)}")
    if source.kept:
        console.print(f"  {one_line(source.kept)}")
    print_skipped(console, source.skipped)
    if source.skipped_before:
        console.print(f"{source.skipped_before:,} skipped before, and not changed since")
        for item in source.known_skips if verbose else ():
            console.print(f"  {one_line(item.origin)}: {one_line(item.reason)}")


def _failure(failed: "Failure") -> str:
    said = f"failed: {one_line(failed.reason)}" if failed.tried else f"waits: {one_line(failed.reason)}"
    return f"{said}; next try {failed.next_try}" if failed.next_try else said


def _print_plan(plan: "Plan", *, json: bool) -> None:
    if json:
        print_json(plan.to_dict())
        return
    console = make_console()
    for source in plan.sources:
        console.print(f"{one_line(source.name)}: {_planned(source)}")
        if source.kept:
            console.print(f"  {one_line(source.kept)}")
        for name, files in (("new", source.new), ("changed", source.changed), ("gone", source.gone)):
            for file in files[:FILES_SHOWN]:
                console.print(f"  {name}: {one_line(file)}")
            if len(files) > FILES_SHOWN:
                console.print(f"  … and {len(files) - FILES_SHOWN:,} more (--json lists them all)")
    console.print("nothing was done (--dry-run)")


def _planned(source: "SourcePlan") -> str:
    if source.failed:
        return _failure(source.failed)
    if source.asks:
        return "would be asked for what is new"
    counts = {
        "new": len(source.new),
        "changed": len(source.changed),
        "unchanged": source.unchanged,
        "gone": len(source.gone),
    }
    parts = [f"{count:,} {name}" for name, count in counts.items() if count]
    said = ", ".join(parts) + " files" if parts else "no files"
    return f"{said}; {counted(source.removed, 'article')} would be removed" if source.removed else said
