"""The SQLite file of what sync has read: a cache, begun anew where it cannot be used."""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from index.cache_file import CacheLayout, copy_of_cache, open_cache
from index.errors import ArchiveError

SYNC_NAME = "sync.db"
"""File in the folder of an index; it may be removed at any time, at the cost of reading everything again."""

_LOGGER = logging.getLogger(__name__)
_LAYOUT = CacheLayout(
    application_id=0x44534E31,
    version=2,
    tables="""
    CREATE TABLE followed (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        version INTEGER NOT NULL,
        created TEXT NOT NULL
    );
    CREATE TABLE failures (
        source BLOB PRIMARY KEY,
        failures INTEGER NOT NULL,
        reason TEXT NOT NULL,
        next_try TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE swept (source BLOB PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE files (
        id INTEGER PRIMARY KEY,
        source BLOB NOT NULL,
        path BLOB NOT NULL,
        size INTEGER NOT NULL DEFAULT -1,
        mtime_ns INTEGER NOT NULL DEFAULT -1,
        inode INTEGER NOT NULL DEFAULT -1,
        digest BLOB NOT NULL DEFAULT x'',
        read_with TEXT NOT NULL DEFAULT '',
        whole INTEGER NOT NULL DEFAULT 0,
        missing INTEGER NOT NULL DEFAULT 0,
        articles INTEGER NOT NULL DEFAULT 0,
        skips INTEGER NOT NULL DEFAULT 0,
        reasons TEXT NOT NULL DEFAULT '[]',
        version INTEGER NOT NULL,
        UNIQUE (source, path)
    );
    CREATE TABLE given (
        file INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
        article_id TEXT NOT NULL,
        reading INTEGER NOT NULL,
        stale INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (file, article_id)
    ) WITHOUT ROWID;
    CREATE INDEX given_by_article ON given (article_id);
    """,
)


class StateFile:
    """The file, open. It is only a cache: where it fails, a warning says so and nothing ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, root: Path, *, dry: bool = False, name: str = SYNC_NAME) -> Self:
        """Open the file of the index at `root`, or a new one in place of one that cannot be used.

        What is written to a `dry` one is lost with it: it is a copy in memory.

        Raises:
            ArchiveError: where no file can be made.
        """
        path = root / name
        connection = copy_of_cache(path, _LAYOUT) if dry else _open(path)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        return cls(connection)

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def run(self, statement: str, *values: Any) -> Sequence[Any]:
        """Return the rows of a statement; none where the file fails outside of `atomically`."""
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                raise
            _LOGGER.warning("what was read before cannot be told (%s): it is read again", error)
            return []

    def atomically(self, write: Callable[[], None]) -> None:
        """Write everything that `write` runs, or nothing where the file fails."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                write()
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            _LOGGER.warning("what was read cannot be noted (%s): it will be read again", error)


def _open(path: Path) -> sqlite3.Connection:
    try:
        return open_cache(path, _LAYOUT)
    except (OSError, sqlite3.Error) as error:
        raise ArchiveError(
            f"what was read cannot be noted in {str(path)!r} ({error}): check the disk and permissions"
        ) from error
