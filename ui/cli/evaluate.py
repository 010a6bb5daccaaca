"""`dateline eval`: how well the archive of a data set is searched and its questions answered."""

import json as json_lines
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.evaluate_report import print_comparison, print_report, print_results
from ui.cli.options import Invocation, JsonOption, command
from ui.cli.output import error_console, make_console, note, print_json
from ui.cli.progress import PlainProgress, counted_progress
from ui.text import duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rag.config import EvaluateConfig
    from rag.evaluate.compare import Comparison
    from rag.evaluate.report import EvalReport
    from rag.evaluate.run import EvalOptions, EvalProgress, Setup

DEFAULTS = "defaults"


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    command(app, "eval")(evaluate)


def evaluate(
    invocation: Invocation,
    dataset: Annotated[
        Path,
        typer.Argument(
            metavar="DATASET_DIR",
            help="Folder with articles.jsonl and questions.jsonl, or a BEIR folder; files also as .gz.",
        ),
    ],
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="Only the first N questions.")
    ] = None,
    retrieval_only: Annotated[
        bool, typer.Option("--retrieval-only", help="Search only; no language model is used.")
    ] = False,
    no_sentences: Annotated[
        bool,
        typer.Option(
            "--no-sentences", help="Do not choose sentences from the passages: several times as fast."
        ),
    ] = False,
    compare: Annotated[
        Path | None,
        typer.Option("--compare", metavar="FILE", help="Measure this configuration too, and compare."),
    ] = None,
    show: Annotated[
        str | None,
        typer.Option(
            "--show", metavar="WHICH", help="Print questions: misses, all, a question's id, or changes."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FILE",
            dir_okay=False,
            writable=True,
            help="Write each question with its passages, as JSON lines.",
        ),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option("--split", metavar="NAME", help="Judgements to use: qrels/NAME.tsv (test)."),
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option(
            "--judge",
            metavar="MODEL",
            help="Model that judges the answers: provider:name, or a name at evaluate.judge_base_url.",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", min=0, help="Of the resampling behind intervals and tests.")
    ] = 0,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Make the index anew instead of taking it from the cache.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Measure over a data set of questions.

    The index of its articles is kept in a cache, so that the next run starts at once. Each figure
    comes with its 95% interval.
    """
    from rag.evaluate.run import EvalOptions, measure, measure_both

    if output and not output.resolve().parent.is_dir():
        raise typer.BadParameter(
            f"there is no folder {str(output.resolve().parent)!r}", param_hint="--output"
        )
    options = EvalOptions(
        limit=limit,
        split=split,
        retrieval_only=retrieval_only,
        sentences=not no_sentences,
        fresh=fresh,
        show=show,
        seed=seed,
    )
    if judge and retrieval_only:
        raise typer.BadParameter("there are no answers to judge with --retrieval-only", param_hint="--judge")
    this = _setup(invocation, invocation.config, judge=judge)
    with _progress(quiet=invocation.quiet) as listen:
        if compare:
            both = measure_both(dataset, this, _setup(invocation, compare), options, progress=listen)
            report = both.this
        else:
            both, report = None, measure(dataset, this, options, progress=listen)
    if output:
        _write(output, report, both)
    _print(report, both, options, json=json)


def _print(report: "EvalReport", both: "Comparison | None", options: "EvalOptions", *, json: bool) -> None:
    from rag.evaluate.selection import shown_ids

    other = both.other if both else None
    ids = shown_ids(options.show, report, other)
    if json:
        print_json((both or report).to_dict(passages=frozenset(ids)))
        return
    console = make_console()
    if both:
        print_comparison(console, both)
    else:
        print_report(console, report)
    print_results(console, report, other, ids)


def _setup(invocation: Invocation, config: Path | None, *, judge: str | None = None) -> "Setup":
    """Return a configuration with its embedding model, which loads on first use."""
    from rag.evaluate.run import Setup

    settings = invocation.backend.settings(config, invocation.index)
    if judge:
        settings = settings.model_copy(update={"evaluate": _judged_by(judge, settings.evaluate)})
    name = config.name if config else DEFAULTS
    return Setup(settings=settings, name=name, embedder=invocation.backend.embedder(settings))


def _judged_by(judge: str, evaluate: "EvaluateConfig") -> "EvaluateConfig":
    """Return the settings of an evaluation with another judge.

    Raises:
        BadParameter: where the name is of no form that can be used.
    """
    from pydantic import ValidationError

    try:
        return type(evaluate)(**{**evaluate.model_dump(), "judge": judge})
    except ValidationError as exc:
        reason = exc.errors()[0]["msg"].removeprefix("Value error, ")
        raise typer.BadParameter(f"{judge!r} names no judge: {reason}", param_hint="--judge") from exc


def _write(path: Path, report: "EvalReport", both: "Comparison | None") -> None:
    """Write a line for each question, in a comparison one for each configuration."""
    named = [(both.this_name, both.this), (both.other_name, both.other)] if both else [(None, report)]
    with path.open("w", encoding="utf-8") as stream:
        for at in range(len(report.results)):
            for name, one in named:
                record = one.results[at].to_dict(passages=True)
                fields = {"configuration": name, **record} if name else record
                stream.write(json_lines.dumps(fields, ensure_ascii=False) + "\n")
    note(f"{len(report.results):,} questions are in {path}")


@contextmanager
def _progress(*, quiet: bool) -> "Iterator[Callable[[EvalProgress], None]]":
    """Show how far it is, and about how long it will go on; say what an index cut off has kept."""
    stage = ""
    with counted_progress(quiet=quiet) as bar:
        plain = PlainProgress()
        on_terminal = quiet or error_console().is_terminal

        def show(progress: "EvalProgress") -> None:
            nonlocal stage
            stage = progress.stage
            if on_terminal:
                bar(progress.stage, progress.done, progress.total)
            elif progress.done or progress.total:
                plain(progress.stage, _describe(progress))

        try:
            yield show
        except KeyboardInterrupt:
            if stage == "indexing":
                note("what was embedded is kept: the same command goes on from there")
            raise


def _describe(progress: "EvalProgress") -> str:
    done = f"{progress.done:,} of {progress.total:,}" if progress.total else f"{progress.done:,}"
    left = progress.seconds_left
    return f"{done}, {duration(left)} left" if left else done
