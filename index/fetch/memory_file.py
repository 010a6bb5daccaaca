"""The SQLite file of what was fetched: a cache, begun anew where it cannot be used."""

import sqlite3
from pathlib import Path

from index.cache_file import CacheLayout, open_cache
from index.errors import ConfigError

_LAYOUT = CacheLayout(
    application_id=0x44464D31,
    version=1,
    tables="""
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
    """,
)


def open_memory_file(path: Path) -> sqlite3.Connection:
    """Open the file, or a new one in place of one that cannot be used.

    Raises:
        ConfigError: where no file can be made.
    """
    try:
        return open_cache(path, _LAYOUT)
    except (OSError, sqlite3.Error) as error:
        raise ConfigError(
            f"what was fetched cannot be remembered in {path}: {error}: name a file that can be written"
        ) from error


def remove_memory_file(path: Path) -> None:
    """Remove the file, and what an interrupted write left of it.

    Raises:
        ConfigError: where it cannot be removed.
    """
    try:
        for name in (path.name, f"{path.name}-journal"):
            path.with_name(name).unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(
            f"what was fetched cannot be forgotten: {error}: remove {path}, or let it be written"
        ) from error
