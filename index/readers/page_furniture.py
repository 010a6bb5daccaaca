"""What stands around the text of pages: running heads and feet, page numbers, what a browser prints."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.readers.page_lines import Line

EDGE_LINES = 3
"""How many lines at the top and at the bottom of a page may be a head or a foot."""

MAX_HEAD_CHARS = 200
REPEATS = 3
_SAME_PLACE = 3.0
_NUMBERS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:[-–—|•\s]*(?:page|seite|pagina|página|p\.)?\s*\d{1,4}"
    r"(?:\s*(?:of|/|von|de|di|sur|van)\s*\d{1,4})?[-–—|•\s]*|[ivxl]{1,6})",
    re.IGNORECASE,
)
_PRINTED_FOOT = re.compile(r"(?P<url>(?:https?|file|about|chrome|data):\S+)[\s|]+\d{1,4}\s?/\s?\d{1,4}")
_PRINTED_HEAD = re.compile(
    r"(?:.* )?\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\D{1,3}\d{1,2}[:.]\d\d(?:\s[AP]M)?(?: .*)?"
)

Page = Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The pages without their furniture: `heads` are the running heads and feet.

    `url` is the address that a browser printed below the pages.
    """

    pages: list[list[Line]] = field(default_factory=list)
    heads: tuple[str, ...] = ()
    url: str = ""


def body_of(pages: Sequence[Page]) -> Body:
    """Return pages without the lines that repeat at their edges, and without page numbers."""
    edges = [_edges(page) for page in pages]
    repeated = _repeated(edges)
    heads = {_masked(line): line.text for page in pages for line in page if _masked(line) in repeated}
    url = ""
    kept: list[list[Line]] = []
    for page, (top, bottom) in zip(pages, edges, strict=True):
        gone = {id(line) for line in (*top, *bottom) if _masked(line) in repeated}
        printed = next((match for line in bottom if (match := _PRINTED_FOOT.fullmatch(line.text))), None)
        if printed:
            url = url or printed["url"]
            gone |= {id(line) for line in bottom if _PRINTED_FOOT.fullmatch(line.text)}
            gone |= {id(line) for line in top[:1] if _PRINTED_HEAD.fullmatch(line.text)}
        gone |= {id(line) for line in _outermost(top, bottom, gone) if _PAGE_NUMBER.fullmatch(line.text)}
        kept.append([line for line in page if id(line) not in gone])
    return Body(
        pages=kept,
        heads=() if url else tuple(heads.values()),
        url=url if url.startswith("http") and "…" not in url else "",
    )


def _edges(page: Page) -> tuple[list[Line], list[Line]]:
    """Return the highest and the lowest lines of a page, the outermost first."""
    by_height = sorted(page, key=lambda line: -line.y)
    return by_height[:EDGE_LINES], by_height[: -EDGE_LINES - 1 : -1]


def _outermost(top: Sequence[Line], bottom: Sequence[Line], gone: set[int]) -> list[Line]:
    """Return the first line at either edge that is still there."""
    firsts = (next((line for line in edge if id(line) not in gone), None) for edge in (top, bottom))
    return [line for line in firsts if line is not None]


def _masked(line: Line) -> str:
    return _NUMBERS.sub("#", line.text.casefold())


def _repeated(edges: Sequence[tuple[list[Line], list[Line]]]) -> set[str]:
    """Return what is written at the edges of several pages, whatever its numbers."""
    counts: Counter[str] = Counter()
    heights: dict[str, set[int]] = {}
    for top, bottom in edges:
        lines = {_masked(line): line for line in (*top, *bottom) if len(line.text) <= MAX_HEAD_CHARS}
        counts.update(lines.keys())
        for text, line in lines.items():
            heights.setdefault(text, set()).add(round(line.y / _SAME_PLACE))
    return {
        text
        for text, count in counts.items()
        if count >= REPEATS or (count == len(edges) == 2 and len(heights[text]) == 1)
    }
