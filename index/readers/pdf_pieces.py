"""The text of a page of a PDF file, piece by piece, with the places at which it is shown."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from index.readers.page_lines import Piece
from index.readers.pdf_stream import Watch
from index.readers.pdf_weight import PageError

if TYPE_CHECKING:
    from pypdf import PageObject

MAX_PAGE_CHARS = 1_000_000
_MAX_PLACE = 100_000.0
_LEVEL = 0.05
"""Text that is tilted by more than this (about three degrees) is a stamp over the page."""

_TURNS: dict[int, Callable[[float, float], tuple[float, float]]] = {
    0: lambda x, y: (x, y),
    90: lambda x, y: (y, -x),
    180: lambda x, y: (-x, -y),
    270: lambda x, y: (-y, x),
}
"""Where a point lies once text that runs at an angle is level."""


def pieces_of(page: "PageObject", watch: Watch) -> list[Piece]:
    """Return the text of a page as it is shown; of text that runs in several directions, the most common."""
    found: list[tuple[int | None, Piece]] = []
    characters = 0

    def check(*_: Any) -> None:
        watch.check()
        if characters > MAX_PAGE_CHARS:
            raise PageError(f"holds more than {MAX_PAGE_CHARS:,} characters")

    def show(text: str, cm: Sequence[float], tm: Sequence[float], _font: Any, size: float) -> None:
        nonlocal characters
        if not text:
            return
        characters += len(text)
        if characters <= MAX_PAGE_CHARS:
            found.append(_piece(text, cm, tm, size))

    page.extract_text(visitor_operand_before=check, visitor_text=show)
    check()
    turns = Counter[int]()
    for turn, piece in found:
        if turn is not None:
            turns[turn] += len(piece.text)
    upright = max(turns, key=lambda turn: turns[turn], default=0)
    return [
        piece if turn in (upright, None) else Piece(text="\n", x=piece.x, y=piece.y, size=piece.size)
        for turn, piece in found
    ]


def _piece(text: str, cm: Sequence[float], tm: Sequence[float], size: float) -> tuple[int | None, Piece]:
    """Return a piece of text and the angle at which it runs; None for a mere space."""
    from pypdf import mult

    a, b, c, d, x, y = mult(list(tm), list(cm))
    turn = _turn(a, b)
    x, y = _TURNS.get(turn, _TURNS[0])(x, y)
    place = [min(max(value, -_MAX_PLACE), _MAX_PLACE) if math.isfinite(value) else 0.0 for value in (x, y)]
    height = abs(size) * math.hypot(c, d)
    piece = Piece(text=text, x=place[0], y=place[1], size=min(height, 1_000.0) if height > 0 else 1.0)
    return (turn if text.strip() else None), piece


def _turn(a: float, b: float) -> int:
    if abs(b) <= _LEVEL * abs(a):
        return 0 if a >= 0 else 180
    if abs(a) <= _LEVEL * abs(b):
        return 90 if b > 0 else 270
    return -1
