"""What is remembered of earlier fetches, so that a second pass asks only for what changed."""

import logging
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from index.closing import Closes
from index.fetch.fetched import Fetched, Validators
from index.fetch.memory_file import open_memory_file, remove_memory_file

_LOGGER = logging.getLogger(__name__)
_FIRST_PAUSE_S = 300.0
_LONGEST_PAUSE_S = 24 * 3600.0
_MAX_DOUBLINGS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedPage:
    """What is known of an address: its last stored version, and failures since.

    `fetched_at` is when the stored version was last seen to be current. `next_try` is before when it
    should not be asked for again, after `failures` failures in a row. Both are ISO 8601 in UTC.
    """

    final_url: str
    validators: Validators
    fetched_at: str | None
    failures: int
    next_try: str | None


class FetchMemory(Closes):
    """A file of what was fetched and stored; safe to share between threads.

    It may be lost at any time at the cost of fetching anew: a file that is damaged, or that another
    release made, is put aside and begun again. What it holds is true of one archive only, so that it
    belongs in the archive's folder: when an archive is built anew, it is to be cleared.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime] | None = None) -> None:
        """Keep the path; the file is opened, or made, when it is first needed.

        Args:
            path: The file.
            now: Tells the time, in UTC; the system's clock by default.
        """
        self._path = path
        self._now = now or (lambda: datetime.now(UTC))
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Close the file; a later call opens it again."""
        with self._lock:
            if self._connection:
                self._connection.close()
                self._connection = None

    def page(self, url: str) -> RememberedPage | None:
        """Return what is known of an address, or None."""
        rows = self._run(
            "SELECT final_url, etag, last_modified, fetched_at, failures, next_try FROM pages WHERE url = ?",
            url,
        )
        for final_url, etag, last_modified, fetched_at, failures, next_try in rows:
            return RememberedPage(
                final_url=final_url,
                validators=Validators(etag=etag, last_modified=last_modified),
                fetched_at=fetched_at,
                failures=failures,
                next_try=next_try,
            )
        return None

    def remember(self, fetched: Fetched) -> None:
        """Record that what was fetched is stored: from now on it is asked for only if it changed.

        Call it when everything in it is stored: for a feed, after the articles of all its entries.
        """
        if fetched.unchanged:
            self._run("UPDATE pages SET fetched_at = ? WHERE url = ?", _iso(self._now()), fetched.url)
            return
        kept = fetched.validators
        self._run(
            "INSERT INTO pages (url, final_url, etag, last_modified, fetched_at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (url) DO UPDATE SET final_url = excluded.final_url, etag = excluded.etag, "
            "last_modified = excluded.last_modified, fetched_at = excluded.fetched_at",
            *(fetched.url, fetched.final_url, kept.etag, kept.last_modified, _iso(self._now())),
        )

    def clear(self) -> None:
        """Forget everything: the archive was built anew.

        A file that cannot be written is removed, since it would have articles left out that are needed.

        Raises:
            ConfigError: where it cannot be removed either.
        """
        with self._lock:
            connection = self._opened()
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("DELETE FROM pages")
                connection.execute("DELETE FROM entries")
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                _LOGGER.warning("%s: %s: it is begun anew", self._path, error)
                connection.close()
                self._connection = None
                remove_memory_file(self._path)

    def note_failure(self, url: str, *, retry_after_s: float | None = None, permanent: bool = False) -> None:
        """Record a failed fetch: the next is due after 5 minutes, doubled with each failure, up to a day.

        `retry_after_s`, what the server asked for, is waited for where it is longer; `permanent`
        failures wait the day.
        """
        counted = self._run(
            "INSERT INTO pages (url, failures) VALUES (?, 1) "
            "ON CONFLICT (url) DO UPDATE SET failures = failures + 1 RETURNING failures",
            url,
        )
        doublings = min(int(counted[0][0]) - 1 if counted else 0, _MAX_DOUBLINGS)
        pause = max(_FIRST_PAUSE_S * 2**doublings, retry_after_s or 0.0)
        pause = _LONGEST_PAUSE_S if permanent else min(pause, _LONGEST_PAUSE_S)
        self._run(
            "UPDATE pages SET next_try = ? WHERE url = ?", _iso(self._now() + timedelta(seconds=pause)), url
        )

    def note_success(self, url: str) -> None:
        """Record that a fetch succeeded: failures before it count no more."""
        self._run("UPDATE pages SET failures = 0, next_try = NULL WHERE url = ? AND failures > 0", url)

    def is_due(self, url: str) -> bool:
        """Say whether an address may be asked for now, or has failed and should be left for later."""
        known = self.page(url)
        return not (known and known.next_try and known.next_try > _iso(self._now()))

    def remember_entry(self, feed_url: str, entry_key: str, digest: str) -> None:
        """Record that the article of a feed's entry is stored.

        Args:
            feed_url: The feed.
            entry_key: What names the entry in it: its id or link.
            digest: Of what the feed says of the entry, so that a changed entry is fetched again.
        """
        self._run(
            "INSERT OR REPLACE INTO entries (feed_url, entry_key, digest, fetched_on) VALUES (?, ?, ?, ?)",
            *(feed_url, entry_key, digest, self._now().date().isoformat()),
        )

    def entry_is_known(self, feed_url: str, entry_key: str, digest: str) -> bool:
        """Say whether the article of an entry was stored, and the entry did not change since."""
        return bool(
            self._run(
                "SELECT 1 FROM entries WHERE feed_url = ? AND entry_key = ? AND digest = ?",
                *(feed_url, entry_key, digest),
            )
        )

    def _run(self, statement: str, *values: str | int) -> list[tuple[Any, ...]]:
        """Return the rows of a statement; none, and a warning, where the file fails: it is only a cache."""
        with self._lock:
            connection = self._opened()
            try:
                return connection.execute(statement, values).fetchall()
            except sqlite3.Error as error:
                _LOGGER.warning("%s: %s: what it should remember is fetched again", self._path, error)
                return []

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = open_memory_file(self._path)
        return self._connection


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
