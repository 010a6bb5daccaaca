"""The SQLite file of what sync has read: a cache, begun anew where it cannot be used."""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from index.errors import ArchiveError

SYNC_NAME = "sync.db"
"""File in the folder of an index; it may be removed at any time, at the cost of reading everything again."""

_LOGGER = logging.getLogger(__name__)
_APPLICATION_ID = 0x44534E31
_VERSION = 1
_LOCK_WAIT_S = 10.0
_SCHEMA = f"""
BEGIN IMMEDIATE;
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
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = {_VERSION};
COMMIT;
"""


class StateFile:
    """The file, open. It is only a cache: where it fails, a warning says so and nothing ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, root: Path, *, dry: bool = False) -> Self:
        """Open the file of the index at `root`, or a new one in place of one that cannot be used.

        What is written to a `dry` one is lost with it: it is a copy in memory.

        Raises:
            ArchiveError: where no file can be made.
        """
        path = root / SYNC_NAME
        return cls(_copy_in_memory(path) if dry else _open(path))

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
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _usable(path)
        except sqlite3.OperationalError:  # no permission, a full disk, a lock: the file itself may be good
            raise
        except sqlite3.DatabaseError as error:
            _put_aside(path, error)
            return _usable(path)
    except (OSError, sqlite3.Error) as error:
        raise ArchiveError(
            f"what was read cannot be noted in {str(path)!r} ({error}): check the disk and permissions"
        ) from error


def _copy_in_memory(path: Path) -> sqlite3.Connection:
    """Return a copy, empty where there is no file that can be used; the file stays as it is."""
    copy = _connect(":memory:")
    if path.is_file():
        try:
            original = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_LOCK_WAIT_S)
            try:
                original.backup(copy)
            finally:
                original.close()
            _prepare(copy)
        except sqlite3.Error as error:
            _LOGGER.warning("%s cannot be used (%s)", path, error)
            copy.close()
            copy = _connect(":memory:")
    _prepare(copy)
    return copy


def _put_aside(path: Path, error: sqlite3.DatabaseError) -> None:
    aside = path.with_name(f"{path.name}.aside")
    _LOGGER.warning("%s cannot be used (%s): it is put aside as %s", path, error, aside.name)
    path.replace(aside)
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)


def _usable(path: Path) -> sqlite3.Connection:
    connection = _connect(str(path))
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: str) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_LOCK_WAIT_S)


def _prepare(connection: sqlite3.Connection) -> None:
    (damage,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if damage != "ok":
        raise sqlite3.DatabaseError(damage)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    if tables and (application != _APPLICATION_ID or version != _VERSION):
        raise sqlite3.DatabaseError(f"it has version {version}, this release writes version {_VERSION}")
    if not tables:
        connection.executescript(_SCHEMA)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
