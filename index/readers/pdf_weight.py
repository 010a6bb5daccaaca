"""How much of memory and work a page of a PDF file needs, found out before it is parsed."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader
    from pypdf.generic import DictionaryObject, StreamObject

STRUCTURE_BYTES = 3_000_000
"""What a stream that holds objects, a table, or a font's characters may inflate to."""

CONTENT_BYTES = 12_000_000
"""What the content of one page may inflate to, its forms included."""

MAX_TOKENS = 600_000
MAX_FORMS = 500
MAX_DRAWN = 5_000
MAX_FONTS = 200
MAX_MAPPED = 400_000
"""How many characters the fonts of a page may map to Unicode, together."""

BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What pypdf raises on damaged files, besides its own errors."""

_RANGES = re.compile(rb"beginbfrange(.*?)(?:endbfrange|\Z)", re.DOTALL)
_RANGE = re.compile(rb"<\s*([0-9A-Fa-f]{1,8})\s*>\s*<\s*([0-9A-Fa-f]{1,8})\s*>\s*<[^<>]*>")
_RANGE_NUMBERS = 3
_BYTES_PER_CHARACTER = 200
_TOKEN_MARKS = (b" ", b"\n", b"\r", b"\t", b"[", b"<", b"(", b"/")


class PageError(Exception):
    """A page that is not read; its text says why."""


class Scale:
    """Weighs the pages of one document; `held` is what was inflated since it was last set to 0."""

    def __init__(self, reader: "PdfReader") -> None:
        self._reader = reader
        self._pictures: set[tuple[int, int]] = set()
        self._mapped: dict[tuple[int, int] | None, int] = {}
        self.held = 0

    def weigh(self, page: "PageObject") -> None:
        """Raise PageError where a page is too heavy to be read."""
        forms, fonts = self._parts(page)
        size = tokens = 0
        for content in (*_streams(page.get("/Contents")), *forms):
            data = _inflated(content, CONTENT_BYTES)
            size += len(data)
            self.held += len(data)
            tokens += sum(data.count(mark) for mark in _TOKEN_MARKS)
            if size > CONTENT_BYTES or tokens > MAX_TOKENS:
                raise PageError("draws too much to be read")
        characters = sum(map(self._characters, fonts))
        self.held += characters * _BYTES_PER_CHARACTER
        if characters > MAX_MAPPED:
            raise PageError("uses too many characters to be read")

    def _parts(self, page: "PageObject") -> tuple[list["StreamObject"], list["DictionaryObject"]]:
        """Return the forms that a page may draw, each once, and their fonts with the page's own."""
        from pypdf.generic import DictionaryObject, StreamObject

        forms: list[StreamObject] = []
        fonts: dict[int, DictionaryObject] = {}
        waiting: list[object] = [page.get("/Resources")]
        while waiting:
            resources = _resolved(waiting.pop())
            if not isinstance(resources, DictionaryObject):
                continue
            for font in _values(resources.get("/Font"))[: MAX_FONTS + 1]:
                if isinstance(found := _resolved(font), DictionaryObject):
                    fonts[id(found)] = found
            for drawn in _values(resources.get("/XObject"))[:MAX_DRAWN]:
                form = self._form(drawn)
                if isinstance(form, StreamObject) and not any(form is known for known in forms):
                    forms.append(form)
                    waiting.append(form.get("/Resources"))
            if len(forms) > MAX_FORMS or len(fonts) > MAX_FONTS:
                raise PageError("has too many parts to be read")
        return forms, list(fonts.values())

    def _form(self, drawn: object) -> object:
        """Return a form; None for a picture, which is let go at once and not looked at again."""
        from pypdf.generic import DictionaryObject, IndirectObject

        key = (drawn.generation, drawn.idnum) if isinstance(drawn, IndirectObject) else None
        if key in self._pictures:
            return None
        found = _resolved(drawn)
        if isinstance(found, DictionaryObject) and found.get("/Subtype") == "/Form":
            return found
        if key is not None:
            self._pictures.add(key)
            self._reader.resolved_objects.pop(key, None)
        return None

    def _characters(self, font: "DictionaryObject") -> int:
        """Return about how many characters a font maps to Unicode, or to a width."""
        reference = font.indirect_reference
        key = (reference.generation, reference.idnum) if reference is not None else None
        if key not in self._mapped:
            self._mapped[key] = sum(map(_mapped, _streams(font.get("/ToUnicode")))) + _widths(font)
        return self._mapped[key] if key is not None else self._mapped.pop(key)


def _mapped(stream: "StreamObject") -> int:
    data = _inflated(stream, STRUCTURE_BYTES)
    ranges = (found for block in _RANGES.findall(data) for found in _RANGE.findall(block))
    return data.count(b"<") // 2 + sum(max(0, int(last, 16) - int(first, 16)) for first, last in ranges)


def _widths(font: "DictionaryObject") -> int:
    """Return for how many characters a composite font tells the width: `1 [500 600]` or `3 90 500`."""
    from pypdf.generic import ArrayObject, DictionaryObject

    inner = next(iter(_items(font.get("/DescendantFonts"))), None)
    count, numbers = 0, list[int]()
    for entry in _items(inner.get("/W")) if isinstance(inner, DictionaryObject) else ():
        if isinstance(entry, ArrayObject):
            count, numbers = count + len(entry), []
        elif isinstance(entry, int | float):
            numbers.append(int(entry))
        if len(numbers) == _RANGE_NUMBERS:
            count, numbers = count + max(0, numbers[1] - numbers[0]), []
    return count


def _items(value: object) -> Iterator[object]:
    """Yield the items of a list, resolved."""
    from pypdf.generic import ArrayObject

    found = _resolved(value)
    yield from map(_resolved, found) if isinstance(found, ArrayObject) else ()


def _inflated(stream: "StreamObject", limit: int) -> bytes:
    """Return the data of a stream, which keeps them for when they are parsed."""
    from pypdf import apply_configuration
    from pypdf.errors import LimitReachedError

    try:
        with apply_configuration(zlib_maximum_output_length=limit, lzw_maximum_output_length=limit):
            return bytes(stream.get_data())
    except LimitReachedError as error:
        raise PageError("draws too much to be read") from error


def _streams(value: object) -> Iterator["StreamObject"]:
    """Yield the stream, or the streams of a list."""
    from pypdf.generic import ArrayObject, StreamObject

    found = _resolved(value)
    for one in found if isinstance(found, ArrayObject) else (found,):
        if isinstance(stream := _resolved(one), StreamObject):
            yield stream


def _values(value: object) -> list[object]:
    """Return the values of a dictionary as they stand, references unresolved."""
    from pypdf.generic import DictionaryObject

    found = _resolved(value)
    return [found.raw_get(name) for name in found] if isinstance(found, DictionaryObject) else []


def _resolved(value: object) -> object:
    from pypdf.generic import PdfObject

    return value.get_object() if isinstance(value, PdfObject) else value
