"""Sitemaps, news sitemaps and indexes of sitemaps: the pages that a site names, the latest first."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from operator import attrgetter
from urllib.parse import urljoin

from index.article import DateOrigin, Skipped
from index.dates import FoundDate, found_date, is_believable
from index.errors import ReadError
from index.readers.addresses import is_web_address
from index.readers.feed_fields import joined
from index.readers.input import Hints, Input
from index.readers.pieces import text_lines
from index.readers.reader import Link
from index.readers.same_site import is_same_site
from index.readers.xml_elements import Element, cut_elements, too_long_text, xml_text
from index.readers.xml_fields import Field, declared_prefixes, fields, opening_tags

MAX_ADDRESSES = 50_000
"""As the protocol allows in one sitemap; of more, the latest are kept."""

_CHARS = {"loc": 2_000, "lastmod": 60, "publication_date": 60, "title": 400, "name": 200, "language": 40}
"""What is said of an address, and how long it is at most; what is longer is not taken."""

_NAMES = frozenset({"loc", "lastmod", "news", "image", "video"})
_NEWS_NAMES = frozenset({"publication_date", "title", "name", "language"})
_MEDIA = ("image", "video")
_W3C_DAY = re.compile(r"\d{4}(?:-\d\d){0,2}(?:T[\d:]{5,8})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """What a sitemap says of one address; `is_sitemap` where an index names another sitemap."""

    url: str
    latest: str
    is_sitemap: bool
    lastmod: str = ""
    published: str = ""
    title: str = ""
    outlet: str = ""
    language: str = ""


class SitemapReader:
    """Reads the addresses of a sitemap that was fetched."""

    def read(self, file: Input) -> Iterator[Link | Skipped]:
        """Yield a link for each page of the site, and for each sitemap of an index, the latest first.

        A page of another site is left out: a sitemap speaks only for its own.

        Raises:
            ReadError: it was not fetched, names nothing, or declares entities.
        """
        if not file.fetched:
            raise ReadError("is a sitemap: it only names pages; give its address to have them fetched")
        yield from _links(file, _named(file))


class TextSitemapReader:
    """Reads the addresses of a text that was fetched and has one a line."""

    def read(self, file: Input) -> Iterator[Link | Skipped]:
        """Yield a link for each page of the site, in their order; other sites' are left out as well.

        Raises:
            ReadError: it is too long.
        """
        yield from _links(file, _listed(file))


def _links(file: Input, named: Iterable[_Named]) -> Iterator[Link | Skipped]:
    """Yield the links of what is named and is the site's own, and what was left out."""
    left = _LeftOut()
    kept = nlargest(MAX_ADDRESSES, _own(named, file.uri, left), key=attrgetter("latest"))
    if not (kept or left.foreign):
        raise ReadError("the sitemap names no page")
    for one in kept:
        yield _link(one)
    if left.foreign:
        many = f"{left.foreign:,} addresses of other sites, such as {left.example}"
        foreign = many if left.foreign > 1 else f"an address of another site, {left.example}"
        yield Skipped(origin=file.name, reason=f"left out {foreign}: a sitemap speaks for its own")
    if left.count > MAX_ADDRESSES:
        reason = f"names {left.count:,} addresses, and a sitemap may name {MAX_ADDRESSES:,}"
        yield Skipped(
            origin=file.name,
            reason=f"{reason}: those that changed least lately, or stand last, are left out",
        )


@dataclass(slots=True)
class _LeftOut:
    """How many addresses were named, and how many of them are another site's."""

    count: int = 0
    foreign: int = 0
    example: str = ""


def _own(named: Iterable[_Named], sitemap: str, left: _LeftOut) -> Iterator[_Named]:
    """Yield what is named and may be; the rest is counted."""
    own = urljoin(sitemap, "/")
    for one in named:
        if one.is_sitemap or one.url.startswith(own) or is_same_site(one.url, sitemap):
            left.count += 1
            yield one
        else:
            left.foreign += 1
            left.example = left.example or one.url


def _named(file: Input) -> Iterator[_Named]:
    """Yield what a sitemap names, in its order."""
    elements = cut_elements(xml_text(file), ("url", "sitemap"))
    head = next(elements)
    if isinstance(head, ReadError):
        raise head
    prefixes = declared_prefixes(next(iter(opening_tags(head.markup, 1)), ""))
    for element in elements:
        named = None if isinstance(element, ReadError) else _entry(element, prefixes, file.uri)
        if named is not None:
            yield named


def _listed(file: Input) -> Iterator[_Named]:
    """Yield the addresses of a text in its order."""
    left = file.limits.max_document_bytes
    for line in text_lines(file, _CHARS["loc"]):
        if isinstance(line, ReadError):
            continue
        left -= len(line)
        if left < 0:
            raise too_long_text(file)
        if is_web_address(url := line.strip()):
            yield _Named(url=url, latest="", is_sitemap=False)


def _entry(element: Element, prefixes: dict[str, str], base: str) -> _Named | None:
    """Return what an element says; None where it names no address."""
    found = fields(element.markup, _NAMES, prefixes)
    told = _value(found, "loc")
    url = joined(base, told) if told else ""
    if not url:
        return None
    inner = next((one.inner for one in found if one.name == "news"), "")
    news = fields(inner, _NEWS_NAMES, prefixes) if inner else []
    lastmod, published = _value(found, "lastmod"), _value(news, "publication_date")
    return _Named(
        url=url,
        latest=_latest(published, lastmod),
        is_sitemap=element.name == "sitemap",
        lastmod=lastmod,
        published=published,
        title=_value(news, "title"),
        outlet=_value(news, "name"),
        language=_value(news, "language"),
    )


def _value(found: list[Field], name: str) -> str:
    """Return the text of an element; that of a picture or recording is not the page's."""
    values = (one.text for one in found if one.name == name and one.prefix not in _MEDIA)
    return next((value for value in values if 0 < len(value) <= _CHARS[name]), "")


def _latest(*dates: str) -> str:
    """Return the latest of some dates in a form that can be compared; "" where none can be believed."""
    return max(filter(is_believable, map(_comparable, dates)), default="")


def _comparable(date: str) -> str:
    if day := _W3C_DAY.match(date):
        return day[0]
    found = found_date(date, DateOrigin.FEED) if date else None
    return (found and found.value) or ""


def _link(one: _Named) -> Link:
    """Return the link of an address; one that the sitemap does not date is asked for only once.

    A sitemap without a date is asked for every time.
    """
    published, updated = found_date(one.published, DateOrigin.FEED), found_date(one.lastmod, DateOrigin.FEED)
    return Link(
        url=one.url,
        hints=Hints(
            url=one.url,
            title=one.title,
            outlet=one.outlet,
            language=one.language,
            published=(published,),
            updated=(updated,) if _is_later(updated, published) else (),
        ),
        entry="" if one.is_sitemap and not one.lastmod else one.url,
        digest="\0".join((one.lastmod, one.published, one.title)),
    )


def _is_later(updated: FoundDate | None, published: FoundDate | None) -> bool:
    """Say whether an update is one: a sitemap without a date of publication says only when it was made."""
    if not (updated and updated.value and published and published.value):
        return False
    if "T" not in updated.value or "T" not in published.value:
        return updated.value[:10] > published.value[:10]
    return datetime.fromisoformat(updated.value) > datetime.fromisoformat(published.value)
