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
        self._clock = now or (lambda: datetime.now(UTC))
        self._last = ""
        self.links = 0
        self.failure: str | None = None
        self.unchanged = False

    def open(self, link: Link, reading: ReadingConfig, within: str) -> Iterator[Input | Skipped]:
        """Yield what `Web.open` does; nothing for a page that is not due."""
        self._last = link.url
        self.links += bool(within)
        opened = None
        for opened in super().open(link, reading, within):
            if isinstance(opened, Skipped) and not within:
                self.failure = opened.reason
            yield opened
        if not within:
            self.unchanged = opened is None

    def is_due(self, link: Link) -> bool:
        """Say whether a page may be asked for now: it did not fail lately."""
        return self._patience.is_due(link.url)

    def leave_for_later(self, link: Link, within: str) -> None:
        """Leave a page alone, without a word in each pass."""
        self.hold_up(within, link.url)

    def acknowledge_part(self) -> None:
        """Remember the pages whose articles are stored, but nothing that is still being read."""
        self.acknowledge(still_read={*self.lists, self._last})

    def hold_up(self, within: str, url: str) -> None:
        """Have the feed asked for as a whole next time, where a page of it is to be tried again soon.

        One that is gone, or has failed for hours, is tried again when the feed changes.
        """
        page = self._patience.page(url)
        if page is None or page.next_try is None or page.next_try < _iso(self._clock() + _SOON):
            super().hold_up(within, url)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
