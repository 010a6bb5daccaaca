"""The text of a Word document as its writer would print it, read as a stream of XML.

Words that were deleted or moved away under "track changes" are left out, those inserted are kept. Text
in content controls, text boxes and fields is read too, which python-docx passes over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from index.errors import ReadError
from index.readers.packages import local_name, not_xml

CELL_MARK = " | "
MAX_DEPTH = 500
MAX_CELL_CHARS = 200
"""A table with longer cells, or several paragraphs in one, arranges a page: its cells are read one by one."""

_LEFT_OUT = frozenset({"del", "moveFrom", "Fallback", "rubyPr", "rt", "annotation"})
_WRITTEN_AS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF = frozenset({"0", "false", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph, or a row of a table; `style` is the id of its style, `listed` means an item of a list."""

    text: str
    style: str = ""
    listed: bool = False


@dataclass(slots=True)
class _Open:
    """A paragraph that is being read; `ended` is False where its mark was deleted: the next goes on."""

    parts: list[str]
    style: str = ""
    listed: bool = False
    ended: bool = True


class TextTarget:
    """Takes the events of lxml's parser and returns the paragraphs."""

    def __init__(self) -> None:
        self._found: list[Paragraph] = []
        self._open: list[_Open] = []
        self._rows: list[list[list[Paragraph]]] = []
        self._run: list[str] | None = None
        self._hidden = self._in_text = False
        self._in_properties = self._left_out = self._depth = 0
        self._going_on: list[str] = []

    def doctype(self, name: str, *_: object) -> None:
        """Refuse a document type: Word writes none, and entity bombs need one."""
        raise ReadError(f"declares a document type ({name}), which Word files do not: it may be a trap")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""
        name = local_name(tag)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ReadError(f"is nested too deeply: more than {MAX_DEPTH} elements within each other")
        if self._left_out or (name in _LEFT_OUT and not self._in_properties):
            self._left_out += 1
        elif name == "p":
            self._open.append(_Open(self._going_on))
            self._going_on = []
        elif name in ("tr", "tc"):
            self._open_cell(name)
        elif name == "r":
            self._run, self._hidden = [], False
        elif name == "t":
            self._in_text = True
        elif name in _WRITTEN_AS:
            self._write(_WRITTEN_AS[name] if not self._in_properties else "")
        else:
            self._property(name, attributes)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        name = local_name(tag)
        self._depth -= 1
        if self._left_out:
            self._left_out -= 1
        elif name == "p" and self._open:
            self._close(self._open.pop())
        elif name == "tr" and self._rows:
            self._close_row(self._rows.pop())
        elif name == "r":
            if self._run and not self._hidden and self._open:
                self._open[-1].parts += self._run
            self._run = None
        elif name == "t":
            self._in_text = False
        elif name in ("pPr", "rPr"):
            self._in_properties -= 1

    def data(self, text: str) -> None:
        """Take the text of an element."""
        if self._in_text and not self._left_out:
            self._write(text)

    def close(self) -> list[Paragraph]:
        """Return the paragraphs."""
        return self._found

    def _property(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take what is said of a run, a paragraph or its mark."""
        value = next((value for key, value in attributes.items() if local_name(key) == "val"), "")
        if name in ("pPr", "rPr"):
            self._in_properties += 1
        elif name == "vanish" and value not in _OFF:
            self._hidden = True
        elif self._open and self._in_properties:
            paragraph = self._open[-1]
            if name == "pStyle":
                paragraph.style = value
            elif name == "numPr":
                paragraph.listed = True
            elif name == "del":
                paragraph.ended = False

    def _write(self, text: str) -> None:
        if self._run is not None:
            self._run.append(text)
        elif self._open:
            self._open[-1].parts.append(text)

    def _close(self, paragraph: _Open) -> None:
        if not paragraph.ended:
            self._going_on = paragraph.parts
            return
        text = "".join(paragraph.parts).strip()
        if text:
            self._add(Paragraph(text=text, style=paragraph.style, listed=paragraph.listed))

    def _add(self, paragraph: Paragraph) -> None:
        if self._rows and self._rows[-1]:
            self._rows[-1][-1].append(paragraph)
        else:
            self._found.append(paragraph)

    def _open_cell(self, name: str) -> None:
        if name == "tr":
            self._rows.append([])
        elif self._rows:
            self._rows[-1].append([])

    def _close_row(self, cells: list[list[Paragraph]]) -> None:
        """Add a row as one line, or the paragraphs of its cells."""
        filled = [cell for cell in cells if cell]
        if len(filled) < 2 or any(len(cell) > 1 or len(cell[0].text) > MAX_CELL_CHARS for cell in filled):
            for paragraph in (paragraph for cell in filled for paragraph in cell):
                self._add(paragraph)
            return
        self._add(Paragraph(text=CELL_MARK.join(" ".join(cell[0].text.split()) for cell in filled)))


def read_paragraphs(blocks: Iterable[bytes], name: str) -> list[Paragraph]:
    """Return the paragraphs of a part of a Word document; no tree of it is built.

    Raises:
        ReadError: it is not well-formed, or declares a document type.
    """
    from lxml import etree

    parser = etree.XMLParser(target=TextTarget(), resolve_entities=False, no_network=True, load_dtd=False)
    try:
        for block in blocks:
            parser.feed(block)
        paragraphs: list[Paragraph] = parser.close()
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise not_xml(name, error) from error
    return paragraphs
