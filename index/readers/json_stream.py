"""The records of a JSON document of any size, through a window of its text that slides along."""

import json
import re
from collections.abc import Iterator, Mapping
from json import JSONDecodeError

from index.errors import ReadError

CONTAINERS = (
    "articles",
    "data",
    "items",
    "results",
    "records",
    "docs",
    "documents",
    "news",
    "posts",
    "entries",
    "hits",
    "response",
    "@graph",
)
"""Names under which the answers of news APIs hold their records, alone or within each other."""

MAX_NESTING = 3
MAX_VALUES = 1_000_000
"""In one record: each takes some 70 bytes of memory, and as few as 3 in the file."""

MAX_DAMAGED = 100
"""So many places of a document may be damaged before the rest is given up."""

_DECODER = json.JSONDecoder(strict=False)
_BLANK = re.compile(r"\s*")
_NEAR = 16
"""An error this near the end of the window may be that of a value cut there."""

_ANY_RECORD = re.compile(r"\}\s{0,200},?\s{0,200}(?=\{\s{0,200}\")")
_KEPT = 1_000


def parse_json(text: str) -> object:
    """Return what a JSON text holds; raises ReadError with the place of the mistake."""
    _check_values(text, 0)
    try:
        return json.loads(text, strict=False)
    except JSONDecodeError as error:
        raise _invalid(f"{error.msg} (line {error.lineno}, column {error.colno})") from error
    except ValueError as error:
        raise _invalid("a number is too long") from error
    except RecursionError as error:
        raise _invalid("it is nested too deeply") from error


def records_of(document: object, depth: int = 0) -> list[object]:
    """Return the records of a document: its items, or those of the array that it holds; none is []."""
    if isinstance(document, list):
        return document
    if not isinstance(document, Mapping) or depth == MAX_NESTING:
        return []
    for name in CONTAINERS:
        inner = document.get(name)
        if isinstance(inner, list) and inner and all(isinstance(item, Mapping) for item in inner):
            return inner
        if isinstance(inner, Mapping) and (records := records_of(inner, depth + 1)):
            return records
    return []


