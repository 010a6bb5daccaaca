"""`dateline ask` and `dateline search`: one question, answered or looked up."""

import sys
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.explain import print_explanation
from ui.cli.options import Invocation, JsonOption, command
from ui.cli.output import WrappedStream, error_console, make_console, note, print_json
from ui.cli.render import describe_left_out, print_citations, print_sources
from ui.cli.timeline import print_timeline
from ui.text import counted, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from rag.answer import Answer
    from rag.events import Event
    from rag.question import Filters

STDIN = "-"
MAX_STDIN_CHARACTERS = 1_000_000

_PANEL = "Which part of the archive"

AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="As if it were this day (YYYY-MM-DD).", rich_help_panel=_PANEL
    ),
]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="Published on this day or later.", rich_help_panel=_PANEL),
]
UntilOption = Annotated[
    str | None,
    typer.Option("--until", metavar="DATE", help="Published on this day or earlier.", rich_help_panel=_PANEL),
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--source", metavar="NAME", help="Only this outlet; may be repeated.", rich_help_panel=_PANEL
    ),
]
TopKOption = Annotated[
    int | None,
    typer.Option("--top-k", metavar="N", help="How many passages to retrieve.", rich_help_panel=_PANEL),
]
IncludeUndatedOption = Annotated[
    bool,
    typer.Option(
        "--include-undated",
        help="With dates given, see articles of unknown date too.",
        rich_help_panel=_PANEL,
    ),
]

ShowUnsupportedOption = Annotated[
    bool,
    typer.Option(
        "--show-unsupported",
        help="Also show, struck through, what the model wrote and no passage supports, with the reason.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "ask")(ask)
    command(app, "search")(search)


def ask(
    invocation: Invocation,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="In quotes; `-` reads it from stdin.")],
    as_of: AsOfOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    top_k: TopKOption = None,
    include_undated: IncludeUndatedOption = False,
    timeline: Annotated[
        bool, typer.Option("--timeline", help="Give the dated course of the story, one cited line per event.")
    ] = False,
    show_unsupported: ShowUnsupportedOption = False,
    json: JsonOption = False,
) -> None:
    """Answer a question, with cited passages.

    Every sentence carries the dated passage that supports it; where the archive has none, that is said.
    """
    text = _read_question(question)
    filters = make_filters(as_of, since, until, source, top_k, include_undated=include_undated)
    with closing(invocation.engine()) as engine:
        if timeline:
            told = engine.timeline(text, **filters)
            print_json(told.to_dict()) if json else print_timeline(make_console(), told)
            return
        filters["show_unsupported"] = show_unsupported
        if json:
            print_json(engine.ask(text, **filters).to_dict())
            return
        console = make_console()
        answer = show_answer(console, engine.stream(text, **filters), quiet=invocation.quiet)
        print_sources(console, answer)


def search(
    invocation: Invocation,
    query: Annotated[str, typer.Argument(metavar="QUERY", help="In quotes; `-` reads it from stdin.")],
    as_of: AsOfOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    top_k: TopKOption = None,
    include_undated: IncludeUndatedOption = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what each stage gave each passage, and why.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Find passages, best first.

    This is retrieval alone: no language model is used.
    """
    text = _read_question(query)
    filters = make_filters(as_of, since, until, source, top_k, include_undated=include_undated)
    with closing(invocation.engine()) as engine:
        found = engine.explain(text, **filters)
    if json:
        print_json(found.to_dict(explained=explain))
        return
    if explain:
        print_explanation(make_console(), found)
    elif found.passages:
        print_citations(make_console(), found.passages)
    if not invocation.quiet:
        note("" if found.passages else "no passage of the archive matches")
        note(describe_left_out(found.left_out))


def make_filters(
    as_of: str | None,
    since: str | None,
    until: str | None,
    source: list[str] | None,
    top_k: int | None,
    *,
    include_undated: bool,
) -> "Filters":
    """Return the options of the line as the engine takes them."""
    return {
        "as_of": as_of,
        "since": since,
        "until": until,
        "sources": tuple(source or ()),
        "top_k": top_k,
        "include_undated": include_undated,
    }


def show_answer(console: "Console", events: "Iterator[Event]", *, quiet: bool = False) -> "Answer":
    """Print an answer's text while it comes, with what is being done beside it, and return the answer."""
    from rag.events import AnswerEvent, PassagesEvent, PlanEvent, TokenEvent

    stream = WrappedStream(console)
    notes = error_console()
    busy = notes.status("Reading the question") if notes.is_terminal and not quiet else None
    answer: Answer | None = None
    with busy or nullcontext():
        for event in events:
            if isinstance(event, TokenEvent):
                if busy:
                    busy.stop()
                stream.write(event.text)
            elif isinstance(event, AnswerEvent):
                answer = event.answer
            elif busy and isinstance(event, PlanEvent):
                busy.update(f"Searching the archive as of {one_line(event.as_of)}")
            elif busy and isinstance(event, PassagesEvent):
                busy.update(f"Reading {counted(len(event.passages), 'passage')}")
    stream.end()
    if answer is None:
        raise RuntimeError("the engine ended without an answer")
    return answer


def _read_question(argument: str) -> str:
    return sys.stdin.read(MAX_STDIN_CHARACTERS) if argument == STDIN else argument
