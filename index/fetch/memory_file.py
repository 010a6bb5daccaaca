"""The SQLite file of what was fetched: a cache, begun anew where it cannot be used."""

import logging
import sqlite3
from pathlib import Path

from index.errors import ConfigError

_LOGGER = logging.getLogger(__name__)
_APPLICATION_ID = 0x44464D31
_VERSION = 1
_LOCK_WAIT_S = 10.0
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS pages (
    url TEXT PRIMARY KEY,
    final_url TEXT NOT NULL DEFAULT '',
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    fetched_at TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    next_try TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (
    feed_url TEXT NOT NULL,
    entry_key TEXT NOT NULL,
    digest TEXT NOT NULL,
    fetched_on TEXT NOT NULL,
    PRIMARY KEY (feed_url, entry_key)
) WITHOUT ROWID;
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = {_VERSION};
COMMIT;
"""


def open_memory_file(path: Path) -> sqlite3.Connection:
    """Open the file, or a new one in place of one that cannot be used.

    Raises:
        ConfigError: where no file can be made.
    """
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
        raise ConfigError(
            f"what was fetched cannot be remembered in {path}: {error}: name a file that can be written"
        ) from error


def _put_aside(path: Path, error: sqlite3.DatabaseError) -> None:
    aside = path.with_name(f"{path.name}.aside")
    _LOGGER.warning("%s cannot be used (%s): it is put aside as %s", path, error, aside.name)
    path.replace(aside)
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)


def _usable(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_LOCK_WAIT_S)
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


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
