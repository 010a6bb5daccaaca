"""Which sources failed, and when they are to be tried again."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from index.sync.report import Failure
from index.sync.source import Source
from index.sync.state_file import StateFile

if TYPE_CHECKING:
    from index.fetch import FetchMemory

_FIRST_PAUSE_S = 60.0
_LONGEST_PAUSE_S = 3600.0
_MAX_DOUBLINGS = 6


class Waiting:
    """Remembers failures in the state's file; those of addresses are in the fetch memory too."""

    def __init__(
        self,
        file: StateFile,
        memory: "FetchMemory | None" = None,
        *,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._file = file
        self._memory = memory
        self._now = now or (lambda: datetime.now(UTC))

    def earlier(self, source: Source) -> Failure | None:
        """Return the failure that an address waits after; what is on the disk is looked at every time."""
        if not source.is_address:
            return None
        known = self._file.run(
            "SELECT reason, next_try FROM failures WHERE source = ?", os.fsencode(source.place)
        )
        for reason, next_try in known:
            if next_try > _iso(self._now()):
                return Failure(reason=reason, next_try=next_try, tried=False)
        next_try = self._fetch_due(source)
        return (
            Failure(reason="could not be fetched before", next_try=next_try, tried=False)
            if next_try
            else None
        )

    def failed(self, source: Source, reason: str) -> Failure:
        """Note a failure.

        The source is to be tried again after a minute, doubled with each failure, up to an hour; an
        address that could not be fetched when the fetch memory says so.
        """
        key = os.fsencode(source.place)
        rows = self._file.run("SELECT failures FROM failures WHERE source = ?", key)
        failures = int(rows[0][0]) if rows else 0
        pause = min(_FIRST_PAUSE_S * 2 ** min(failures, _MAX_DOUBLINGS), _LONGEST_PAUSE_S)
        next_try = self._fetch_due(source) or _iso(self._now() + timedelta(seconds=pause))
        self._file.run(
            "INSERT OR REPLACE INTO failures (source, failures, reason, next_try) VALUES (?, ?, ?, ?)",
            *(key, failures + 1, reason, next_try),
        )
        return Failure(reason=reason, next_try=next_try)

    def succeeded(self, source: Source) -> None:
        """Note that a source was read: earlier failures count no more."""
        self._file.run("DELETE FROM failures WHERE source = ?", os.fsencode(source.place))

    def _fetch_due(self, source: Source) -> str | None:
        """Return when an address may be fetched again, None where it may now."""
        if self._memory is None or not source.is_address or self._memory.is_due(source.place):
            return None
        page = self._memory.page(source.place)
        return page.next_try if page else None


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
