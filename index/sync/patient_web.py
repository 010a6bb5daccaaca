"""Addresses of one source: asked no more often than they can bear, acknowledged when they are through."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from index.article import Skipped
from index.config import ReadingConfig
from index.readers.input import Input
from index.readers.reader import Link
from index.readers.web import Web

if TYPE_CHECKING:
    from index.fetch import Fetcher, FetchMemory

_SOON = timedelta(hours=1)


class PatientWeb(Web):
    """Opens only what changed; a page that failed, or held no article, is left alone for a while.

    A feed or sitemap counts as stored when the pages that it names are; until then a part of it can be
    acknowledged. `failure` is why the source itself could not be fetched, `unchanged` whether it is as it
    was, `links` how many addresses it named.
    """

    def __init__(
        self, fetcher: "Fetcher", memory: "FetchMemory", *, now: Callable[[], datetime] | None = None
    ) -> None:
        super().__init__(fetcher, memory, conditional=True)
        self._patience = memory
        self._now = now or (lambda: datetime.now(UTC))
        self._containers: set[str] = set()
        self._unfinished: set[str] = set()
        self._failed: set[str] = set()
        self._last = ""
        self.links = 0
        self.failure: str | None = None
        self.unchanged = False

    def open(self, link: Link, reading: ReadingConfig, within: str) -> Iterator[Input | Skipped]:
        """Yield what `Web.open` does; nothing for a page that is not due."""
        self._last = link.url
        if within:
            self.links += 1
            self._containers.add(within)
            if not self._patience.is_due(link.url):
                self._hold_up(within, link.url)
                return
        opened = None
        for opened in super().open(link, reading, within):
            if isinstance(opened, Skipped):
                self._failed.add(link.url)
                if within:
                    self._hold_up(within, link.url)
                else:
                    self.failure = opened.reason
            yield opened
        if not within:
            self.unchanged = opened is None

    def gave_nothing(self, link: Link) -> None:
        """Leave a page without an article alone for a day; the source itself is asked again as usual."""
        super().gave_nothing(link)
        if self.links and link.url not in self._containers | self._failed:
            self._patience.note_failure(link.url, permanent=True)

    def acknowledge_part(self) -> None:
        """Remember the pages whose articles are stored, but nothing that is still being read."""
        still_open = {*self._containers, self._last}
        pages, entries = self._pages, self._entries
        self._pages = [page for page in pages if page.url not in still_open]
        self._entries = [entry for entry in entries if entry[1].url not in still_open]
        super().acknowledge()
        self._pages = [page for page in pages if page.url in still_open]
        self._entries = [entry for entry in entries if entry[1].url in still_open]

    def acknowledge(self, *, afresh: bool = False) -> None:
        """Remember all that was opened; a feed or sitemap only where no page of it is to be tried again."""
        self._pages = [page for page in self._pages if page.url not in self._unfinished]
        super().acknowledge(afresh=afresh)

    def _hold_up(self, within: str, url: str) -> None:
        """Have the feed asked for as a whole next time, where a page of it is to be tried again soon.

        One that is gone, or has failed for hours, is tried again when the feed changes.
        """
        page = self._patience.page(url)
        if page is None or page.next_try is None or page.next_try < _iso(self._now() + _SOON):
            self._unfinished.add(within)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
