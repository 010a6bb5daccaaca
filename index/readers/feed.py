"""RSS and Atom: each entry's page is fetched, and its own text stands in where the page gives none.

A feed that was saved as a file has nothing fetched for it: its entries are read as they are.
"""

from collections.abc import Iterator
from dataclasses import replace

from index.article import Article, Skipped
from index.errors import ReadError
from index.readers.draft import Draft, Place, finish
from index.readers.feed_entry import ENTRY_NAMES, Entry, FeedFacts, read_entry, read_head, stand_in
from index.readers.input import NO_HINTS, Input
from index.readers.language import language_of
from index.readers.reader import Link
from index.readers.same_site import is_same_site
from index.readers.xml_elements import Element, cut_elements, xml_text

MAX_SKIPPED = 100
"""Of more entries that give nothing, only the number is told."""

MOST_SKIPPED = 50_000
"""A feed with more of them is not gone on with."""


class FeedReader:
    """Reads the entries of a feed, one at a time; a feed may be of any size."""

    def read(self, file: Input) -> Iterator[Article | Skipped | Link]:
        """Yield a link for each entry of a fetched feed, an article for each entry of a saved one.

        Raises:
            ReadError: it has no entries, too many that give nothing, or declares entities.
        """
        elements = cut_elements(xml_text(file), ENTRY_NAMES)
        head = next(elements)
        if isinstance(head, ReadError):
            raise head
        feed = read_head(head.markup, file.uri)
        met: set[str] = set()
        number = skipped = 0
        for number, element in enumerate(elements, start=1):
            found = _found(element, feed, Place(input=file, origin=f"{file.name}#{number}"), met)
            skipped += isinstance(found, Skipped)
            if not isinstance(found, Skipped) or skipped <= MAX_SKIPPED:
                yield found
            elif skipped > MOST_SKIPPED:
                raise ReadError(f"more than {MOST_SKIPPED:,} of its entries give nothing: the rest is left")
        if not number:
            raise ReadError("the feed has no entries")
        if skipped > MAX_SKIPPED:
            yield Skipped(origin=file.name, reason=f"{skipped - MAX_SKIPPED:,} more entries gave nothing")


def _found(
    element: Element | ReadError, feed: FeedFacts, place: Place, met: set[str]
) -> Article | Skipped | Link:
    """Return what an entry gives; `met` are the names of those before it, of which it gets another."""
    if isinstance(element, ReadError):
        return Skipped(origin=place.origin, reason=f"the entry {element}")
    entry = read_entry(element.markup, feed)
    if entry.key in met:
        entry = replace(entry, key=f"{entry.key} {entry.hints.url}" if entry.hints.url else "")
    met |= {entry.key} - {""}
    number = place.origin.rpartition("#")[2]
    own: Article | Skipped = Skipped(
        origin=place.origin, reason="is not whole: the feed ends within the entry"
    )
    if element.whole:
        own = _own_article(entry, replace(place, fragment=entry.key or number))
    return _link(entry, own) if place.input.fetched and entry.hints.url else own


def _link(entry: Entry, own: Article | Skipped) -> Link:
    return Link(
        url=entry.hints.url,
        hints=entry.hints,
        fallback=own if isinstance(own, Article) else None,
        entry=entry.key,
        digest=entry.digest,
    )


def _own_article(entry: Entry, place: Place) -> Article | Skipped:
    """Return the article that an entry is without its page.

    What another site's feed says is not taken for what stands at the address: it could name any.
    """
    if not entry.body:
        return Skipped(origin=place.origin, reason="the entry has no text of its own")
    hints, file = entry.hints, place.input
    trusted = not file.fetched or is_same_site(file.uri, hints.url)
    return finish(
        Draft(
            place=replace(place, input=replace(file, fetched=False, hints=NO_HINTS)),
            text=entry.body,
            title=hints.title,
            url=hints.url if trusted else "",
            outlet=hints.outlet,
            authors=hints.authors,
            dates=hints.published,
            updates=hints.updated,
            last_resort=stand_in(hints.updated),
            language=language_of(hints.language, entry.body),
            section=hints.section,
        )
    )
