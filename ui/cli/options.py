"""The options that every command takes, before its name and after it; the later one wins."""

import inspect
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec, cast

import typer

from ui.cli.backend import Backend
from ui.cli.errors import debug_wanted, one_line_errors
from ui.cli.output import prepare_streams

if TYPE_CHECKING:
    from index.archive import Archive
    from rag.engine import Engine
    from ui.config import AppSettings

P = ParamSpec("P")

_PANEL = "Anywhere on the line"

IndexOption = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="DIR",
        help="Folder of the index (./.dateline, or what DATELINE_INDEX says).",
        rich_help_panel=_PANEL,
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="YAML file of settings.", rich_help_panel=_PANEL),
]
VerboseOption = Annotated[
    int,
    typer.Option(
        "--verbose",
        "-v",
        count=True,
        metavar="",
        show_default=False,
        help="Say more on stderr, tracebacks included; twice for everything.",
        rich_help_panel=_PANEL,
    ),
]
QuietOption = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="No progress and no notes on stderr.", rich_help_panel=_PANEL),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """What was said on the line beside the command's own arguments, and the way to the rest."""

    backend: Backend = field(default_factory=Backend)
    index: Path | None = None
    config: Path | None = None
    verbosity: int = 0
    quiet: bool = False

    def then(self, *, index: Path | None, config: Path | None, verbose: int, quiet: bool) -> "Invocation":
        """Return this with what was said later on the line put over it."""
        return replace(
            self,
            index=index or self.index,
            config=config or self.config,
            verbosity=self.verbosity + verbose,
            quiet=self.quiet or quiet,
        )

    def settings(self) -> "AppSettings":
        """Load the settings.

        Raises:
            ConfigError: for a file, variable or value that cannot be used.
        """
        return self.backend.settings(self.config, self.index)

    def archive(self) -> "Archive":
        """Return the index's folder, as it is."""
        return self.backend.archive(self.settings())

    def engine(self) -> "Engine":
        """Open the engine.

        Raises:
            ArchiveNotFoundError: where there is no index yet.
        """
        return self.backend.engine(self.settings())


def remember(
    ctx: typer.Context,
    *,
    index: Path | None,
    config: Path | None,
    verbose: int,
    quiet: bool,
) -> Invocation:
    """Keep what a group was given for the command below it, and return it."""
    given = ctx.obj if isinstance(ctx.obj, Invocation) else Invocation(backend=ctx.obj or Backend())
    ctx.obj = given.then(index=index, config=config, verbose=verbose, quiet=quiet)
    return cast("Invocation", ctx.obj)


def command(
    app: typer.Typer, name: str
) -> Callable[[Callable[Concatenate[Invocation, P], None]], Callable[Concatenate[Invocation, P], None]]:
    """Register a command whose first parameter is an `Invocation`.

    The command line gains the options of this module, logging is configured, and an error ends
    it with one line.
    """

    def register(
        function: Callable[Concatenate[Invocation, P], None],
    ) -> Callable[Concatenate[Invocation, P], None]:
        def run(ctx: typer.Context, **given: Any) -> None:
            shared = {key: given.pop(key) for key in ("index", "config", "verbose", "quiet")}
            invocation = remember(ctx, **shared)
            prepare_streams()
            configure_logging(invocation)
            with one_line_errors(debug=debug_wanted(invocation.verbosity)):
                cast("Callable[..., None]", function)(invocation, **given)

        run.__doc__ = function.__doc__
        run.__name__ = function.__name__
        _give_signature(run, function)
        app.command(name)(run)
        return function

    return register


def _give_signature(run: Callable[..., None], function: Callable[..., None]) -> None:
    """Show Typer the parameters of `function`, with the shared options in place of its first."""

    def shared(
        ctx: typer.Context,
        index: IndexOption = None,
        config: ConfigOption = None,
        verbose: VerboseOption = 0,
        quiet: QuietOption = False,
    ) -> None:
        """Only its parameters are used."""

    context, *options = inspect.signature(shared).parameters.values()
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    parameters = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (context, *own, *options)
    ]
    signature = inspect.Signature(parameters)
    run.__signature__ = signature  # type: ignore[attr-defined]
    run.__annotations__ = {name: parameter.annotation for name, parameter in signature.parameters.items()}


def configure_logging(invocation: Invocation) -> None:
    """Send log records to stderr: warnings by default, more with `--verbose`, errors with `--quiet`."""
    ours, others = {0: (logging.WARNING, logging.ERROR), 1: (logging.INFO, logging.WARNING)}.get(
        invocation.verbosity, (logging.DEBUG, logging.INFO)
    )
    if invocation.quiet and not invocation.verbosity:
        ours = others = logging.ERROR
    logging.basicConfig(
        stream=sys.stderr, level=others, format="%(levelname)s %(name)s: %(message)s", force=True
    )
    for package in ("index", "rag", "ui"):
        logging.getLogger(package).setLevel(ours)
    logging.captureWarnings(True)