class JsonStream:
    """Reads a document's records one at a time; each may be of `limit` characters at most."""

    def __init__(self, pieces: Iterator[str], limit: int) -> None:
        self._pieces = pieces
        self._limit = limit
        self._window = ""
        self._at = 0
        self._ended = False
        self._line, self._column = 1, 1
        self._opening = _ANY_RECORD
        self._damaged = 0
        self._broken_off: ReadError | None = None

    def records(self) -> Iterator[object | ReadError]:
        """Yield the records of arrays and objects; several documents may stand beside each other.

        An object that is small enough is read as a whole (see `records_of`); of a larger one, the first
        array of records is. Where the text is damaged, the error is yielded, and reading goes on with
        the next record that is found.

        Raises:
            ReadError: after what could be read, where the pieces end with that error.
        """
        yield from self._documents()
        if self._broken_off:
            raise self._broken_off

    def _documents(self) -> Iterator[object | ReadError]:
        while character := self._next():
            if character == "[":
                self._at += 1
                yield from self._items()
            elif character == ",":
                self._at += 1
            elif character == "{":
                yield from self._document()
            else:
                yield from self._record()

    def _items(self) -> Iterator[object | ReadError]:
        """Yield the items of an array whose bracket was passed."""
        while (character := self._next()) != "]":
            if character == ",":
                self._at += 1
            elif character:
                yield from self._record()
            else:
                if not self._damaged and not self._broken_off:
                    yield _invalid(f"it ends within an array ({self._place(self._at)})")
                return
        self._at += 1

    def _record(self) -> Iterator[object | ReadError]:
        try:
            value, length = self._value()
        except ReadError as error:
            yield from self._after_damage(error)
            return
        if length > self._limit:
            yield self._too_large(self._at - length)
            return
        self._note_opening(value)
        yield value

    def _document(self) -> Iterator[object | ReadError]:
        try:
            value, length = self._value()
            if length <= self._limit:
                self._note_opening(value)
                yield from records_of(value) or [value]
                return
            self._at -= length
            error = self._too_large(self._at)
        except ReadError as damage:
            error = damage
        if self._enter_array():
            yield from self._items()
            self._end()
        else:
            yield from self._after_damage(error)

    def _after_damage(self, error: ReadError) -> Iterator[ReadError]:
        if not self._broken_off:  # then that is what is wrong
            yield error
        self._damaged += 1
        if self._damaged < MAX_DAMAGED:
            self._find_record()
        else:
            self._end()
            yield ReadError(f"is damaged in {MAX_DAMAGED} places: the rest is not read")

    def _enter_array(self) -> bool:
        """Move past the bracket of the first array of records within the object that begins here."""
        depth = 0
        while character := self._next():
            if character in "{},":
                depth += {"{": 1, "}": -1, ",": 0}[character]
                self._at += 1
                continue
            try:
                name, _ = self._value()
                if character != '"' or self._next() != ":":
                    return False
                self._at += 1
                opens = self._next()
                if name in CONTAINERS and opens == "[":
                    self._at += 1
                    return True
                if name not in CONTAINERS or opens != "{" or depth >= MAX_NESTING:
                    self._value()
            except ReadError:
                return False
        return False

    def _value(self) -> tuple[object, int]:
        """Return the value that begins here with its length, and move past it; not after an error."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self._window, self._at)
            except JSONDecodeError as error:
                if not self._may_be_cut(error) or not self._grow():
                    raise _invalid(f"{error.msg} ({self._place(error.pos)})") from error
            except ValueError as error:
                raise _invalid(f"a number is too long ({self._place(self._at)})") from error
            except RecursionError as error:
                raise _invalid(f"it is nested too deeply ({self._place(self._at)})") from error
            else:
                if end < len(self._window) or not self._grow():
                    return self._passed(value, end)

    def _passed(self, value: object, end: int) -> tuple[object, int]:
        if self._window.find("\0", self._at, end) >= 0:
            raise ReadError("is not text: it holds NUL bytes")
        length, self._at = end - self._at, end
        return value, length

    def _may_be_cut(self, error: JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated string") or error.pos >= len(self._window) - _NEAR

    def _grow(self) -> bool:
        """Double the window, for the value that begins here; False at the end of the document."""
        length = len(self._window) - self._at
        if length > self._limit:
            raise self._too_large(self._at)
        grown = self._more(min(length, self._limit - length))
        _check_values(self._window, self._at)
        return grown

    def _more(self, wanted: int = 1) -> bool:
        """Add pieces of `wanted` characters or more, and drop what was passed; False where none are left."""
        added: list[str] = []
        while not self._ended and wanted > 0:
            try:
                piece = next(self._pieces, None)
            except ReadError as error:
                piece, self._broken_off = None, error
            self._ended = piece is None
            added.append(piece or "")
            wanted -= len(added[-1])
        lines = self._window.count("\n", 0, self._at)
        self._line += lines
        self._column = self._at - self._window.rfind("\n", 0, self._at) if lines else self._column + self._at
        self._window = "".join([self._window[self._at :], *added])
        self._at = 0
        return any(added)

    def _next(self) -> str:
        """Return the next character that is not blank, without moving past it; "" at the end."""
        while True:
            self._at = _BLANK.match(self._window, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._window):
                return self._window[self._at]
            if not self._more():
                return ""

    def _note_opening(self, record: object) -> None:
        """Note how records begin: most likely all with a field of the same name, as the first does."""
        if self._opening is _ANY_RECORD and isinstance(record, dict) and record:
            name = re.escape(json.dumps(next(iter(record)), ensure_ascii=False))
            self._opening = re.compile(rf"[,\[}}]\s{{0,200}}(?=\{{\s{{0,200}}{name}\s{{0,200}}:)")

    def _find_record(self) -> None:
        """Move to the next place that looks like the beginning of a record."""
        self._at += 1
        while not (match := self._opening.search(self._window, self._at)):
            self._at = max(self._at, len(self._window) - _KEPT)
            if not self._more():
                self._end()
                return
        self._at = match.end()

    def _end(self) -> None:
        self._at, self._ended = len(self._window), True

    def _too_large(self, position: int) -> ReadError:
        size = self._limit // 1_000_000
        return ReadError(f"is larger than {size} MB, or not closed ({self._place(position)})")

    def _place(self, position: int) -> str:
        lines = self._window.count("\n", 0, position)
        column = position - self._window.rfind("\n", 0, position) if lines else self._column + position
        return f"line {self._line + lines}, column {column}"


def _check_values(text: str, start: int) -> None:
    """Refuse what would fill the memory: a great many small values."""
    if len(text) - start > 3 * MAX_VALUES and sum(text.count(mark, start) for mark in "[{,") > MAX_VALUES:
        raise ReadError(f"holds more than {MAX_VALUES:,} values in one record")


def _invalid(reason: str) -> ReadError:
    return ReadError(f"is not valid JSON: {reason}")
