"""Which reader a file is for: its name proposes, its content decides."""

import codecs
import json
import re
from enum import StrEnum

from index.errors import ReadError
from index.readers.html import HtmlReader
from index.readers.json_records import JsonLinesReader, JsonReader
from index.readers.opening import InputFile
from index.readers.reader import Reader
from index.readers.text import MarkdownReader, TextReader


class Kind(StrEnum):
    """A kind of file that is read."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    JSON_LINES = "json lines"


READERS: dict[Kind, Reader] = {
    Kind.TEXT: TextReader(),
    Kind.MARKDOWN: MarkdownReader(),
    Kind.HTML: HtmlReader(),
    Kind.JSON: JsonReader(),
    Kind.JSON_LINES: JsonLinesReader(),
}
SUFFIXES = {
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".json": Kind.JSON,
    ".jsonl": Kind.JSON_LINES,
    ".ndjson": Kind.JSON_LINES,
}

_PAGE = re.compile(
    r"(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|article)\b",
    re.IGNORECASE | re.DOTALL,
)
_ANY_TAG = re.compile(r"<[a-z!/][^<>]*>", re.IGNORECASE)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "gzip within gzip"),
)


def kind_of(file: InputFile, *, named: bool) -> Reader:
    """Return the reader for a file; `named` says that the user named this very file.

    Raises:
        ReadError: it is of a kind that is not read, or holds no text.
    """
    proposed = SUFFIXES.get(file.suffix)
    if proposed is None and file.suffix:
        raise ReadError(f"not a kind of file that is read: {file.suffix}")
    head = file.head
    if not head.strip():
        raise ReadError("the file is empty")
    for magic, thing in _MAGIC:
        if head.startswith(magic):
            raise ReadError(f"not a kind of file that is read: it is {thing}")
    text = _head_text(head)
    kind = _by_content(text, proposed)
    if proposed is None and kind is Kind.TEXT and not named:
        raise ReadError("not a kind of file that is read: its name has no ending")
    return READERS[kind]


def _by_content(text: str, proposed: Kind | None) -> Kind:
    if _PAGE.match(text):
        return Kind.HTML
    if text.startswith(("{", "[")) and (kind := _json_kind(text, proposed)):
        return kind
    if proposed is Kind.HTML and not _ANY_TAG.search(text):
        return Kind.TEXT
    return proposed or Kind.TEXT


def _json_kind(text: str, proposed: Kind | None) -> Kind | None:
    """Return the kind of a text that opens like JSON; None leaves it to the name."""
    first, _, following = text.partition("\n")
    if _is_object(first):
        return Kind.JSON_LINES if following.strip() or proposed is Kind.JSON_LINES else Kind.JSON
    if proposed is Kind.JSON_LINES:
        return Kind.JSON if text.startswith("[") or first.strip() == "{" else Kind.JSON_LINES
    if proposed is Kind.JSON or re.match(r"[\[{]\s*(?:\{\s*)?\"[^\"\n]{1,60}\"\s*:", text):
        return Kind.JSON
    return None


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _head_text(head: bytes) -> str:
    """Return the head as text that is good enough to tell its kind."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-32" if head.startswith(codecs.BOM_UTF32_LE) else "utf-16"
    else:
        encoding = "utf-32" if head.startswith(codecs.BOM_UTF32_BE) else "utf-8-sig"
    return head.decode(encoding, "replace").lstrip()
