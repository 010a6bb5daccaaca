"""`dateline serve`: the page and the API."""

from contextlib import closing
from typing import Annotated

import typer

from ui.cli.options import Invocation, command
from ui.cli.output import note


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    command(app, "serve")(serve)


def serve(
    invocation: Invocation,
    host: Annotated[
        str | None, typer.Option("--host", metavar="HOST", help="Address to listen on (127.0.0.1).")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", metavar="PORT", help="Port to listen on (7860); 0 takes any.")
    ] = None,
) -> None:
    """Serve the page and the API.

    The page is at /, the API at /v1, and its documentation at /docs.
    """
    settings = invocation.settings()
    changed = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    where = settings.serve.model_copy(update=changed)
    engine = invocation.backend.engine(settings, mends=True, may_be_missing=where.takes_writes)
    with closing(engine):
        if engine.archive.current_version() is None:
            note(
                f"there is no index in {str(settings.index)!r} yet: POST /v1/articles makes it, and so does "
                "`dateline index build SOURCE...`"
            )
        if not invocation.quiet:
            note("starting …")

        def say_ready(address: str) -> None:
            if not invocation.quiet:
                note(
                    f"Dateline is on {address} (the API at /v1, its documentation at /docs); Ctrl-C stops it"
                )

        try:
            invocation.backend.serve(engine, where, on_ready=say_ready)
        except KeyboardInterrupt:  # the usual way to end it
            note("stopped")
