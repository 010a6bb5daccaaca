"""The lines above an article's running text: title, byline, dates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.cleaning import ends_sentence, is_noise, is_wrapped, noise_kind
from index.dates import FoundDate, date_from_text
from index.readers.bylines import is_byline, names_of

TITLE_CHARS = 200
SENTENCE_CHARS = 80
"""A longer line that ends like a sentence is running text, and what follows it is no heading."""

WRAPPED_CHARS = 48
LABELLED_TITLE_CHARS = 20
MAX_OTHER_WORDS = 3
"""How many words of a byline may be none of the names: "Text: Ann Lee und Bo Day"."""

HEADING_LINES = 7
"""How many lines that are not blank may belong to the heading."""

_WORD = r"(?:[A-ZÀ-ÞĀ-Ž][\w.'’-]*|de|da|del|della|van|von|der|den|bin|al|el|la|le)"
_NAME = rf"[A-ZÀ-ÞĀ-Ž][\w.'’-]*(?: {_WORD}){{1,4}}"
_OUTLET = r"(?:, (?:The )?[A-Z][\w.&' ]{1,40})?"
_BYLINE = re.compile(
    r"(?:By|BY|Written by|Story by|Words by)(?::\s*|\s+)"
    rf"(?P<names>{_NAME}(?:(?:, {_NAME}){{0,4}}(?:,? and | & ){_NAME})?){_OUTLET}"
)
_CAPITALISED = re.compile(
    r"[^\W\d_a-zà-ÿа-я][\w.'’-]*(?: (?:[^\W\d_a-zà-ÿа-я][\w.'’-]*|de|da|van|von|der|bin|al|el))*"
)
_BETWEEN_NAMES = re.compile(r",? and |, | & ")
_SEGMENTS = re.compile(r"\s+[|•·]\s+|, (?=(?:\w+ )?\d{1,2}\.? \w+ \d{4}$|\w{3,9}\.? \d{1,2}, \d{4}$)")


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
    first = _first_lines(lines, titled=title_in_text)
    authors: tuple[str, ...] = ()
    gone: set[int] = set()
    dated: dict[int, str] = {}
    for number in first:
        names, rest = _byline(lines[number], is_first=number == first[0])
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
        updated=dates.updated,
    )
    gone |= {title} if title is not None else set()
    return heading, [line for number, line in enumerate(lines) if number not in gone]


def _first_lines(lines: Sequence[str], *, titled: bool) -> list[int]:
    """Return the numbers of the lines that may be a heading, and of the first line of running text."""
    first: list[int] = []
    for number, line in enumerate(lines):
        if len(first) == HEADING_LINES:
            break
        if line and (not (kind := noise_kind(line)) or (titled and not first and _may_be_title(line, kind))):
            first.append(number)
            if len(line) > TITLE_CHARS or (len(line) > SENTENCE_CHARS and ends_sentence(line)):
                break
    return first


def _may_be_title(line: str, kind: str) -> bool:
    """Say whether a first line that would be a teaser further down is a title: "Opinion: Save the ferry"."""
    return kind == "teaser" and len(line) >= LABELLED_TITLE_CHARS and not line.endswith(":")


def _title(lines: Sequence[str], numbers: Sequence[int]) -> int | None:
    """Return the number of the line that is the title."""
    if not numbers or len(lines[numbers[0]]) > TITLE_CHARS:
        return None
    first, following = lines[numbers[0]], lines[numbers[0] + 1 :]
    if not any(line and not is_noise(line) for line in following):
        return None
    wraps = len(first) >= WRAPPED_CHARS and bool(following[0]) and is_wrapped(lines)
    return None if wraps else numbers[0]


def _byline(line: str, *, is_first: bool) -> tuple[tuple[str, ...], str]:
    """Return the names of a byline and what else the line says: "By Ann Lee | March 4, 2026"."""
    if len(line) > TITLE_CHARS:
        return (), line
    names: tuple[str, ...] = ()
    rest: list[str] = []
    for segment in _SEGMENTS.split(line):
        found = () if names else _names(segment, is_first=is_first)
        names = names or found
        rest += [] if found else [segment]
    return (names, " | ".join(rest)) if names else ((), line)


def _names(segment: str, *, is_first: bool) -> tuple[str, ...]:
    """Return the names of an English byline, or of one in another language below the first line."""
    if match := _BYLINE.fullmatch(segment):
        return tuple(_BETWEEN_NAMES.split(match["names"]))
    if is_first or len(segment) > SENTENCE_CHARS or ends_sentence(segment) or not is_byline(segment):
        return ()
    names = names_of(segment)
    said = sum(len(name.split()) for name in names)
    is_whole = all(_CAPITALISED.fullmatch(name) for name in names) and said + MAX_OTHER_WORDS >= len(
        segment.split()
    )
    return tuple(names) if is_whole else ()
