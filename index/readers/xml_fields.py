"""What an element of XML holds, well-formed or not: elements within it, their attributes and their text."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from itertools import islice

from index.readers.xml_elements import CDATA, CDATA_END, COMMENT, COMMENT_END

MAX_FIELDS = 1_000
"""No entry that an outlet writes has more."""

XMLNS = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/rss/1.0/": "rss",
    "http://my.netscape.com/rdf/simple/0.9/": "rss",
    "http://backend.userland.com/rss2": "rss",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://www.google.com/schemas/sitemap-image/1.1": "image",
    "http://www.google.com/schemas/sitemap-video/1.1": "video",
}
"""The usual prefix of each namespace, in lower case; a prefix that is not declared stands for itself."""

_ATTRIBUTES = r"(?P<attributes>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)"
"""Possessive, so that a tag that is broken costs no more than another."""

_TOKEN = re.compile(
    rf"<!--|<!\[CDATA\[|<(?P<close>/?)(?:(?P<prefix>[\w.-]{{1,40}}):)?(?P<name>[A-Za-z_][\w.-]{{0,60}}){_ATTRIBUTES}>"
)
_ATTRIBUTE = re.compile(
    r"(?<![\w.:-])(?P<name>[\w.:-]{1,60}+)\s*+=\s*+(?:\"(?P<double>[^\"<]*+)\"|'(?P<single>[^'<]*+)')"
)
_MAX_ATTRIBUTES = 50
_MAX_ENDLESS = 5
"""Where more elements than this are not closed, none is looked for the end of: each look takes a while."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """An element within another; `name` is local, in lower case, `prefix` the usual one of its namespace."""

    prefix: str
    name: str
    tag: str = field(repr=False)
    inner: str = field(repr=False)

    @cached_property
    def attributes(self) -> dict[str, str]:
        """The attributes by their names, in lower case."""
        return attributes(self.tag)

    @cached_property
    def is_markup(self) -> bool:
        """Whether its text holds elements, as XHTML that is not escaped does."""
        return next(_tags(self.inner), None) is not None

    @cached_property
    def text(self) -> str:
        """The text: as markup where it is that, else with entities resolved; CDATA is as it stands."""
        return _text(self.inner, escaped=not self.is_markup).strip()


def fields(markup: str, names: Container[str], prefixes: Mapping[str, str]) -> list[Field]:
    """Return the elements of these names in a text, in order, but not those within one of them.

    Elements of other names are looked into. One that is not closed holds the text up to the next tag.

    Args:
        markup: The text of an element.
        names: Local names in lower case.
        prefixes: The usual prefix of each that is declared, as `declared_prefixes` tells them.
    """
    return list(islice(_fields(markup, names, prefixes), MAX_FIELDS))


def declared_prefixes(tag: str) -> dict[str, str]:
    """Return the prefixes that a tag declares, with the usual ones of their namespaces."""
    return {
        name.removeprefix("xmlns:"): XMLNS[uri.strip().lower()]
        for name, uri in attributes(tag).items()
        if name.startswith("xmlns:") and uri.strip().lower() in XMLNS
    }


def attributes(tag: str) -> dict[str, str]:
    """Return the attributes of a tag, their names in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for match in islice(_ATTRIBUTE.finditer(tag), _MAX_ATTRIBUTES):
        value = match["double"] if match["double"] is not None else match["single"]
        found.setdefault(match["name"].lower(), unescape(value).strip())
    return found


def opening_tags(markup: str, count: int) -> list[str]:
    """Return the first opening tags of a text."""
    return [tag[0] for tag in islice((tag for tag in _tags(markup) if not tag["close"]), count)]


def _fields(markup: str, names: Container[str], prefixes: Mapping[str, str]) -> Iterator[Field]:
    position = 0
    endless: set[str] = set()
    while (tag := next(_tags(markup, position), None)) is not None:
        position = tag.end()
        name = tag["name"].lower()
        if tag["close"] or name not in names:
            continue
        inner = ""
        if not tag["attributes"].endswith("/"):
            hopeless = name in endless or len(endless) > _MAX_ENDLESS
            closing = None if hopeless else _closing(markup, position, name)
            if closing is None:
                endless.add(name)
            end = closing.start() if closing else _end_of_text(markup, position)
            inner = markup[position:end]
            position = closing.end() if closing else end
        prefix = (tag["prefix"] or "").lower()
        yield Field(prefix=prefixes.get(prefix, prefix), name=name, tag=tag[0], inner=inner)


def _tags(markup: str, position: int = 0) -> Iterator[re.Match[str]]:
    """Yield the tags of a text; what stands in comments and CDATA sections is none."""
    while (token := _TOKEN.search(markup, position)) is not None:
        if token[0] in (COMMENT, CDATA):
            mark = COMMENT_END if token[0] == COMMENT else CDATA_END
            end = markup.find(mark, token.end())
            if end < 0:
                return
            position = end + len(mark)
        else:
            position = token.end()
            yield token


def _closing(markup: str, position: int, name: str) -> re.Match[str] | None:
    """Return the tag that closes an element, those of the same name within it gone over."""
    depth = 1
    for tag in _tags(markup, position):
        if tag["name"].lower() != name:
            continue
        if tag["close"]:
            depth -= 1
        elif not tag["attributes"].endswith("/"):
            depth += 1
        if not depth:
            return tag
    return None


def _end_of_text(markup: str, position: int) -> int:
    """Return where the text ends that follows a tag: at the next one, or with its CDATA section."""
    start = markup.find("<", position)
    if start >= 0 and markup.startswith(CDATA, start) and not markup[position:start].strip():
        end = markup.find(CDATA_END, start)
        return end + len(CDATA_END) if end >= 0 else len(markup)
    return start if start >= 0 else len(markup)


def _text(inner: str, *, escaped: bool) -> str:
    """Return the text of an element: its CDATA sections as they stand, its comments left out."""
    parts: list[str] = []
    position = 0
    for mark in re.finditer(r"<!--|<!\[CDATA\[", inner):
        if mark.start() < position:
            continue
        between = inner[position : mark.start()]
        parts.append(unescape(between) if escaped else between)
        end_mark = COMMENT_END if mark[0] == COMMENT else CDATA_END
        end = inner.find(end_mark, mark.end())
        end = len(inner) if end < 0 else end
        if mark[0] == CDATA:
            parts.append(inner[mark.end() : end])
        position = end + len(end_mark)
    parts.append(unescape(inner[position:]) if escaped else inner[position:])
    return "".join(parts)
