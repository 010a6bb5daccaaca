"""The blocks of text of a mail or a book's chapter, out of its HTML.

Such pages are text from top to bottom, set in tables as often as not: there is no main part to find
in them, and what looks for one loses paragraphs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import ReadError
from index.readers.html_tree import parse_page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_MARKUP_CHARS = 4_000_000
MIN_ROWS, MAX_CELL_CHARS = 2, 80
CELL_MARK = " | "
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure"
    " footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead"
    " tr ul".split()
)
_SILENT = frozenset(
    "audio button canvas datalist embed head iframe input map math nav noframes noscript object option rp rt"
    " script select style svg template textarea title video".split()
)
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|max-height\s*:\s*0(?:px)?\s*(?:;|!|$)|font-size\s*:\s*[01](?:px|pt)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_PREHEADER = re.compile(r"pre-?header|preview-?text|visually-hidden|sr-only", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\f\v\xa0\u2007]+")
_FILLING = re.compile(r"[\s\u200b-\u200f\u2060\u034f\xad\ufeff]*")
"""What mails put after their first words, to keep the next ones out of the list of mails."""

_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """A paragraph or a heading (of `level` 1 to 6, else 0); line breaks within it are kept.

    `linked` says that all of it is links.
    """

    text: str
    level: int = 0
    linked: bool = False


def parse_markup(markup: str) -> "HtmlElement":
    """Return the tree of a document; raises ReadError where it is too large or holds no text."""
    if len(markup) > MAX_MARKUP_CHARS:
        raise ReadError(f"holds HTML of more than {MAX_MARKUP_CHARS // 1_000_000} million characters")
    return parse_page(markup)


def blocks_of(tree: "HtmlElement") -> list[TextBlock]:
    """Return the blocks of text that a reader would see, in order; the rows of a table are one line each."""
    for table in list(tree.iter("table")):
        _flatten(table)
    blocks: list[TextBlock] = []
    parts: list[tuple[str, bool]] = []
    level = 0
    for text, linked, begun in _events(tree):
        if begun is not None:
            _close(blocks, parts, level)
            level = begun
        parts.append((text, linked))
    _close(blocks, parts, level)
    return blocks


def is_hidden(element: "HtmlElement") -> bool:
    """Say whether a page does not show an element, or shows it only in a list of mails."""
    told = f"{element.get('class') or ''} {element.get('id') or ''}"
    return (
        element.get("hidden") is not None
        or _HIDDEN.search(element.get("style") or "") is not None
        or _PREHEADER.search(told) is not None
    )


def _events(tree: "HtmlElement") -> Iterator[tuple[str, bool, int | None]]:
    """Yield text, whether it is a link, and the level of the block that begins with it, if one does."""
    from lxml.etree import iterwalk

    walk = iterwalk(tree, events=("start", "end"))
    links = 0
    for event, element in walk:
        name = element.tag if isinstance(element.tag, str) else ""
        silent = name in _SILENT or is_hidden(element)
        if event == "end":
            links -= name == "a" and not silent
            yield _spaced(element.tail), links > 0, 0 if name in _BLOCKS else None
        elif silent:
            walk.skip_subtree()
        elif name == "br":
            yield "\n", links > 0, None
        else:
            links += name == "a"
            text = element.text or "" if name == "pre" else _spaced(element.text)
            yield text, links > 0, _LEVELS.get(name, 0) if name in _BLOCKS else None


def _spaced(text: str | None) -> str:
    return (text or "").replace("\n", " ")


def _close(blocks: list[TextBlock], parts: list[tuple[str, bool]], level: int) -> None:
    """End a block."""
    lines = [_SPACES.sub(" ", line).strip() for line in "".join(text for text, _ in parts).split("\n")]
    text = _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
    if not _FILLING.fullmatch(text):
        linked = all(is_link or not text.strip() for text, is_link in parts)
        blocks.append(TextBlock(text=text, level=level, linked=linked))
    parts.clear()


def _flatten(table: "HtmlElement") -> None:
    """Make a table of figures one line a row; tables that arrange a page are left as they are."""
    if next(table.iterdescendants("table"), None) is not None:
        return
    rows = [
        (row, [" ".join(cell.text_content().split()) for cell in row.iterchildren("td", "th")])
        for row in table.iterdescendants("tr")
    ]
    full = [cells for _, cells in rows if sum(map(bool, cells)) > 1]
    if len(full) < MIN_ROWS or any(len(cell) > MAX_CELL_CHARS for cells in full for cell in cells):
        return
    for row, cells in rows:
        tail = row.tail
        row.clear()
        row.text, row.tail = CELL_MARK.join(filter(None, cells)), tail
