"""`dateline index …`: make an index, change it, and look at it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import DatelineError
from ui.cli import sync_command, upkeep_commands
from ui.cli.article import print_article
from ui.cli.index_report import print_build_report, print_skipped
from ui.cli.interruption import write_progress
from ui.cli.options import (
    ConfigOption,
    IndexOption,
    Invocation,
    JsonOption,
    QuietOption,
    VerboseOption,
    command,
    remember,
)
from ui.cli.output import error_console, make_console, print_json, print_line
from ui.text import one_line

if TYPE_CHECKING:
    from index.article import Skipped
    from index.build import BuildMode
    from index.progress import BuildReport

SourcesArgument = Annotated[
    list[str], typer.Argument(metavar="SOURCE...", help="Files (also .gz) and folders, read recursively.")
]


def register(app: typer.Typer) -> None:
    """Add the group of this module."""
    group = typer.Typer(help="Make, change and inspect an index.", no_args_is_help=True)

    @group.callback()
    def _group(
        ctx: typer.Context,
        index: IndexOption = None,
        config: ConfigOption = None,
        verbose: VerboseOption = 0,
        quiet: QuietOption = False,
    ) -> None:
        remember(ctx, index=index, config=config, verbose=verbose, quiet=quiet)

    command(group, "build")(build)
    command(group, "add")(add)
    command(group, "remove")(remove)
    command(group, "rebuild")(rebuild)
    command(group, "list")(list_articles)
    command(group, "show")(show)
    command(group, "info")(info)
    sync_command.register(group)
    upkeep_commands.register(group)
    app.add_typer(group, name="index")


def build(invocation: Invocation, sources: SourcesArgument, json: JsonOption = False) -> None:
    """Make the index from these sources alone.

    What it held before stays searchable until the new version is whole, and is then replaced.
    """
    from index.build import BuildMode

    _write(invocation, sources, BuildMode.REPLACE, json=json)


def add(invocation: Invocation, sources: SourcesArgument, json: JsonOption = False) -> None:
    """Add articles, and refresh changed ones.

    An article is known by its address, or else by its path; an unchanged one costs nothing.
    """
    from index.build import BuildMode

    _write(invocation, sources, BuildMode.ADD, json=json)


def remove(
    invocation: Invocation,
    references: Annotated[
        list[str], typer.Argument(metavar="ID_OR_URL...", help="Articles, as `list` shows them.")
    ],
    json: JsonOption = False,
) -> None:
    """Remove articles.

    All that are named go, or none where one of them is not found.
    """
    settings = invocation.settings()
    with write_progress(invocation, settings) as progress:
        report = invocation.backend.remove(settings, references, progress=progress)
    _print_report(report, json=json)


def rebuild(invocation: Invocation, json: JsonOption = False) -> None:
    """Cut and embed the articles anew.

    For another embedding model or chunking: no source is read, the articles are those of the live
    version, which answers until the new one is whole. What the model has embedded before is not
    embedded again.
    """
    settings = invocation.settings()
    with write_progress(invocation, settings) as progress:
        report = invocation.backend.rebuild(settings, progress=progress)
    _print_report(report, json=json)


def list_articles(
    invocation: Invocation,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="At most so many.")] = None,
    offset: Annotated[
        int, typer.Option("--offset", metavar="N", min=0, help="Leave out the first ones.")
    ] = 0,
    json: JsonOption = False,
) -> None:
    """List the articles, newest first."""
    records = invocation.archive().list_articles(limit=limit, offset=offset)
    if json:
        print_json([record.to_dict() for record in records])
        return
    console = make_console()
    for record in records:
        fields = (record.published or "undated", record.id, one_line(record.source), one_line(record.title))
        print_line(("  " if console.is_terminal else "\t").join(fields))


def show(
    invocation: Invocation,
    reference: Annotated[str, typer.Argument(metavar="ID_OR_URL", help="An article, as `list` shows it.")],
    raw: Annotated[
        bool, typer.Option("--raw", help="The text before cleaning, with what was removed.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Show one article.

    Its dates with where they were found, its outlets, revisions, copies and corrections, and its text.
    With --raw each line that cleaning removed is marked with a minus sign.
    """
    article = invocation.archive().find(reference)
    if json:
        print_json(article.to_dict() | ({"raw": article.raw} if raw else {}))
    else:
        print_article(make_console(), article, raw=raw)


def info(invocation: Invocation, json: JsonOption = False) -> None:
    """Describe the live version.

    Its counts, embedding model, dates, outlets and size.
    """
    described = invocation.archive().info().to_dict()
    if json:
        print_json(described)
        return
    console = make_console()
    width = max(len(key) for key in described)
    for key, value in described.items():
        shown = (
            ", ".join(f"{name} {item}" for name, item in value.items()) if isinstance(value, dict) else value
        )
        console.print(f"{key.replace('_', ' '):<{width}}  {'' if shown is None else one_line(str(shown))}")


def _write(invocation: Invocation, sources: Sequence[str], mode: "BuildMode", *, json: bool) -> None:
    from ui.building import build_from_sources

    settings = invocation.settings()
    skipped: list[Skipped] = []
    with write_progress(invocation, settings) as progress:
        try:
            report = build_from_sources(
                invocation.backend, settings, sources, mode=mode, skipped=skipped, progress=progress
            )
        except DatelineError:
            print_skipped(error_console(), skipped)
            raise
    _print_report(report, json=json)


def _print_report(report: "BuildReport", *, json: bool) -> None:
    if json:
        print_json(report.to_dict())
    else:
        print_build_report(make_console(), report)
