"""Dates of a page: what it tells machines, and what it shows readers beside its headline."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.article import DateOrigin
from index.dates import AMBIGUOUS, FoundDate, date_from_text, found_date
from index.readers.html_metadata import PageFacts
from index.readers.html_text import Block
from index.readers.linked_data import values_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

META_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "pubdate",
    "publishdate",
    "publish-date",
    "pdate",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "cxenseparse:recs:publishtime",
    "dc.date",
    "dcterms.date",
    "date",
)
META_UPDATED = (
    "article:modified_time",
    "og:updated_time",
    "og:article:modified_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "revised",
)
LONE_CONFIDENCE = 0.4
"""Of the one date that a page shows anywhere: it may be the day on which it was saved."""

MAX_LINE_CHARS = 120
EDGE_LINES = 100
_YEAR = re.compile(r"\d{4}|\d[./]\d\d?[./]\d\d")

_MACHINE_NAMES = ("datetime", "content", "publishdate", "data-date", "data-timestamp", "title")


def told_dates(
    tree: "HtmlElement", facts: PageFacts, *, updated: bool, day_first: bool
) -> Iterator[FoundDate | None]:
    """Yield the dates that a page tells in JSON-LD, meta elements and microdata."""
    name = "dateModified" if updated else "datePublished"
    for value in values_of(facts.linked, name):
        yield found_date(value, DateOrigin.JSONLD, day_first=day_first)
    for label in META_UPDATED if updated else META_PUBLISHED:
        yield found_date(facts.metas.get(label), DateOrigin.META, day_first=day_first)
    for element in tree.xpath(f"//*[@itemprop='{name}'][not(self::meta)]")[:3]:
        yield found_date(_value_of(element), DateOrigin.META, day_first=day_first)


def shown_dates(
    facts: PageFacts, blocks: Sequence[Block], *, day_first: bool
) -> tuple[list[FoundDate | None], list[FoundDate | None]]:
    """Return the publications and updates that a page shows a reader, those beside the headline first."""
    lines = [block.text for block in facts.head if block.kind != "figcaption"]
    said = date_from_text(lines, day_first=day_first, loose=True)
    marked = _marked(facts, day_first=day_first)
    labelled = said.published if said.published and said.published.confidence > AMBIGUOUS else None
    published = [labelled, *marked, said.published]
    if not any(published):
        published.append(_lone_date(blocks, day_first=day_first))
    return published, [said.updated or _labelled_update(blocks, day_first=day_first)]


def as_publication(update: FoundDate | None) -> FoundDate | None:
    """Return the date of an update as that of the publication, with less confidence."""
    return replace(update, confidence=update.confidence * AMBIGUOUS) if update else None


def _marked(facts: PageFacts, *, day_first: bool) -> list[FoundDate | None]:
    """Return the dates of the time elements by the headline."""
    elements = []
    for block in facts.head:
        elements += [
            e for e in (block.element, *block.element.iter("time", "abbr")) if e.tag in ("time", "abbr")
        ]
        elements += list(block.element.iterancestors("time", "abbr"))
    return [found_date(_value_of(element), DateOrigin.TEXT, day_first=day_first) for element in elements[:3]]


def _value_of(element: "HtmlElement") -> str:
    value = next((element.get(name) for name in _MACHINE_NAMES if element.get(name)), None)
    return str(value or " ".join("".join(element.itertext()).split()))


def _labelled_update(blocks: Sequence[Block], *, day_first: bool) -> FoundDate | None:
    """Return the first date after a label such as "Last updated" in a line of its own, wherever it stands."""
    said = (date_from_text([line], day_first=day_first).updated for line in _dated_lines(blocks))
    return next(filter(None, said), None)


def _lone_date(blocks: Sequence[Block], *, day_first: bool) -> FoundDate | None:
    """Return the only date that stands in a line of its own, if there is one only."""
    found: dict[str, FoundDate] = {}
    for line in _dated_lines(blocks):
        said = date_from_text([line], day_first=day_first).published
        if said and said.value:
            found[said.value[:10]] = said
    return replace(found.popitem()[1], confidence=LONE_CONFIDENCE) if len(found) == 1 else None


def _dated_lines(blocks: Sequence[Block]) -> list[str]:
    """Return the short lines with a year in them, the first and last of a page that has very many."""
    lines = [block.text for block in blocks if len(block.text) < MAX_LINE_CHARS and _YEAR.search(block.text)]
    return lines if len(lines) <= 2 * EDGE_LINES else [*lines[:EDGE_LINES], *lines[-EDGE_LINES:]]
