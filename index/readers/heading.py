"""The lines above an article's running text: title, byline, dates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.article import DateOrigin
from index.cleaning import ends_sentence, is_noise, is_wrapped
from index.dates import FoundDate, date_from_text, found_date

TITLE_CHARS = 200
SENTENCE_CHARS = 80
"""A longer line that ends like a sentence is running text, and what follows it is no heading."""

WRAPPED_CHARS = 48
HEADING_LINES = 7
"""How many lines that are not blank may belong to the heading."""

_WORD = r"(?:[A-ZÀ-ÞĀ-Ž][\w.'’-]*|de|da|del|della|van|von|der|den|bin|al|el|la|le)"
_NAME = rf"[A-ZÀ-ÞĀ-Ž][\w.'’-]*(?: {_WORD}){{1,4}}"
_OUTLET = r"(?:, (?:The )?[A-Z][\w.&' ]{1,40})?"
_BYLINE = re.compile(
    r"(?:By|BY|Written by|Story by|Words by)(?::\s*|\s+)"
    rf"(?P<names>{_NAME}(?:(?:, {_NAME}){{0,4}}(?:,? and | & ){_NAME})?){_OUTLET}"
)
_BETWEEN_NAMES = re.compile(r",? and |, | & ")
_SEGMENTS = re.compile(r"\s+[|•·]\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the first lines of a text tell."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: FoundDate | None = None
    updated: FoundDate | None = None


def peel_heading(lines: Sequence[str], *, title_in_text: bool) -> tuple[Heading, list[str]]:
    """Return the heading of a text and the lines that are left: byline and date lines go, noise stays.

    A first line is the title if it is short and more text follows; it then goes too.
    """
    first = _first_lines(lines)
    authors: tuple[str, ...] = ()
    gone: set[int] = set()
    dated: dict[int, str] = {}
    for number in first:
        names, rest = _byline(lines[number])
        authors = authors or names
        dated[number] = rest
        gone |= {number} if names and not rest else set()
    dates = date_from_text(list(dated.values()))
    gone |= {number for place, number in enumerate(dated) if place in dates.lines}
    title = _title(lines, [number for number in first if number not in gone]) if title_in_text else None
    heading = Heading(
        title=lines[title] if title is not None else "",
        authors=authors,
        published=dates.published,
        updated=found_date(dates.updated, DateOrigin.TEXT),
    )
    gone |= {title} if title is not None else set()
    return heading, [line for number, line in enumerate(lines) if number not in gone]


def _first_lines(lines: Sequence[str]) -> list[int]:
    """Return the numbers of the lines that may be a heading, and of the first line of running text."""
    first: list[int] = []
    for number, line in enumerate(lines):
        if len(first) == HEADING_LINES:
            break
        if line and not is_noise(line):
            first.append(number)
            if len(line) > TITLE_CHARS or (len(line) > SENTENCE_CHARS and ends_sentence(line)):
                break
    return first


def _title(lines: Sequence[str], numbers: Sequence[int]) -> int | None:
    """Return the number of the line that is the title."""
    if not numbers or len(lines[numbers[0]]) > TITLE_CHARS:
        return None
    first, following = lines[numbers[0]], lines[numbers[0] + 1 :]
    if not any(line and not is_noise(line) for line in following):
        return None
    wraps = len(first) >= WRAPPED_CHARS and bool(following[0]) and is_wrapped(lines)
    return None if wraps else numbers[0]


def _byline(line: str) -> tuple[tuple[str, ...], str]:
    """Return the names of a byline and what else the line says: "By Ann Lee | March 4, 2026"."""
    if len(line) > TITLE_CHARS or "y" not in line[:11].lower():
        return (), line
    names: tuple[str, ...] = ()
    rest: list[str] = []
    for segment in _SEGMENTS.split(line):
        match = _BYLINE.fullmatch(segment)
        if match and not names:
            names = tuple(_BETWEEN_NAMES.split(match["names"]))
        else:
            rest.append(segment)
    return (names, " | ".join(rest)) if names else ((), line)
