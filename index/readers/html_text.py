"""The text of a page as a reader sees it: block by block, menus included, scripts and what is hidden not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.cleaning import split_lines, unwrapped

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SILENT = frozenset(
    "head script style noscript template svg iframe object embed audio video canvas map select datalist"
    " textarea title meta link".split()
)
_BREAKING = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset "
    "figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol optgroup p pre section summary "
    "table tbody tfoot thead"
    " tr ul br caption button option html".split()
)
_INLINE = frozenset("span a time strong b em i small cite label button address".split())
_CELLS = ("td", "th")
_KINDS = frozenset("p li blockquote h1 h2 h3 h4 h5 h6 tr dt dd pre figcaption summary".split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
CELL_MARK = " | "
MAX_CELL_ELEMENTS = 30
MAX_CELL_CHARS = 200
"""A longer cell belongs to a table that lays out a page, and is a line of its own."""

LONG_CHARS = 60
WIDE_WEIGHT = 3
"""A Chinese or Japanese character says as much as some three letters."""

_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A line of visible text: its kind (the innermost of p, li, h2, td … around it, or ""), and its element.

    `linked` is the share of its characters that are links.
    """

    text: str
    kind: str
    linked: float
    element: "HtmlElement"


def weight(text: str) -> int:
    """Return how much a text says, in characters of an alphabet."""
    return len(text) + (0 if text.isascii() else (WIDE_WEIGHT - 1) * len(_WIDE.findall(text)))


def is_long(text: str) -> bool:
    """Say whether a text is long enough to be running text."""
    return weight(text) >= LONG_CHARS


def is_hidden(element: "HtmlElement") -> bool:
    """Say whether an element says of itself that it is not shown."""
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def blocks_of(tree: "HtmlElement") -> Iterator[Block]:
    """Yield the lines of visible text in the order of the document."""
    from lxml.etree import iterwalk

    walker = iterwalk(tree, events=("start", "end"))
    line = _Line(tree)
    for event, element in walker:
        tag = element.tag
        if not isinstance(tag, str):
            continue
        silent = tag in SILENT or is_hidden(element)
        if event == "start":
            if line.breaks_at(tag) or (tag in _CELLS and not _is_small(element)):
                yield from line.end()
            if silent:
                walker.skip_subtree()
            else:
                line.enter(element)
            continue
        if line.breaks_at(tag) or (tag in _CELLS and line.is_long):
            yield from line.end()
        if not silent:
            line.leave(element)
        line.add(element.tail)
    yield from line.end()


class _Line:
    """Collects the text of one block."""

    def __init__(self, tree: "HtmlElement") -> None:
        self._parts: list[str] = []
        self._chars = 0
        self._linked = 0
        self._links = 0
        self._kinds: list[str] = []
        self._cell: HtmlElement | None = None
        self._element = tree

    def breaks_at(self, tag: str) -> bool:
        """Say whether a tag begins and ends a line here; in a cell of data, paragraphs do not."""
        return tag in _BREAKING and (self._cell is None or tag in ("tr", "table"))

    @property
    def is_long(self) -> bool:
        """Say whether this is more than a cell of data holds."""
        return self._chars > MAX_CELL_CHARS

    def enter(self, element: "HtmlElement") -> None:
        """Take in the text before an element's first child."""
        self._links += element.tag == "a"
        if element.tag in _KINDS:
            self._kinds.append(element.tag)
        if not self._chars:
            self._element = element
        if element.tag in _CELLS and self._cell is None and _is_small(element):
            self._cell = element
        self.add(element.text)

    def leave(self, element: "HtmlElement") -> None:
        """Note the end of an element."""
        self._links -= element.tag == "a"
        if element.tag in _KINDS:
            self._kinds.pop()
        if element is self._cell:
            self._cell = None
        if not self._kinds and _is_glued_to_next(element):
            self._parts.append(CELL_MARK)
        if element.tag in _CELLS and self._chars:
            self._parts.append(CELL_MARK)
        elif self._cell is not None:
            self._parts.append(" ")

    def add(self, text: str | None) -> None:
        """Take in text."""
        if text:
            chars = len(text.strip())
            self._parts.append(text)
            self._chars += chars
            self._linked += chars if self._links else 0

    def end(self) -> Iterator[Block]:
        """Yield what was collected: a block, or one for each line of preformatted text."""
        kind = self._kinds[-1] if self._kinds else ""
        texts = [text.strip(" |") for text in self._texts(kind)]
        for text in filter(None, texts):
            linked = min(self._linked / max(self._chars, 1), 1.0)
            of_kind = "" if kind == "tr" and CELL_MARK not in text else kind
            yield Block(text=text, kind=of_kind, linked=linked, element=self._element)
        self._parts, self._chars, self._linked = [], 0, 0

    def _texts(self, kind: str) -> list[str]:
        text = "".join(self._parts)
        return unwrapped(split_lines(text)) if kind == "pre" else [" ".join(text.split())]


def _is_glued_to_next(element: "HtmlElement") -> bool:
    """Say whether another inline element follows without a space, as things do that are styled apart."""
    following = element.getnext() if element.tag in _INLINE and not element.tail else None
    if following is None or following.tag not in _INLINE:
        return False
    return not (element.text_content()[-1:].isspace() or following.text_content()[:1].isspace())


def _is_small(cell: "HtmlElement") -> bool:
    """Say whether a cell holds data rather than a part of the page's layout."""
    chars = 0
    for count, element in enumerate(cell.iter()):
        chars += len(element.text or "") + len(element.tail or "")
        if chars > MAX_CELL_CHARS or count > MAX_CELL_ELEMENTS or element.tag == "table":
            return False
    return True
