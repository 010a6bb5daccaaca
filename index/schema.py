"""The catalogue's tables, as numbered migrations: an older catalogue is brought up to date on writing.

A released migration never changes; a new need is a new migration at the end.
"""

import contextlib
import sqlite3

from index.checksums import register_checksum
from index.errors import ArchiveMismatchError

_FIRST = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE revisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL REFERENCES articles (id),
    revision INTEGER NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    url TEXT NOT NULL,
    source TEXT NOT NULL,
    authors TEXT NOT NULL,
    published TEXT,
    published_from TEXT NOT NULL,
    updated TEXT,
    ingested TEXT NOT NULL,
    language TEXT NOT NULL,
    origin TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    UNIQUE (article_id, revision),
    UNIQUE (article_id, content_hash)
);

CREATE TABLE embedders (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    weights_sha256 TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    max_tokens INTEGER NOT NULL,
    UNIQUE (name, weights_sha256, dimension, max_tokens)
);

CREATE TABLE settings (
    id INTEGER PRIMARY KEY,
    embedder_id INTEGER NOT NULL REFERENCES embedders (id),
    chunker INTEGER NOT NULL,
    chunking TEXT NOT NULL,
    UNIQUE (embedder_id, chunker, chunking)
);

CREATE TABLE vectors (
    id INTEGER PRIMARY KEY,
    embedder_id INTEGER NOT NULL REFERENCES embedders (id),
    text_hash BLOB NOT NULL,
    vector BLOB NOT NULL,
    UNIQUE (embedder_id, text_hash)
);

CREATE TABLE chunks (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    revision_id INTEGER NOT NULL REFERENCES revisions (id),
    settings_id INTEGER NOT NULL REFERENCES settings (id),
    ordinal INTEGER NOT NULL,
    start_char INTEGER NOT NULL,
    end_char INTEGER NOT NULL,
    vector_id INTEGER NOT NULL REFERENCES vectors (id),
    UNIQUE (revision_id, settings_id, ordinal)
);

CREATE TABLE versions (
    version INTEGER PRIMARY KEY,
    parent INTEGER REFERENCES versions (version),
    mode TEXT NOT NULL,
    settings_id INTEGER NOT NULL REFERENCES settings (id),
    created TEXT NOT NULL,
    published INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE changes (
    version INTEGER NOT NULL REFERENCES versions (version),
    article_id TEXT NOT NULL REFERENCES articles (id),
    revision_id INTEGER REFERENCES revisions (id),
    PRIMARY KEY (version, article_id)
) WITHOUT ROWID;
"""

_SECOND = """
ALTER TABLE revisions ADD COLUMN published_confidence REAL NOT NULL DEFAULT 0;
ALTER TABLE revisions ADD COLUMN section TEXT NOT NULL DEFAULT '';
ALTER TABLE revisions ADD COLUMN checksum INTEGER;
ALTER TABLE chunks ADD COLUMN checksum INTEGER;
ALTER TABLE vectors ADD COLUMN checksum INTEGER;

CREATE TABLE raw_texts (
    revision_id INTEGER PRIMARY KEY REFERENCES revisions (id),
    packed BLOB NOT NULL
);

CREATE TABLE notices (
    revision_id INTEGER NOT NULL REFERENCES revisions (id),
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    about_other INTEGER NOT NULL,
    PRIMARY KEY (revision_id, ordinal)
) WITHOUT ROWID;

CREATE TABLE fingerprints (
    revision_id INTEGER PRIMARY KEY REFERENCES revisions (id),
    made_by INTEGER NOT NULL,
    same_text BLOB NOT NULL
);

CREATE TABLE bands (
    band INTEGER NOT NULL,
    revision_id INTEGER NOT NULL REFERENCES revisions (id),
    PRIMARY KEY (band, revision_id)
) WITHOUT ROWID;
CREATE INDEX bands_of_revision ON bands (revision_id);

CREATE TABLE near_copies (
    one INTEGER NOT NULL REFERENCES revisions (id),
    other INTEGER NOT NULL REFERENCES revisions (id),
    PRIMARY KEY (one, other)
) WITHOUT ROWID;

CREATE TABLE pins (
    version INTEGER PRIMARY KEY
);

CREATE TABLE removals (
    article_id TEXT PRIMARY KEY REFERENCES articles (id),
    version INTEGER NOT NULL,
    removed TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE history (
    version INTEGER NOT NULL REFERENCES versions (version),
    revision_id INTEGER NOT NULL REFERENCES revisions (id),
    article_id TEXT NOT NULL REFERENCES articles (id),
    PRIMARY KEY (version, revision_id)
) WITHOUT ROWID;
"""

_THIRD = """
CREATE INDEX changes_of_article ON changes (article_id, version);
CREATE INDEX history_of_article ON history (article_id, version);
CREATE INDEX fingerprints_of_text ON fingerprints (same_text);
CREATE INDEX articles_of_key ON articles (key);
CREATE INDEX revisions_of_url ON revisions (url);
CREATE INDEX revisions_of_origin ON revisions (origin);
"""
"""So that a change looks at what it changes, and at nothing else."""

_FOURTH = """
ALTER TABLE notices ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE near_copies ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE removals ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pins ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE settings ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE embedders ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
UPDATE notices SET checksum = row_checksum(revision_id, ordinal, kind, text, about_other);
UPDATE near_copies SET checksum = row_checksum(one, other);
UPDATE removals SET checksum = row_checksum(article_id, version, removed);
UPDATE pins SET checksum = row_checksum(version);
UPDATE settings SET checksum = row_checksum(id, embedder_id, chunker, chunking);
UPDATE embedders SET checksum = row_checksum(id, name, weights_sha256, dimension, max_tokens);
"""
"""So that a flipped bit is found beside texts and vectors too; every row has a checksum, the key included."""

MIGRATIONS = (_FIRST, _SECOND, _THIRD, _FOURTH)
SCHEMA_VERSION = len(MIGRATIONS)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the catalogue to `SCHEMA_VERSION`, each step in a transaction of its own.

    Raises:
        ArchiveMismatchError: where a newer release made it.
    """
    register_checksum(connection)
    for number in range(schema_version(connection) + 1, SCHEMA_VERSION + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE;{MIGRATIONS[number - 1]};PRAGMA user_version = {number};COMMIT;"
        )


def schema_version(connection: sqlite3.Connection) -> int:
    """Return the number of the catalogue's last migration; 0 for a new file.

    Raises:
        ArchiveMismatchError: where this release does not know that number.
    """
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found > SCHEMA_VERSION:
        raise ArchiveMismatchError(
            f"the catalogue has schema {found} and this release reads up to {SCHEMA_VERSION}: "
            "upgrade Dateline, or build the index anew in another folder"
        )
    return found


def altered_tables(connection: sqlite3.Connection) -> list[str]:
    """Return a line for each table whose columns are not those of `SCHEMA_VERSION`."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        migrate(model)
        names = [row[0] for row in model.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [
            f"the table {name} has other columns than were made"
            for name in names
            if _columns(connection, name) != _columns(model, name)
        ]


def _columns(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return connection.execute(f"PRAGMA table_info({table})").fetchall()
