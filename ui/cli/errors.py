"""How a command ends when something goes wrong: one line on stderr and an exit code.

0 done, 1 failed, 2 wrong usage (which the parser finds, or whoever takes a question or date), 130
interrupted, 143 terminated. A traceback is shown only when it is asked for, by `--verbose` or
DATELINE_DEBUG=1.
"""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import typer

from index.errors import DatelineError
from rag.errors import QuestionError
from ui.cli.output import note
from ui.text import printable

DEBUG_VARIABLE = "DATELINE_DEBUG"
OWN_PACKAGES = ("index", "rag", "ui")


class ExitCode(IntEnum):
    """What the process returns, where it is not the parser that ends it."""

    DONE = 0
    FAILED = 1
    WRONG_USAGE = 2
    INTERRUPTED = 130
    TERMINATED = 143


def debug_wanted(verbosity: int) -> bool:
    """Return whether tracebacks are to be shown."""
    return verbosity > 0 or os.environ.get(DEBUG_VARIABLE, "") not in ("", "0")


@contextmanager
def one_line_errors(*, debug: bool) -> Iterator[None]:
    """Turn whatever leaves the block into one line on stderr and `typer.Exit` with its code."""
    try:
        yield
        sys.stdout.flush()
    except (typer.Exit, typer.Abort, typer.TyperException):
        raise
    except BrokenPipeError:
        _drop_stdout()
        raise typer.Exit(ExitCode.DONE) from None
    except KeyboardInterrupt:
        note("interrupted")
        raise typer.Exit(ExitCode.INTERRUPTED) from None
    except Exception as error:  # noqa: BLE001 - the outermost point of every command
        if debug:
            traceback.print_exc()
        note(f"error: {describe(error, debug=debug)}")
        wrong = isinstance(error, QuestionError)
        raise typer.Exit(ExitCode.WRONG_USAGE if wrong else ExitCode.FAILED) from None


def describe(error: BaseException, *, debug: bool = False) -> str:
    """Return one line, fit for a user, which says what went wrong and what to do."""
    text = " ".join(printable(str(error)).split())
    if isinstance(error, DatelineError):
        return text or type(error).__name__
    package = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if package and package not in OWN_PACKAGES:
        return f"the Python package {package!r} is not installed: run `make install`, then `dateline doctor`"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename!r}" if error.filename else error.strerror
    if isinstance(error, MemoryError):
        return "there is not enough memory for this"
    hint = "" if debug else f" (run it again with --verbose or {DEBUG_VARIABLE}=1 to see where)"
    return f"unexpected {type(error).__name__}: {text or 'no message'}{hint}"


def _drop_stdout() -> None:
    """Send what is still buffered nowhere: the reader of the pipe has gone and wants no more."""
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError):  # a test's stand-in for stdout
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
