"""`dateline chat`: a conversation in the terminal."""

import sys
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import typer

from index.errors import DatelineError
from ui.cli.ask import (
    AsOfOption,
    IncludeUndatedOption,
    ShowUnsupportedOption,
    SinceOption,
    SourceOption,
    TopKOption,
    UntilOption,
    make_filters,
    show_answer,
)
from ui.cli.errors import describe
from ui.cli.options import Invocation, command
from ui.cli.output import make_console, note
from ui.cli.render import print_citations, print_sources

if TYPE_CHECKING:
    from rag.answer import Answer
    from rag.engine import Engine
    from rag.question import Filters, Message

PROMPT = "> "
HELP = """Write a question; a follow-up may refer to what was said before.
  /sources   the passages behind the last answer
  /new       forget the conversation
  /help      this
  /quit      leave (also Ctrl-D)"""


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    command(app, "chat")(chat)


def chat(
    invocation: Invocation,
    as_of: AsOfOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    top_k: TopKOption = None,
    include_undated: IncludeUndatedOption = False,
    show_unsupported: ShowUnsupportedOption = False,
) -> None:
    """Hold a conversation about the archive."""
    filters = make_filters(as_of, since, until, source, top_k, include_undated=include_undated)
    filters["show_unsupported"] = show_unsupported
    interactive = sys.stdin.isatty()
    with closing(invocation.engine()) as engine:
        if interactive:
            with suppress(ImportError):  # a Python without readline still reads lines
                import readline  # noqa: F401 - importing it gives `input` its editing and recall

            note("Ask about the archive. /help lists the commands, /quit leaves.")
        Conversation(engine, filters, quiet=invocation.quiet or not interactive).run(interactive=interactive)


class Conversation:
    """The turns so far, and what to do with a line."""

    def __init__(self, engine: "Engine", filters: "Filters", *, quiet: bool = False) -> None:
        self._engine = engine
        self._filters = filters
        self._quiet = quiet
        self._console = make_console()
        self._history: list[Message] = []
        self._last: Answer | None = None

    def run(self, *, interactive: bool) -> None:
        """Take lines until there are no more or one says to leave."""
        while (line := _read_line(interactive=interactive)) is not None:
            if line.startswith("/"):
                if not self._obey(line.lower()):
                    return
            elif line:
                self._answer(line)

    def _answer(self, question: str) -> None:
        from rag.question import Message

        events = self._engine.stream(question, history=tuple(self._history), **self._filters)
        try:
            answer = show_answer(self._console, events, quiet=self._quiet)
        except KeyboardInterrupt:
            note("\nstopped")
            return
        except DatelineError as error:
            note(f"error: {describe(error)}")
            return
        print_sources(self._console, answer, passages=False)
        self._console.print()
        self._history += [
            Message(role="user", content=question),
            Message(role="assistant", content=answer.answer),
        ]
        self._last = answer

    def _obey(self, line: str) -> bool:
        """Carry out a command; False where it says to leave."""
        match line.split()[0]:
            case "/quit" | "/exit":
                return False
            case "/new":
                self._history.clear()
                self._last = None
                note("A new conversation.")
            case "/sources" if self._last and self._last.citations:
                print_citations(self._console, self._last.citations)
            case "/sources":
                note("There is no answer with sources yet.")
            case "/help":
                note(HELP)
            case unknown:
                note(f"there is no command {unknown!r}; /help lists them")
        return True


def _read_line(*, interactive: bool) -> str | None:
    """Return the next line without blanks around it; None at the end."""
    try:
        if interactive:
            return input(PROMPT).strip()
        line = sys.stdin.readline()
        return line.strip() if line else None
    except EOFError:
        sys.stdout.write("\n")
        return None
    except KeyboardInterrupt:
        note("\n/quit leaves")
        return ""
