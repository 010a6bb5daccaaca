"""Which reader an input is for: its name or media type proposes, its content decides."""

import codecs
import json
import re
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import cast

from index.errors import ReadError
from index.readers.compression import compression_of
from index.readers.input import HEAD_BYTES, Input
from index.readers.markup_root import root_of
from index.readers.reader import Reader


class Kind(StrEnum):
    """A kind of input that is read."""

    TEXT = "text"
    MARKDOWN = "Markdown"
    HTML = "HTML"
    JSON = "JSON"
    JSON_LINES = "JSON Lines"
    CSV = "CSV"
    PARQUET = "Parquet"
    PDF = "PDF"
    DOCX = "DOCX"
    EPUB = "EPUB"
    MAIL = "e-mail"
    WARC = "WARC"
    ZIP = "zip"
    TAR = "tar"
    FEED = "feed"
    SITEMAP = "sitemap"
    TEXT_SITEMAP = "sitemap as a text"


READERS = {
    Kind.TEXT: "text:TextReader",
    Kind.MARKDOWN: "text:MarkdownReader",
    Kind.HTML: "html:HtmlReader",
    Kind.JSON: "json_records:JsonReader",
    Kind.JSON_LINES: "json_records:JsonLinesReader",
    Kind.CSV: "csv_records:CsvReader",
    Kind.PARQUET: "parquet:ParquetReader",
    Kind.PDF: "pdf:PdfReader",
    Kind.DOCX: "docx:DocxReader",
    Kind.EPUB: "epub:EpubReader",
    Kind.MAIL: "mail:MailReader",
    Kind.WARC: "warc:WarcReader",
    Kind.ZIP: "zip_archive:ZipReader",
    Kind.TAR: "tar_archive:TarReader",
    Kind.FEED: "feed:FeedReader",
    Kind.SITEMAP: "sitemap:SitemapReader",
    Kind.TEXT_SITEMAP: "sitemap:TextSitemapReader",
}
"""Module in this package and class; a reader is imported when the first input needs it."""

ARCHIVES = frozenset({Kind.ZIP, Kind.TAR, Kind.WARC})
TOLD_BY_CONTENT = ARCHIVES | {Kind.PDF, Kind.PARQUET, Kind.DOCX, Kind.EPUB}
"""Nothing is of these kinds that does not begin as they do."""

SUFFIXES = {
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".shtml": Kind.HTML,
    ".json": Kind.JSON,
    ".jsonl": Kind.JSON_LINES,
    ".ndjson": Kind.JSON_LINES,
    ".csv": Kind.CSV,
    ".tsv": Kind.CSV,
    ".parquet": Kind.PARQUET,
    ".pdf": Kind.PDF,
    ".docx": Kind.DOCX,
    ".docm": Kind.DOCX,
    ".dotx": Kind.DOCX,
    ".epub": Kind.EPUB,
    ".eml": Kind.MAIL,
    ".mbox": Kind.MAIL,
    ".emlx": Kind.MAIL,
    ".warc": Kind.WARC,
    ".zip": Kind.ZIP,
    ".tar": Kind.TAR,
    ".tgz": Kind.TAR,
    ".rss": Kind.FEED,
    ".atom": Kind.FEED,
    ".xml": Kind.FEED,
}
MEDIA_TYPES = {
    "text/plain": Kind.TEXT,
    "text/markdown": Kind.MARKDOWN,
    "text/x-markdown": Kind.MARKDOWN,
    "text/html": Kind.HTML,
    "application/xhtml+xml": Kind.HTML,
    "application/json": Kind.JSON,
    "application/feed+json": Kind.JSON,
    "application/x-ndjson": Kind.JSON_LINES,
    "application/jsonl": Kind.JSON_LINES,
    "text/csv": Kind.CSV,
    "application/csv": Kind.CSV,
    "application/vnd.ms-excel": Kind.CSV,  # a workbook is told by its content, and refused
    "text/tab-separated-values": Kind.CSV,
    "application/pdf": Kind.PDF,
    "application/epub+zip": Kind.EPUB,
    "message/rfc822": Kind.MAIL,
    "application/warc": Kind.WARC,
    "application/zip": Kind.ZIP,
    "application/x-tar": Kind.TAR,
    "application/rss+xml": Kind.FEED,
    "application/atom+xml": Kind.FEED,
    "application/rdf+xml": Kind.FEED,
    "application/xml": Kind.FEED,
    "text/xml": Kind.FEED,
}

