"""The application: its commands, and the options before them."""

from typing import Annotated

import typer

from ui.cli import ask, chat, doctor, evaluate, index_commands, serve
from ui.cli.options import ConfigOption, IndexOption, QuietOption, VerboseOption, remember

app = typer.Typer(
    name="dateline",
    help="Cited, dated answers over an archive of news articles, on one machine and offline.",
    epilog="Start with: dateline index build FOLDER, then: dateline ask QUESTION",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"dateline {version('dateline')}")
        raise typer.Exit


@app.callback()
def _root(
    ctx: typer.Context,
    index: IndexOption = None,
    config: ConfigOption = None,
    verbose: VerboseOption = 0,
    quiet: QuietOption = False,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    remember(ctx, index=index, config=config, verbose=verbose, quiet=quiet)


ask.register(app)
chat.register(app)
index_commands.register(app)
serve.register(app)
evaluate.register(app)
doctor.register(app)


def main() -> None:
    """Run the command line of this process; ends it with the exit code."""
    app(prog_name="dateline")
