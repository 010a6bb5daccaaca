"""The tree of a saved page, parsed within bounds."""

import re
from typing import TYPE_CHECKING

from index.errors import ReadError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_ELEMENTS = 100_000
"""The longest live blogs have a tenth of it; extraction takes a few seconds and 300 MB at this size."""

MAX_ATTRIBUTES = 1_000
MAX_TAG_CHARS = 65_536
"""A longer tag is looked at: libxml2 takes time quadratic in the number of its attributes."""

NO_TEXT = "no article text found"
TOO_DEEP = "is nested more than 255 elements deep: most of its text would be lost"

_START_TAG = re.compile(r"<[a-zA-Z]")
_LONG_TAG = re.compile(rf"<[a-zA-Z][^<>]{{{MAX_TAG_CHARS}}}[^<>]*")
_DECLARED_AS = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_CLOSED = re.compile(
    r"<(title|script|style|textarea|iframe|noscript|svg|video|audio|object|canvas)(\s[^<>]*)?/>",
    re.IGNORECASE,
)
"""Closed at once, as XML allows; HTML may take all that follows for their content."""

_BREAKS = re.compile(r"</?(?:div|section|center)\b[^<>]{0,2000}>", re.IGNORECASE)
_INLINE = re.compile(
    r"</?(?:font|span|b|i|u|em|strong|small|big|tt|a|ins|del)\b[^<>]{0,2000}>", re.IGNORECASE
)


def parse_page(markup: str) -> "HtmlElement":
    """Return the tree of a page.

    Raises:
        ReadError: there is nothing in it, or it has so many elements or attributes, or is nested so
            deeply, that reading it would take minutes or lose text.
    """
    _check_bounds(markup)
    markup = _CLOSED.sub(r"<\1\2></\1>", markup)
    tree, whole = _parse(markup)
    if not whole:  # elements that nobody closed; without those that carry no structure it may fit
        tree, whole = _parse(_INLINE.sub("", _BREAKS.sub("\n<br>\n", markup)))
    if not whole:
        raise ReadError(TOO_DEEP)
    if tree is None or not len(tree):
        raise ReadError(NO_TEXT)
    return tree


def _check_bounds(markup: str) -> None:
    count = sum(1 for _ in _START_TAG.finditer(markup))
    if count > MAX_ELEMENTS:
        raise ReadError(f"has {count:,} elements, more than the {MAX_ELEMENTS:,} of a page that is read")
    for tag in _LONG_TAG.finditer(markup):
        if tag[0].count("=") > MAX_ATTRIBUTES:
            raise ReadError(f"has an element with more than {MAX_ATTRIBUTES:,} attributes")


def _parse(markup: str) -> "tuple[HtmlElement | None, bool]":
    """Return a tree, and whether it is whole: libxml2 stops at a depth of 256."""
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    data = _DECLARED_AS.sub("", markup).encode("utf-8", "replace")
    try:
        tree = document_fromstring(data, parser=parser)
    except ParserError:
        return None, True
    return tree, not any("xcessive depth" in entry.message for entry in parser.error_log)