_MAGIC = ((b"%PDF-", Kind.PDF), (b"PAR1", Kind.PARQUET), (b"PARE", Kind.PARQUET), (b"WARC/", Kind.WARC))
_TAR_MAGIC, _TAR_PLACE = b"ustar", 257
_NOT_READ = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (
        b"\xd0\xcf\x11\xe0",
        "a file of an old Office, an Outlook message, or one with a password: save it as DOCX or EML",
    ),
    (b"Rar!", "a RAR archive: pack it as zip"),
    (b"7z\xbc\xaf", "a 7-Zip archive: pack it as zip"),
    (b"{\\rtf", "rich text: save it as DOCX"),
)
_SITEMAP_ROOTS = frozenset({"urlset", "sitemapindex"})
_FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})
_PAGE_ROOTS = frozenset({"html", "head", "body", "article"})
_ADDRESS = re.compile(r"\s*https?://\S+\s*", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[a-z!/][^<>]*>", re.IGNORECASE)
_MAIL_HEADER = re.compile(r"^(?P<name>[A-Za-z][A-Za-z-]{1,40}):[ \t]", re.MULTILINE)
_MAIL_MARKS = frozenset("received return-path message-id mime-version delivered-to".split())
_MAIL_HEAD_CHARS = 4_000


def reader_of(file: Input) -> Reader:
    """Return the reader for an input.

    Raises:
        ReadError: it is of a kind that is not read, holds no text, or is an archive in an archive.
    """
    kind = kind_of(file)
    if kind in ARCHIVES and file.depth:
        raise ReadError("is an archive within an archive: unpack the outer one")
    return _load(kind)


@cache
def _load(kind: Kind) -> Reader:
    module, _, name = READERS[kind].partition(":")
    return cast("Reader", getattr(import_module(f"index.readers.{module}"), name)())


def kind_of(file: Input) -> Kind:
    """Return the kind of an input; raises ReadError where it is none that is read."""
    head = file.head
    if not head.strip():
        raise ReadError("the file is empty")
    proposed = _proposed(file)
    if (kind := _by_magic(head, file)) is not None:
        return kind
    text = _head_text(head)
    known = _by_content(text, proposed)
    served = file.fetched and bool(file.media_type or not file.depth)  # and is no file in an archive
    if known is not None and (served or proposed or not file.suffix or known is Kind.HTML):
        return known
    if served and _names_pages(text, whole=len(head) < HEAD_BYTES):
        return Kind.TEXT_SITEMAP
    if proposed is None and file.suffix and not (file.fetched and file.media_type.startswith("text/")):
        raise ReadError(f"not a kind of file that is read: {file.suffix}")
    if proposed is None and not file.named and not file.fetched:
        raise ReadError("not a kind of file that is read: its name has no ending")
    return _plain(text, proposed)


def _proposed(file: Input) -> Kind | None:
    """Return the kind that the name or the media type says.

    A server's word goes before the name, but for `text/plain`, which is said of much that is more.
    """
    named, told = SUFFIXES.get(file.suffix), MEDIA_TYPES.get(file.media_type)
    if file.fetched and (told is not Kind.TEXT or named in TOLD_BY_CONTENT):
        return told or named
    return named or told


def _by_magic(head: bytes, file: Input) -> Kind | None:
    """Return the kind that the first bytes tell for certain."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):  # the second is that of one without files
        return _zip_kind(file)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[_TAR_PLACE : _TAR_PLACE + len(_TAR_MAGIC)] == _TAR_MAGIC:
        return Kind.TAR
    for magic, thing in _NOT_READ:
        if head.startswith(magic):
            raise ReadError(f"not a kind of file that is read: it is {thing}")
    if packing := compression_of(head):
        raise ReadError(f"not a kind of file that is read: it is {packing} data within a packed file")
    return None


def _zip_kind(file: Input) -> Kind:
    from index.readers.zip_archive import open_zip

    with open_zip(file) as archive:
        names = set(archive.namelist())
    if "META-INF/container.xml" in names:
        return Kind.EPUB
    if "word/document.xml" in names:
        return Kind.DOCX
    if "xl/workbook.xml" in names:
        raise ReadError("not a kind of file that is read: it is a workbook: save its sheet as CSV")
    return Kind.ZIP


def _by_content(text: str, proposed: Kind | None) -> Kind | None:
    """Return the kind that the opening of a text tells; None leaves it to the name."""
    root = root_of(text)
    if root in _SITEMAP_ROOTS:
        return Kind.SITEMAP
    if root in _FEED_ROOTS:
        return Kind.FEED
    if root in _PAGE_ROOTS:
        return Kind.HTML
    if text.startswith(("{", "[")):
        return _json_kind(text, proposed)
    if proposed is not Kind.MARKDOWN and _is_mail(text):
        return Kind.MAIL
    return None


def _plain(text: str, proposed: Kind | None) -> Kind:
    """Return the kind of a text whose opening tells nothing."""
    if proposed is Kind.FEED:
        raise ReadError("not a kind of file that is read: XML that is neither a feed nor a sitemap")
    if proposed in TOLD_BY_CONTENT:
        raise ReadError(f"is named as {proposed.value}, and is not")
    if proposed is Kind.HTML and not _ANY_TAG.search(text):
        return Kind.TEXT
    return proposed or Kind.TEXT


def _names_pages(text: str, *, whole: bool) -> bool:
    """Say whether a text is nothing but web addresses, one a line; the last line of a part is left out."""
    lines = text.splitlines()[: None if whole else -1]
    return bool(lines) and all(_ADDRESS.fullmatch(line) for line in lines if line.strip())


def _is_mail(text: str) -> bool:
    """Say whether a text opens with the header of an e-mail (or a mailbox of them)."""
    head = text[:_MAIL_HEAD_CHARS].replace("\r\n", "\n").partition("\n\n")[0]
    names = {match["name"].lower() for match in _MAIL_HEADER.finditer(head)}
    return "from" in names and bool(names & _MAIL_MARKS) and bool(names & {"date", "subject"})


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
