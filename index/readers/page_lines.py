"""Lines of a printed page in reading order, out of pieces of text and their places."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

SAME_BASELINE = 0.8
"""Pieces whose baselines are further apart than this share of their size stand on two lines."""

AFTER_LINE_FEED = 0.3
MIN_WOVEN_ROWS = 4
MIN_COLUMN_CHARS = 15
"""Rows that open again and again at the same place are columns of text; shorter ones are a table."""

CELL_GAP = 2.5
CELL_MARK = " | "
"""Between pieces that stand so far apart (in their own size) on one line: the cells of a table."""

_MARGIN = 3.0
_NARROW_EM, _WIDE_EM = 0.47, 1.0
_PRESENTATION_FORMS = re.compile(r"[\ufb00-\ufb06\ufb1d-\ufdcf\ufdf0-\ufdf9\ufe70-\ufefc]")
_RTL_CLASSES = frozenset({"R", "AL"})
_MIRRORED = str.maketrans("()[]{}<>«»\u2039\u203a", ")(][}{><»«\u203a\u2039")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Text shown in one go; `x` and `y` (points, upwards) are where its baseline begins."""

    text: str
    x: float
    y: float
    size: float

    @property
    def end(self) -> float:
        """Where it ends, roughly: the widths of its letters are not known."""
        return self.x + self.size * width_of(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a column, or a row of `cells`; `width` is an estimate, in points."""

    text: str
    x: float
    y: float
    size: float
    width: float
    rtl: bool = False
    cells: bool = False


def width_of(text: str) -> float:
    """Return roughly how wide a text is, in its own size."""
    if text.isascii():
        return len(text) * _NARROW_EM
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return (len(text) - wide) * _NARROW_EM + wide * _WIDE_EM


def whole_letters(text: str) -> str:
    """Return text with ligatures and the contextual forms of Arabic as the letters that they show."""
    return _PRESENTATION_FORMS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)


def lines_of(pieces: Iterable[Piece]) -> list[Line]:
    """Return the lines of a page, in the order in which it was written.

    That is the reading order of nearly all files, column by column. A page that was written row by
    row across its columns is put in order.
    """
    return [line for row in _unwoven(_rows(pieces)) if (line := _line(row)) is not None]


def _rows(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Return the pieces that share a baseline and follow each other."""
    rows: list[list[Piece]] = [[]]
    ended = False
    for piece in pieces:
        text = piece.text.replace("\n", " ")
        if text.strip():
            if rows[-1] and _is_apart(piece, rows[-1], ended=ended):
                rows.append([])
            ended = False
        if text.strip() or (text and rows[-1]):
            rows[-1].append(replace(piece, text=text))
        ended = ended or "\n" in piece.text
    return [row for row in rows if row]


def _is_apart(piece: Piece, row: Sequence[Piece], *, ended: bool) -> bool:
    """Say whether a piece begins a new row; a line feed alone does not: the pen may come back."""
    shown = [other for other in row if other.text.strip()][-1]
    size = max(piece.size, shown.size)
    if not ended:
        return abs(piece.y - shown.y) > SAME_BASELINE * size
    return abs(piece.y - shown.y) > AFTER_LINE_FEED * size or piece.x < shown.x + _MARGIN


def _unwoven(rows: list[list[Piece]]) -> list[list[Piece]]:
    """Return rows that were written across columns column by column; others as they are."""
    gutters = _gutters(rows)
    if not gutters:
        return rows
    ordered: list[list[Piece]] = []
    columns: list[list[list[Piece]]] = [[] for _ in range(len(gutters) + 1)]
    for row in rows:
        cells: list[list[Piece]] = [[] for _ in columns]
        for piece in row:
            cells[sum(piece.x >= gutter - _MARGIN for gutter in gutters)].append(piece)
        if not any(cells[1:]) and row[-1].end > gutters[0] + 2 * row[-1].size:
            ordered += _emptied(columns)
            ordered.append(row)
            continue
        for column, cell in zip(columns, cells, strict=True):
            column += [cell] if cell else []
    return ordered + _emptied(columns)


def _emptied(columns: list[list[list[Piece]]]) -> list[list[Piece]]:
    rows = [row for column in columns for row in column]
    for column in columns:
        column.clear()
    return rows


def _gutters(rows: list[list[Piece]]) -> list[float]:
    """Return where columns begin, the first excepted, on a page that was written row by row."""
    starts: Counter[int] = Counter()
    lengths: Counter[int] = Counter()
    for row in rows:
        shown = [piece for piece in row if piece.text.strip()]
        for left, right in pairwise(shown):
            if right.x - left.end > left.size / 2:
                starts[round(right.x)] += 1
                lengths[round(right.x)] += round(2 * min(width_of(left.text), width_of(right.text)))
    return [
        float(start)
        for start in sorted(starts)
        if starts[start] >= MIN_WOVEN_ROWS and lengths[start] >= MIN_COLUMN_CHARS * starts[start]
    ]


def _line(row: Sequence[Piece]) -> Line | None:
    """Return the line that pieces make; in a line of Hebrew or Arabic they stand from right to left."""
    shown = [piece for piece in row if piece.text.strip()]
    if not shown:
        return None
    rtl = _is_rtl(shown)
    text = whole_letters(" ".join(_joined(row, rtl=rtl).split()))
    first = shown[0]
    size = max(shown, key=lambda piece: len(piece.text)).size
    end = max(piece.end for piece in shown)
    return Line(
        text=text,
        x=first.x,
        y=first.y,
        size=size,
        width=max(end - first.x, 0.0),
        rtl=rtl,
        cells=CELL_MARK in text,
    )


def _joined(row: Sequence[Piece], *, rtl: bool) -> str:
    parts: list[str] = []
    before: Piece | None = None
    for piece in row:
        gap = piece.x - before.end if before is not None and piece.text.strip() else 0.0
        if before is not None and gap > max(CELL_GAP * piece.size, (before.end - before.x) / 4):
            parts.append(CELL_MARK)
        elif gap > piece.size:
            parts.append(" ")
        parts.append(piece.text)
        before = piece if piece.text.strip() else before
    if not rtl:
        return "".join(parts)
    return "".join(map(_turned, reversed(parts)))


def _turned(text: str) -> str:
    """Return a piece of a line that runs from right to left: of others, spaces and punctuation turn."""
    if _has_rtl(text):
        return text
    if any(map(str.isalnum, text)):
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        return text[end:] + text[start:end] + text[:start]
    return text[::-1].translate(_MIRRORED)


def _has_rtl(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(letter) in _RTL_CLASSES for letter in text)


def _is_rtl(pieces: Sequence[Piece]) -> bool:
    letters = [
        character
        for piece in pieces
        if not piece.text.isascii()
        for character in piece.text
        if character.isalpha()
    ]
    rtl = sum(unicodedata.bidirectional(character) in _RTL_CLASSES for character in letters)
    return rtl * 2 > sum(sum(map(str.isalpha, piece.text)) for piece in pieces)
