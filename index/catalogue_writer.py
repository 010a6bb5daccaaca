"""Writing to the catalogue's file: transactions, single statements, and the log."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from index.catalogue import CATALOGUE_NAME, LOCK_WAIT_S, Catalogue, reported
from index.schema import migrate


class WritableCatalogue(Catalogue):
    """The catalogue, open for writing; used from one thread."""

    @classmethod
    def open(cls, root: Path) -> Self:
        """Open or make the catalogue at `root`, and bring its tables up to date.

        Raises:
            ArchiveDamagedError: where the file is no catalogue.
            ArchiveMismatchError: where a newer release made it.
        """
        path = root / CATALOGUE_NAME
        with reported(path):
            connection = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=LOCK_WAIT_S
            )
            try:
                _prepare(connection)
            except BaseException:
                connection.close()
                raise
        return cls(connection, path)

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[None]:
        """Commit all that is written inside, or nothing.

        `durable` waits for the disk; else a loss of power may undo the newest commits, never mix them.
        """
        with reported(self._path):
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def settle_log(self) -> None:
        """Move what was committed from SQLite's log into the file, as far as no reader needs the log.

        A reader that cannot write to the folder does not see the log.
        """
        self._all("PRAGMA wal_checkpoint(TRUNCATE)", ())

    def run(self, sql: str) -> list[Any]:
        """Run one statement without values, for the upkeep of the whole file."""
        return self._all(sql, ())

    def run_many(self, sql: str, rows: Sequence[tuple[int, ...]]) -> None:
        """Run one statement for each of many rows."""
        with reported(self._path):
            self._connection.executemany(sql, rows)


def _prepare(connection: sqlite3.Connection) -> None:
    """Set what a writer's connection needs, and migrate."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    migrate(connection)


def now() -> str:
    """Return the time as `2026-11-22T15:04:05Z`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
