"""Addresses as inputs: fetched, asked again only where they changed, and remembered once they are stored."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.article import DateOrigin, Skipped
from index.config import ReadingConfig
from index.dates import found_date
from index.readers.feed_entry import stand_in
from index.readers.input import HeldContent, Input
from index.readers.reader import Link

if TYPE_CHECKING:
    from index.fetch import Fetched, Fetcher, FetchMemory

DATED_BY_SERVER = 0.2
FETCHES_NAME = "fetches.db"
"""File in the folder of an index that remembers what was fetched; it may be removed at any time."""


@dataclass(slots=True)
class WebCounts:
    """What became of the addresses so far."""

    fetched: int = 0
    unchanged: int = 0
    failed: int = 0


@dataclass(slots=True)
class _Pass:
    """What was asked for since a user's own address was opened, and what of it was left for later.

    `pages` gave something or failed; `lists` are feeds and sitemaps, and what did not change.
    """

    pages: int = 0
    lists: int = 0
    beyond: int = 0
    not_due: int = 0


class Web:
    """Opens addresses as inputs.

    With `memory`, and `conditional`, an address that did not change since its article was stored costs
    one short request, and an entry of a feed that did not change costs none. Nothing counts as stored
    before `acknowledge` says so, and a feed or sitemap only where everything that it names is.

    One pass over an address that a user gave asks for at most `fetch.max_links` pages that it leads to.
    A page that failed, or held no article, is left alone until it is due again, unless the feed's own
    text stands in for it.
    """

    def __init__(
        self, fetcher: "Fetcher", memory: "FetchMemory | None" = None, *, conditional: bool = False
    ) -> None:
        self._fetcher = fetcher
        self._memory = memory
        self._conditional = conditional and memory is not None
        self._most = fetcher.config.max_links
        self._pages: list[Fetched] = []
        self._entries: list[tuple[str, Link]] = []
        self._within: dict[str, str] = {}
        self._listing: set[str] = set()
        self._failed: set[str] = set()
        self._unfinished: set[str] = set()
        self._pass = _Pass()
        self.counts = WebCounts()

    def open(self, link: Link, reading: ReadingConfig, within: str) -> Iterator[Input | Skipped]:
        """Yield the input behind an address, or why there is none; nothing where it did not change.

        Nothing is yielded either for what is left for later. `within` is the feed or sitemap that names
        the address, "" where a user does.
        """
        from index.fetch import FetchError

        if not within:
            self._pass = _Pass()
        elif not self._is_wanted(link, within):
            return
        self._within.setdefault(link.url, within)
        try:
            fetched = self._fetcher.fetch(link.url, conditional=self._conditional)
        except FetchError as error:
            self.counts.failed += 1
            self._pass.pages += bool(within)
            self._failed.add(link.url)
            yield Skipped(origin=link.url, reason=str(error))
            return
        self._pages.append(replace(fetched, body=b""))
        if within and link.entry:
            self._entries.append((within, replace(link, fallback=None)))
        if fetched.unchanged:
            self.counts.unchanged += 1
            self._pass.lists += bool(within)
            return
        self.counts.fetched += 1
        self._pass.pages += bool(within)
        yield _input(link, fetched, reading)

    def gave_nothing(self, link: Link) -> None:
        """Note that the page of a link held no article: it is to be asked for again, but not soon."""
        within = self._within.get(link.url, "")
        self._pages = [page for page in self._pages if page.url != link.url]
        self._entries = [entry for entry in self._entries if entry[1].url != link.url]
        if within and self._memory and link.url not in self._listing | self._failed:
            self._memory.note_failure(link.url, permanent=True)
        self.hold_up(within, link.url)

    def is_stored(self, link: Link) -> bool:
        """Say whether an article of this very page is in the index."""
        known = self._memory.page(link.url) if self._conditional and self._memory else None
        return known is not None and known.fetched_at is not None

    def leftovers(self, source: str) -> Iterator[Skipped]:
        """Yield what the pass over a user's address left for later, by numbers."""
        beyond, not_due = self._pass.beyond, self._pass.not_due
        if beyond:
            reason = f"left {_addresses(beyond)} for the next pass: `fetch.max_links` is {self._most:,}"
            yield Skipped(origin=source, reason=reason)
        if not_due:
            reason = f"left out {_addresses(not_due)} that failed or held no article, to be asked again later"
            yield Skipped(origin=source, reason=reason)

    def acknowledge(self, *, afresh: bool = False, still_read: Collection[str] = ()) -> None:
        """Remember what was opened so far, but for addresses that are `still_read`: its articles are stored.

        `afresh` says that the index holds nothing else: what was remembered before is forgotten.
        """
        if self._memory:
            if afresh:
                self._memory.clear()
            left_out = self._all_unfinished().union(still_read)
            for page in self._pages:
                if page.url not in left_out:
                    self._memory.remember(page)
            for within, link in self._entries:
                if link.url not in left_out:
                    self._memory.remember_entry(within, link.entry, link.digest)
        self._pages = [page for page in self._pages if page.url in still_read]
        self._entries = [entry for entry in self._entries if entry[1].url in still_read]

    @property
    def lists(self) -> Collection[str]:
        """The feeds and sitemaps so far, by address."""
        return self._listing

    def is_due(self, link: Link) -> bool:
        """Say whether a page may be asked for now: it did not fail lately, or the feed's text stands in."""
        if link.fallback or not (self._conditional and self._memory):
            return True
        return self._memory.is_due(link.url)

    def leave_for_later(self, link: Link, within: str) -> None:
        """Note that a page is not due."""
        self._pass.not_due += 1
        self.hold_up(within, link.url)

    def hold_up(self, within: str, url: str) -> None:  # noqa: ARG002 - a subclass may decide by it
        """Have a feed or sitemap asked for as a whole next time: a page of it is to be tried again."""
        if within:
            self._unfinished.add(within)

    def close(self) -> None:
        """Let the memory go."""
        self._fetcher.close()

    def _is_wanted(self, link: Link, within: str) -> bool:
        """Say whether an address that a feed or sitemap names is to be asked for now."""
        if within not in self._listing:
            self._listing.add(within)
            if self._within.get(within):  # it was counted as a page
                self._pass.pages -= 1
                self._pass.lists += 1
        if self._is_known(link, within):
            self.counts.unchanged += 1
            return False
        if not self.is_due(link):
            self.leave_for_later(link, within)
            return False
        if max(self._pass.pages, self._pass.lists) >= self._most:
            self._pass.beyond += 1
            self._unfinished.add(within)
            return False
        return True

    def _is_known(self, link: Link, within: str) -> bool:
        if not (self._conditional and self._memory and link.entry):
            return False
        return self._memory.entry_is_known(within, link.entry, link.digest)

    def _all_unfinished(self) -> set[str]:
        """Return the feeds and sitemaps that are not through, with the sitemaps that lead to them."""
        found: set[str] = set()
        for url in self._unfinished:
            while url and url not in found:
                found.add(url)
                url = self._within.get(url, "")
        return found


def _addresses(count: int) -> str:
    return f"{count:,} address" if count == 1 else f"{count:,} addresses"


def _input(link: Link, fetched: "Fetched", reading: ReadingConfig) -> Input:
    path = urlsplit(fetched.final_url).path
    served = found_date(fetched.last_modified, DateOrigin.FILE) if fetched.last_modified else None
    return Input(
        name=link.url,
        uri=fetched.final_url,
        path=PurePosixPath(path if path.strip("/") else "/index"),
        content=HeldContent(fetched.body),
        limits=reading,
        hints=replace(link.hints, url=fetched.final_url),
        modified=stand_in(link.hints.updated) or (served and replace(served, confidence=DATED_BY_SERVER)),
        media_type=fetched.media_type,
        charset=fetched.charset or "",
        fetched=True,
        named=True,
    )
