"""Cuts the text of feeds and sitemaps, well-formed or not, into the elements that they are lists of.

A scan of its own, in linear time and bounded memory: no entity is expanded and nothing is loaded.
Libraries that read malformed feeds take a gigabyte, or hours, for a few megabytes that were made for it.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from index.errors import ReadError
from index.readers.input import Input
from index.readers.pieces import text_pieces

MAX_ELEMENT_CHARS = 4_000_000
"""An entry that is longer is none that a person wrote."""

COMMENT, COMMENT_END = "<!--", "-->"
CDATA, CDATA_END = "<![CDATA[", "]]>"

_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{2,40})[\"']")
_ROOT = re.compile(r"<[A-Za-z_]")
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_LIST_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:rss|rdf|feed|channel|urlset|sitemapindex)\b", re.IGNORECASE)
_TOKEN_CHARS = 100
"""More than the beginning of a tag, by which it is known, can have."""


@dataclass(frozen=True, slots=True)
class Element:
    """The text of an element from its opening tag on, without its closing tag.

    `name` is local and in lower case, "" for what stands before the first element. `whole` is False
    where the input ends within it.
    """

    markup: str
    name: str = ""
    whole: bool = True


def xml_text(file: Input) -> Iterator[str]:
    """Yield the text of an XML input in pieces, in the character set that the server or the XML tells.

    Raises:
        ReadError: it is longer than `limits.max_document_bytes`.
    """
    charset, declared = file.charset, _DECLARED.match(file.head)
    if declared and (not charset or _is_utf8(charset)):  # UTF-8 is tried in any case
        charset = declared[1].decode("ascii")
    left = file.limits.max_document_bytes
    for piece in text_pieces(replace(file, charset=charset)):
        left -= len(piece)
        if left < 0:
            raise too_long_text(file)
        yield piece


def too_long_text(file: Input) -> ReadError:
    """Return the error of an input with more text than `limits.max_document_bytes`."""
    limit = file.limits.max_document_bytes // 1_000_000
    return ReadError(f"is longer than {limit} MB: raise `reading.max_document_mb`")


def cut_elements(pieces: Iterable[str], names: Iterable[str]) -> Iterator[Element | ReadError]:
    """Yield what stands before the first element of one of these names, and then each of them.

    Names are local ones in lower case; prefixes and case make no difference. An element that is not
    closed ends where the next begins; one of more than `MAX_ELEMENT_CHARS` gives an error in its place.

    Raises:
        ReadError: it declares entities, or more than `MAX_ELEMENT_CHARS` stand before the first element.
    """
    cutter = _Cutter(names)
    for piece in pieces:
        yield from cutter.take(piece)
    yield from cutter.finish()


class _At(Enum):
    """Where in the text the scan is."""

    HEAD = auto()
    ELEMENT = auto()
    LONG_ELEMENT = auto()
    BETWEEN = auto()


class _Cutter:
    """Scans a text that comes in pieces; what is held begins with the head or element that it is in."""

    def __init__(self, names: Iterable[str]) -> None:
        self._token = re.compile(
            rf"<!--|<!\[CDATA\[|<(?P<close>/?)(?:[\w.-]{{1,40}}:)?(?P<name>{'|'.join(names)})(?=[\s/>])",
            re.IGNORECASE,
        )
        self._at = _At.HEAD
        self._at_end = False
        self._endless: set[str] = set()
        self._name = ""
        self._held = ""
        self._begin = 0
        self._seen = 0

    def take(self, piece: str) -> Iterator[Element | ReadError]:
        """Go over more of the text and yield what is complete."""
        self._held = self._held[self._begin :] + piece
        self._seen -= self._begin
        self._begin = 0
        yield from self._scan()
        yield from self._bound()

    def finish(self) -> Iterator[Element | ReadError]:
        """Yield what the end of the text completes; a comment or section without an end is none."""
        self._at_end = True
        yield from self._scan()
        if self._at is _At.HEAD:
            yield _head(self._held)
        elif self._at is _At.ELEMENT:
            markup = self._held[self._begin :]
            whole = _LIST_END.search(markup, max(len(markup) - _TOKEN_CHARS, 0)) is not None
            yield self._element(markup, whole=whole)

    def _scan(self) -> Iterator[Element | ReadError]:
        while (token := self._token.search(self._held, self._seen)) is not None:
            if token[0] not in (COMMENT, CDATA):
                yield from self._tag(token)
            elif not self._skip(token):
                return
        self._seen = max(self._seen, len(self._held) - _TOKEN_CHARS)

    def _tag(self, token: re.Match[str]) -> Iterator[Element | ReadError]:
        """Go over a tag of one of the names, which ends what was before it."""
        markup = self._held[self._begin : token.start()]
        if self._at is _At.ELEMENT:
            yield self._element(markup)
        elif self._at is _At.HEAD and not token["close"]:
            yield _head(markup)
        if not token["close"]:
            self._at, self._begin, self._name = _At.ELEMENT, token.start(), token["name"].lower()
        elif self._at is not _At.HEAD:
            self._at, self._begin = _At.BETWEEN, token.end()
        self._seen = token.end()

    def _element(self, markup: str, *, whole: bool = True) -> Element | ReadError:
        return Element(markup, self._name, whole=whole) if len(markup) <= MAX_ELEMENT_CHARS else _too_long()

    def _skip(self, token: re.Match[str]) -> bool:
        """Go over a comment or CDATA section, whose tags are none; False where its end is still to come."""
        mark = COMMENT_END if token[0] == COMMENT else CDATA_END
        if self._at is _At.LONG_ELEMENT or mark in self._endless:  # it may be long by what has no end
            self._seen = token.end()
            return True
        end = self._held.find(mark, token.end())
        if end < 0 and self._at_end:
            self._endless.add(mark)
            self._seen = token.end()
            return True
        self._seen = token.start() if end < 0 else end + len(mark)
        return end >= 0

    def _bound(self) -> Iterator[ReadError]:
        """Keep what is held within bounds."""
        if self._at in (_At.BETWEEN, _At.LONG_ELEMENT):
            self._begin = self._seen
        if len(self._held) - self._begin <= MAX_ELEMENT_CHARS:
            return
        if self._at is _At.HEAD:
            raise ReadError(f"has nothing to read in its first {MAX_ELEMENT_CHARS:,} characters")
        if self._at is _At.ELEMENT:
            yield _too_long()
        self._at = _At.LONG_ELEMENT
        self._begin = self._seen = len(self._held) - _TOKEN_CHARS


def _too_long() -> ReadError:
    return ReadError(f"is longer than {MAX_ELEMENT_CHARS:,} characters")


def _head(markup: str) -> Element:
    """Return what stands before the first element; raises ReadError where it declares entities."""
    root = _ROOT.search(markup)
    if _ENTITY.search(markup, 0, root.start() if root else len(markup)):
        raise ReadError("declares XML entities, which are not read: they can be made to fill the memory")
    return Element(markup)


def _is_utf8(name: str) -> bool:
    try:
        return codecs.lookup(name).name == "utf-8"
    except LookupError:
        return False
