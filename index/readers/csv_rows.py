"""The rows of a CSV file as they come: its dialect, the line that names the columns, damage passed over."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

from index.errors import ReadError
from index.readers.fields import Mapped, no_text_reason, squeezed, text_columns, wanted_columns

DELIMITERS = ",;\t|"
MISSING = frozenset({"nan", "NaN", "None", "NULL", "null", r"\N", "#N/A"})
"""What tables write into a cell that holds nothing."""

MAX_REREAD = 10
"""So many times its limit for a row may be read again after rows that are not closed."""

_NO_DELIMITER = "\x1f"
"""For a table of one column."""

_SAMPLE_CHARS = 65_536
_SHOWN_CHARS = 80
_SEPARATOR = re.compile(r"sep=(?P<delimiter>[,;\t|])\s*", re.IGNORECASE)
_ESCAPED_QUOTE = re.compile(r"[^\\]\\\"(?!\"|\s*(?:[,;\t|\r\n]|$))")


class Lines:
    """Lines for a parser; those of the row that it is at are kept, so that they can be read again."""

    def __init__(self, lines: Iterator[str | ReadError], limit: int) -> None:
        self._lines = lines
        self._limit = limit
        self._waiting: deque[str | ReadError] = deque()
        self._may_reread = MAX_REREAD * limit
        self._size = 0
        self._broken_off: ReadError | None = None
        self.taken: list[str] = []

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        """Return the next line; raises ReadError where it, or the row with it, is too long.

        They end where no more of them can be read, see `check_whole`.
        """
        line = self._waiting.popleft() if self._waiting else self._further()
        if isinstance(line, ReadError):
            raise line
        self.taken.append(line)
        self._size += len(line)
        if self._size > self._limit:
            raise ReadError(
                f"the row is longer than {self._limit // 1_000_000} MB, or its quotation mark is not closed"
            )
        return line

    def _further(self) -> str | ReadError:
        """Return a line that was not seen yet; an error that ends them is kept for `check_whole`."""
        try:
            return next(self._lines)
        except ReadError as error:
            self._broken_off = error
            raise StopIteration from None

    def check_whole(self) -> None:
        """Raise the ReadError with which the lines ended, if they did."""
        if self._broken_off:
            raise self._broken_off

    def sample(self) -> list[str]:
        """Return the lines that come next, without passing them: `_SAMPLE_CHARS` characters or a bit more."""
        size = 0
        with suppress(StopIteration):
            while size < _SAMPLE_CHARS:
                line = self._further()
                self._waiting.append(line)
                size += len(line) if isinstance(line, str) else 0
        return [line for line in self._waiting if isinstance(line, str)]

    def start_row(self) -> None:
        """Note that the next line begins a row."""
        self.taken, self._size = [], 0

    def step_back(self) -> None:
        """Let the lines of this row be read again, all but its first."""
        self._may_reread -= self._size
        if self._may_reread < 0:
            raise ReadError("is not valid CSV: too many quotation marks are not closed")
        self._waiting.extendleft(reversed(self.taken[1:]))
        self.start_row()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """How the rows of a file are written, and the columns that mean something by their place."""

    delimiter: str
    escape: str | None
    width: int
    columns: Mapping[int, str]

    def parser(self, lines: Iterable[str], *, strict: bool = True) -> Iterator[list[str]]:
        """Return a parser of rows; a strict one refuses quotation marks in the wrong place."""
        return csv.reader(lines, delimiter=self.delimiter, escapechar=self.escape, strict=strict)

    def record(self, cells: Sequence[str]) -> dict[str, object]:
        """Return the cells that mean something by the name of their column; of two of a name, one filled."""
        record: dict[str, object] = {}
        for place, name in self.columns.items():
            cell = cells[place] if place < len(cells) else ""
            if not record.get(name):
                record[name] = "" if cell in MISSING else cell
        return record

    def problem(self, cells: Sequence[str], lines: Sequence[str]) -> str:
        """Return why the cells that were read from lines are no row; "" where they are."""
        if any("\0" in line for line in lines):
            return "is not text: it holds NUL bytes"
        if len(lines) > 1 and len(cells) < self.width:
            return "is not valid CSV: a quotation mark is not closed"
        if any(cells[self.width :]):
            return (
                f"has {len(cells)} columns where the first line names {self.width}: "
                f"put texts that hold {self.delimiter!r} between quotation marks"
            )
        return ""

    def rescued(self, lines: Sequence[str]) -> list[str] | None:
        """Return the cells of a row whose quotation marks stand in the wrong place; None if unclear."""
        marks_mean_nothing = self.delimiter == "\t"
        if "\0" in lines[0] or (len(lines) > 1 and not marks_mean_nothing):
            return None
        if lines[0].count('"') % 2 and not marks_mean_nothing:
            return None
        plain = lines[0].rstrip("\r\n").split(self.delimiter)
        if len(plain) == self.width:
            return [_unquoted(cell) for cell in plain]
        with suppress(csv.Error):
            cells = next(self.parser(lines[:1], strict=False), [])
            return cells if len(cells) == self.width else None
        return None


def open_table(lines: Lines, mapped: Mapped) -> Table:
    """Return what the first line tells, and move past it.

    Raises:
        ReadError: it does not name the columns, or none that is known to hold texts.
    """
    sample = lines.sample()
    header = _line(lines)
    told = _SEPARATOR.fullmatch(header)
    if told:
        header = _line(lines)
    if "\0" in header:
        raise ReadError("is not text: it holds NUL bytes: save it as UTF-8")
    delimiter = told["delimiter"] if told else _delimiter(header, mapped)
    names = _names(header, delimiter)
    firsts: dict[str, str] = {}
    names = [firsts.setdefault(squeezed(name), name) for name in names]
    wanted = {*wanted_columns(names, mapped)}
    if not wanted:
        shown = " ".join(header.split())[:_SHOWN_CHARS]
        raise ReadError(
            f"its first line does not name the columns: it reads {shown!r}; "
            "put a line such as title,text,published,url above it, or say what they mean by `reading.fields`"
        )
    if not text_columns(names, mapped):
        raise ReadError(no_text_reason([name for name in names if name]))
    return Table(
        delimiter=delimiter,
        escape="\\" if any(map(_ESCAPED_QUOTE.search, sample)) else None,
        width=len(names),
        columns={place: name for place, name in enumerate(names) if name in wanted},
    )


def rows(lines: Lines, table: Table) -> Iterator[tuple[int, dict[str, object] | ReadError]]:
    """Yield each row that is not blank with its number, or what is wrong with it; the first is number 2.

    After a row that is damaged, those that are not whole are passed over: they are likely parts of it.
    """
    parser, lost = table.parser(lines), False
    for number in count(2):
        lines.start_row()
        try:
            cells = next(parser)
        except StopIteration:
            return
        except ReadError as error:
            problem, rescued = str(error), None
        except csv.Error as error:
            problem, rescued = f"is not valid CSV: {error}", table.rescued(lines.taken)
        else:
            problem = table.problem(cells, lines.taken)
            rescued = table.rescued(lines.taken) if problem else None
        if problem:
            parser = table.parser(lines)
            lines.step_back()
            if rescued is None:
                if not lost:
                    yield number, ReadError(problem)
                lost = True
                continue
            cells = rescued
        if any(cells) and not (lost and len(cells) != table.width):
            lost = False
            yield number, table.record(cells)


def _line(lines: Lines) -> str:
    """Return the next line that is not blank, and move past it; "" at the end of a whole file."""
    line = next(filter(str.strip, lines), "")
    lines.start_row()
    if not line:
        lines.check_whole()
    return line


def _delimiter(header: str, mapped: Mapped) -> str:
    """Return what separates the columns: with it, the most of their names are known."""
    found = {delimiter: _names(header, delimiter) for delimiter in DELIMITERS}
    best = max(
        found, key=lambda delimiter: (len(wanted_columns(found[delimiter], mapped)), len(found[delimiter]))
    )
    return best if len(found[best]) > 1 else _NO_DELIMITER


def _names(header: str, delimiter: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([header], delimiter=delimiter), [])]
    except csv.Error as error:
        raise ReadError(f"its first line is not valid CSV: {error}") from error


def _unquoted(cell: str) -> str:
    whole = len(cell) > 1 and cell.startswith('"') and cell.endswith('"')
    return cell[1:-1].replace('""', '"') if whole else cell
