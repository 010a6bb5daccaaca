"""Where the command line writes: results on stdout, everything else on stderr."""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ui.text import printable

if TYPE_CHECKING:
    from rich.console import Console


def make_console(stream: TextIO | None = None) -> "Console":
    """Return a console on the stream (stdout by default).

    Colours and wrapping are for a terminal only; NO_COLOR is honoured. Elsewhere each line is
    left whole for the program that reads it.
    """
    from rich.console import Console

    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    console.soft_wrap = not console.is_terminal
    return console


def error_console() -> "Console":
    """Return a console on stderr, for progress and notes."""
    return make_console(sys.stderr)


def note(message: str) -> None:
    """Write one line on stderr."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def print_json(value: Any) -> None:
    """Write one JSON document on stdout, in UTF-8, indented by two."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_line(text: str) -> None:
    """Write one line on stdout as it is: neither wrapped nor its tabs expanded."""
    sys.stdout.write(f"{text}\n")


def prepare_streams() -> None:
    """Never fail on a character that the terminal's encoding lacks (write `?`), nor on a closed stream."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115 - it lives as long as the process
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


class WrappedStream:
    """Writes text as it comes, and breaks lines between words at the console's width.

    The terminal would break inside words; a paragraph printed at the end would not stream. Off a
    terminal the text goes through unchanged.
    """

    def __init__(self, console: "Console") -> None:
        self._console = console
        self._column = 0
        self._word = ""
        self._blank = False

    def write(self, text: str) -> None:
        """Take the next piece; the last word waits until a blank ends it."""
        text = printable(text)
        if self._console.is_terminal:
            for character in text:
                self._take(character)
        else:
            self._console.file.write(text)
        self._console.file.flush()

    def end(self) -> None:
        """Write what waits, and end the line."""
        self._place_word()
        self._break_line()
        self._console.file.flush()

    def _take(self, character: str) -> None:
        if not character.isspace():
            self._word += character
            return
        self._place_word()
        if character == "\n":
            self._break_line()
        else:
            self._blank = True

    def _place_word(self) -> None:
        """Write the word that waits, on this line where it fits and else on the next."""
        from rich.cells import cell_len

        if not self._word:
            return
        width = cell_len(self._word)
        if self._blank and self._column:
            if self._column + 1 + width > self._console.width:
                self._break_line()
            else:
                self._console.file.write(" ")
                self._column += 1
        self._console.file.write(self._word)
        self._column += width
        self._word, self._blank = "", False

    def _break_line(self) -> None:
        self._console.file.write("\n")
        self._column, self._blank = 0, False
