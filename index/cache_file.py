"""SQLite files that only remember what can be found out again: begun anew where they cannot be used."""

import logging
import sqlite3
from dataclasses import dataclass
from pathlib import Path

LOCK_WAIT_S = 10.0
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheLayout:
    """What such a file holds: SQL that makes its tables, and the numbers by which it is known."""

    application_id: int
    version: int
    tables: str


def open_cache(path: Path, layout: CacheLayout) -> sqlite3.Connection:
    """Open a file, or a new one in place of one that is damaged or has another layout.

    That one is put aside. Threads may share the connection, in which nothing is a transaction by itself.

    Raises:
        OSError, sqlite3.Error: no file can be made there.
    """
    if path.is_symlink():
        raise OSError("it is a symbolic link, which is never followed: remove it")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _usable(path, layout)
    except sqlite3.OperationalError:  # no permission, a full disk, a lock: the file itself may be good
        raise
    except sqlite3.DatabaseError as error:
        _put_aside(path, error)
        return _usable(path, layout)


def copy_of_cache(path: Path, layout: CacheLayout) -> sqlite3.Connection:
    """Return a copy in memory, empty where there is no file that can be used; the file stays as it is."""
    copy = _connect(":memory:")
    if path.is_file() and not path.is_symlink():
        try:
            original = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=LOCK_WAIT_S)
            try:
                original.backup(copy)
            finally:
                original.close()
            _prepare(copy, layout)
        except sqlite3.Error as error:
            _LOGGER.warning("%s cannot be used (%s)", path, error)
            copy.close()
            copy = _connect(":memory:")
    _prepare(copy, layout)
    return copy


def _put_aside(path: Path, error: sqlite3.Error) -> None:
    aside = path.with_name(f"{path.name}.aside")
    _LOGGER.warning("%s cannot be used (%s): it is put aside as %s", path, error, aside.name)
    path.replace(aside)
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)


def _usable(path: Path, layout: CacheLayout) -> sqlite3.Connection:
    connection = _connect(str(path))
    try:
        _prepare(connection, layout)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: str) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=LOCK_WAIT_S)


def _prepare(connection: sqlite3.Connection, layout: CacheLayout) -> None:
    (damage,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if damage != "ok":
        raise sqlite3.DatabaseError(damage)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    if tables and (application, version) != (layout.application_id, layout.version):
        raise sqlite3.DatabaseError(f"it has version {version}, this release writes version {layout.version}")
    if not tables:
        connection.executescript(
            f"BEGIN IMMEDIATE;{layout.tables}"
            f"PRAGMA application_id = {layout.application_id};"
            f"PRAGMA user_version = {layout.version};COMMIT;"
        )
