"""The elements of a feed or entry by their names, as the dialects of RSS and Atom write them."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from urllib.parse import urljoin

from index.readers.addresses import is_web_address
from index.readers.markup import looks_like_markup, markup_to_text
from index.readers.xml_fields import Field

OWN_PREFIXES = frozenset({"", "atom", "atom03", "atom10", "a10", "rss", "rss1"})
"""Those that RSS and Atom have for themselves."""

BODIES = (
    "encoded",
    "content:encoded",
    "content",
    "body",
    "xhtml:body",
    "description",
    "summary",
    "dc:description",
)
CAPTIONS = ("itunes:summary", "media:description", "itunes:subtitle")
"""Said of a recording or picture: read only where there is nothing else."""

_TEXT_TYPE = re.compile(r"(?:text|html|xhtml|plain|text/.*|.*[+/]xml)?", re.IGNORECASE)
_PAGE_TYPES = ("", "html", "text/html", "application/xhtml+xml")
_TAG = re.compile(r"</?[A-Za-z][^<>]*+>")
_BLOCK = re.compile(r"<(?:p|br|div|li|h[1-6]|blockquote)\b", re.IGNORECASE)
_SYNDICATED = re.compile(
    r"The (?:post|article|story) .{1,300} (?:appeared first|first appeared|was first published) on .{1,120}"
)


class FeedFields:
    """Finds elements by name: with the usual prefix, or without one where they are the feed's own."""

    def __init__(self, found: Sequence[Field]) -> None:
        self._by_name: dict[str, list[Field]] = {}
        for one in found:
            name = one.name if one.prefix in OWN_PREFIXES else f"{one.prefix}:{one.name}"
            self._by_name.setdefault(name, []).append(one)

    def all(self, *names: str) -> list[Field]:
        """Return the elements of these names, those of the first name first."""
        return [one for name in names for one in self._by_name.get(name, ())]

    def texts(self, *names: str) -> Iterator[str]:
        """Yield the texts of these names that are not empty."""
        return (one.text for one in self.all(*names) if one.text)

    def text(self, *names: str) -> str:
        """Return the first text of these names."""
        return next(self.texts(*names), "")

    def plain(self, *names: str) -> str:
        """Return the first text of these names without markup."""
        return next(filter(None, map(plain_text, self.all(*names))), "")

    def body(self) -> str:
        """Return the longest text that is said of the entry."""
        bodies = [one for one in self.all(*BODIES) if _TEXT_TYPE.fullmatch(one.attributes.get("type", ""))]
        body = max(map(plain_text, bodies), key=len, default="")
        before, _, last = body.rpartition("\n")
        if _SYNDICATED.fullmatch(last):
            body = before.rstrip()
        return body or self.plain(*CAPTIONS)

    def page(self, base: str) -> str:
        """Return the address of the page; "" where only recordings and the like are named."""
        recordings = {one.attributes.get("url", "") for one in self.all("enclosure")}
        recordings |= {one.attributes.get("href", "") for one in self.all("link") if _rel(one) == "enclosure"}
        for _, url, nearer in sorted(self._pages(), key=lambda one: one[0]):
            whole = joined(joined(base, nearer), url)
            if url and url not in recordings and is_web_address(whole):
                return whole
        return ""

    def _pages(self) -> Iterator[tuple[int, str, str]]:
        """Yield each address that may be the page's with its rank and its own xml:base."""
        yield from ((0, url, "") for url in self.texts("feedburner:origlink", "origlink"))
        for link in self.all("link"):
            said = link.attributes
            if "href" not in said:
                yield 2, link.text, ""
            elif _rel(link) == "alternate":
                rank = 1 if said.get("type", "").lower() in _PAGE_TYPES else 3
                yield rank, said["href"], said.get("xml:base", "")
        yield from ((4, one.attributes.get("src", ""), "") for one in self.all("content"))


def plain_text(one: Field) -> str:
    """Return the text of an element without the markup in it; "" where it is in base64."""
    text, kind = one.text, one.attributes.get("type", "")
    if kind == "text" or one.attributes.get("mode") == "base64":
        return text if kind == "text" else ""
    said = one.is_markup or "html" in kind or looks_like_markup(text)
    if not said and (one.name == "title" or not _TAG.search(text)):
        return unescape(text)
    if _BLOCK.search(text):
        text = " ".join(text.split())  # line ends mean nothing beside blocks
    return "\n".join(line.strip() for line in markup_to_text(text).split("\n")).strip()


def joined(base: str, url: str) -> str:
    """Return a relative address made whole; the base where there is none, "" where it cannot be one."""
    try:
        return urljoin(base, url.strip()) if url.strip() else base
    except ValueError:
        return ""


def _rel(link: Field) -> str:
    return link.attributes.get("rel", "").lower() or "alternate"
