"""`dateline eval`: how well the archive of a data set is searched and its questions answered."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import Invocation, JsonOption, command
from ui.cli.output import make_console, print_json
from ui.cli.progress import counted_progress

if TYPE_CHECKING:
    from rag.evaluate.run import EvalProgress


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    command(app, "eval")(evaluate)


def evaluate(
    invocation: Invocation,
    dataset: Annotated[
        Path,
        typer.Argument(
            metavar="DATASET_DIR", help="Folder with articles.jsonl[.gz] and questions.jsonl[.gz]."
        ),
    ],
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="Only the first N questions.")
    ] = None,
    retrieval_only: Annotated[
        bool, typer.Option("--retrieval-only", help="Search only; no language model is used.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Measure over a data set of questions.

    The index of its articles is kept in a cache, so that the next run starts at once.
    """
    settings = invocation.settings()
    with counted_progress(quiet=invocation.quiet) as show:

        def listen(progress: "EvalProgress") -> None:
            show(progress.stage, progress.done, progress.total)

        report = invocation.backend.evaluate(
            settings, dataset, limit=limit, retrieval_only=retrieval_only, progress=listen
        )
    if json:
        print_json(report.to_dict())
        return
    console, rows = make_console(), report.rows()
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        console.print(f"{name:<{width}}  {value}")
