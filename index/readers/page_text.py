"""Lines of printed pages to paragraphs: joined over line, column and page breaks, words made whole."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from index.cleaning import ends_sentence
from index.readers.page_lines import Line, width_of

PARAGRAPH_GAP = 1.3
"""Lines that are further apart than this times the usual distance belong to two paragraphs."""

LINE_DISTANCE = 1.2
SAME_SIZE = 0.1
INDENT = (0.8, 4.0)
"""How far (in its own size) the first line of a paragraph is set in."""

SHORT_LINE = 0.75
"""A line on which the next word would have had room, within so much of its column, ends its paragraph."""

HEADING_SIZE = 1.15
"""A line this much larger than the running text is a heading."""

_LIST_ITEM = re.compile(r"(?:[-*•–—►▪■●◦]|\d{1,3}[.)])\s")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_MAX_WORD_CHARS = 60
_DROP_CAP_SIZE = 1.8


@dataclass(slots=True, kw_only=True)
class Paragraph:
    """A paragraph, the size of its letters (points), and the page (from 0) that it begins on."""

    lines: list[Line]
    page: int
    text: str = ""

    @property
    def size(self) -> float:
        """The size of its first line."""
        return self.lines[0].size


@dataclass(frozen=True, slots=True)
class _Type:
    """How a document is set: the size of its running text, and the usual distance of its lines by size."""

    size: float
    distances: dict[int, float] = field(default_factory=dict)

    def distance(self, size: float) -> float:
        return self.distances.get(round(size), size * LINE_DISTANCE)


def paragraphs_of(pages: Sequence[Sequence[Line]]) -> list[Paragraph]:
    """Return the paragraphs of a document, each as one line of text."""
    settings = _settings(pages)
    found: list[Paragraph] = []
    for number, page in enumerate(pages):
        lefts, widths = _columns(page)
        previous: Line | None = None
        for line in page:
            before = previous or (found[-1].lines[-1] if found else None)
            same = previous is not None
            if before is None or _breaks(before, line, settings, lefts, widths, same_page=same):
                found.append(Paragraph(lines=[], page=number))
            found[-1].lines.append(line)
            previous = line
    words = Counter(word for page in pages for line in page for word in _WORD.findall(line.text.lower()))
    for paragraph in found:
        paragraph.text = _joined(paragraph.lines, words)
    return found


def body_size(pages: Sequence[Sequence[Line]]) -> float:
    """Return the size in which most of the text is set."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
    return max(sizes, key=lambda size: sizes[size], default=10.0)


def _settings(pages: Sequence[Sequence[Line]]) -> _Type:
    gaps: dict[int, list[float]] = {}
    for page in pages:
        for line, following in pairwise(page):
            gap = line.y - following.y
            if 0 < gap < line.size * 3 and _is_same_size(line, following):
                gaps.setdefault(round(line.size), []).append(gap)
    return _Type(body_size(pages), {size: median(found) for size, found in gaps.items() if len(found) > 2})


def _column_of(line: Line) -> tuple[int, int]:
    return round(line.x), round(line.size)


def _columns(page: Sequence[Line]) -> tuple[Counter[int], dict[tuple[int, int], float]]:
    """Return how many lines begin at each place, and how wide most lines of a column are."""
    widths: dict[tuple[int, int], list[float]] = {}
    for line in page:
        widths.setdefault(_column_of(line), []).append(line.width)
    lefts = Counter(round(line.x) for line in page)
    return lefts, {column: median(found) for column, found in widths.items()}


def _indent(line: Line, lefts: Counter[int]) -> float:
    """Return how far a line is set in from where most lines of its column begin, in its own size."""
    reach = range(round(line.x - INDENT[1] * line.size), round(line.x) + 1)
    left = max(reach, key=lambda place: (lefts[place], place))
    return (line.x - left) / line.size if lefts[left] > 1 else 0.0


def _breaks(
    before: Line,
    line: Line,
    settings: _Type,
    lefts: Counter[int],
    widths: dict[tuple[int, int], float],
    *,
    same_page: bool,
) -> bool:
    """Say whether a paragraph ends between two lines that follow each other."""
    if _is_drop_cap(before, line):
        return False
    if line.cells or before.cells or _LIST_ITEM.match(line.text) or not _is_same_size(before, line):
        return True
    heading = line.size > settings.size * HEADING_SIZE
    set_in = 0.0 if line.rtl or heading else _indent(line, lefts)
    gap = before.y - line.y
    if not same_page or gap <= 0:
        return heading or INDENT[0] <= set_in or ends_sentence(before.text)
    if gap > settings.distance(line.size) * PARAGRAPH_GAP:
        return True
    if INDENT[0] <= set_in and abs(line.x - before.x) > line.size / 2 and not _LIST_ITEM.match(before.text):
        return True
    if before.rtl or heading or _HYPHEN.search(before.text):
        return False
    return before.width + _first_word(line) < widths.get(_column_of(before), 0.0) * SHORT_LINE


def _first_word(line: Line) -> float:
    """Return how wide the first word of a line is with the space before it."""
    word = line.text[:1] if _is_wide(line.text[:1]) else line.text.split(maxsplit=1)[0]
    return width_of(f" {word}") * line.size


def _is_same_size(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= SAME_SIZE * max(one.size, other.size)


def _is_drop_cap(before: Line, line: Line) -> bool:
    """Say whether a line is the large first letter of the next."""
    letter = before.text.lstrip("“\"'‘«")
    return len(letter) == 1 and letter.isalpha() and before.size > line.size * _DROP_CAP_SIZE


def _joined(lines: Sequence[Line], words: Counter[str]) -> str:
    text = lines[0].text
    for before, line in pairwise(lines):
        if _is_drop_cap(before, line):
            text += line.text if before.text[-1] not in "AI" else f" {line.text}"
        elif _HYPHEN.search(text) and line.text[:1].islower():
            text = _unbroken(text, line.text, words)
        elif _is_wide(text[-1:]) and _is_wide(line.text[:1]):
            text += line.text
        else:
            text += f" {line.text}"
    return text


def _unbroken(text: str, following: str, words: Counter[str]) -> str:
    """Join a word broken by a hyphen, which stays if the document has it in that word elsewhere."""
    start, end = _WORD.findall(text[-_MAX_WORD_CHARS:])[-1:], _WORD.match(following)
    if start and end and not text.endswith("\u00ad"):
        first, last = start[0].lower(), end[0].lower()
        if words[f"{first}-{last}"] > words[first + last]:
            return text + following
    return text[:-1] + following


def _is_wide(character: str) -> bool:
    """Say whether a character is of a script that is written without spaces."""
    return unicodedata.east_asian_width(character or " ") in "WF" and not "\uac00" <= character <= "\ud7a3"
