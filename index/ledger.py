"""Writing to the catalogue. Only the process that holds the writer's lock makes a `Ledger`."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.article import Article
from index.catalogue import CATALOGUE_NAME, LOCK_WAIT_S, Catalogue, reported
from index.chunking import CHUNKER_REVISION
from index.config import ChunkingConfig
from index.embedding import EmbedderInfo
from index.schema import migrate

VERSION_WIDTH = 6


class Ledger(Catalogue):
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

    def settings(self, info: EmbedderInfo, chunking: ChunkingConfig) -> tuple[int, int]:
        """Return (settings id, embedder id) for what a build is made with, stored where they are new."""
        identity = (info.name, info.weights_sha256, info.dimension, info.max_tokens)
        self._connection.execute(
            "INSERT OR IGNORE INTO embedders (name, weights_sha256, dimension, max_tokens) "
            "VALUES (?, ?, ?, ?)",
            identity,
        )
        embedder_id = self._one(
            "SELECT id FROM embedders "
            "WHERE name = ? AND weights_sha256 = ? AND dimension = ? AND max_tokens = ?",
            identity,
        )
        key = (embedder_id, CHUNKER_REVISION, json.dumps(chunking.model_dump(mode="json"), sort_keys=True))
        self._connection.execute(
            "INSERT OR IGNORE INTO settings (embedder_id, chunker, chunking) VALUES (?, ?, ?)", key
        )
        settings_id = self._one(
            "SELECT id FROM settings WHERE embedder_id = ? AND chunker = ? AND chunking = ?", key
        )
        return int(settings_id), int(embedder_id)

    def store(self, article_id: str, article: Article) -> int:
        """Return the revision id of an article's content, stored as the next revision where it is new."""
        content_hash = article.content_hash
        known = self._all(
            "SELECT id FROM revisions WHERE article_id = ? AND content_hash = ?", (article_id, content_hash)
        )
        if known:
            return int(known[0][0])
        self._connection.execute(
            "INSERT OR IGNORE INTO articles (id, key) VALUES (?, ?)", (article_id, article.key)
        )
        cursor = self._connection.execute(
            "INSERT INTO revisions (article_id, revision, title, text, url, source, authors, published, "
            "published_from, updated, ingested, language, origin, content_hash) "
            "SELECT ?, COALESCE(MAX(revision), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? "
            "FROM revisions WHERE article_id = ?",
            (
                article_id,
                article.title,
                article.text,
                article.url,
                article.source,
                json.dumps(article.authors),
                article.published,
                article.published_from.value,
                article.updated,
                now(),
                article.language,
                article.origin,
                content_hash,
                article_id,
            ),
        )
        return int(cursor.lastrowid or 0)

    def uncut(self, revision_ids: Sequence[int], settings_id: int) -> list[int]:
        """Return those of the revisions that have no chunks under these settings, in the order given."""
        cut = set()
        for revision_id in revision_ids:
            if self._all(
                "SELECT 1 FROM chunks WHERE revision_id = ? AND settings_id = ? LIMIT 1",
                (revision_id, settings_id),
            ):
                cut.add(revision_id)
        return [revision_id for revision_id in dict.fromkeys(revision_ids) if revision_id not in cut]

    def count_chunks(self, revision_ids: Collection[int], settings_id: int) -> int:
        """Return how many chunks these revisions have under these settings."""
        return sum(
            self._one(
                "SELECT COUNT(*) FROM chunks WHERE revision_id = ? AND settings_id = ?", (i, settings_id)
            )
            for i in revision_ids
        )

    def known_vectors(self, embedder_id: int, hashes: Iterable[bytes]) -> dict[bytes, int]:
        """Return the vector ids of those texts that were embedded before."""
        found = {}
        for text_hash in hashes:
            row = self._all(
                "SELECT id FROM vectors WHERE embedder_id = ? AND text_hash = ?", (embedder_id, text_hash)
            )
            if row:
                found[text_hash] = int(row[0][0])
        return found

    def add_vectors(
        self, embedder_id: int, hashes: Sequence[bytes], vectors: NDArray[np.float32]
    ) -> dict[bytes, int]:
        """Store new vectors and return the id of each."""
        ids = {}
        for text_hash, vector in zip(hashes, vectors, strict=True):
            cursor = self._connection.execute(
                "INSERT INTO vectors (embedder_id, text_hash, vector) VALUES (?, ?, ?)",
                (embedder_id, text_hash, np.ascontiguousarray(vector, dtype="<f4").tobytes()),
            )
            ids[text_hash] = int(cursor.lastrowid or 0)
        return ids

    def add_chunks(self, revision_id: int, settings_id: int, spans: Sequence[tuple[int, int, int]]) -> None:
        """Store a revision's chunks: (start, end, vector id) in reading order."""
        self._connection.executemany(
            "INSERT INTO chunks (revision_id, settings_id, ordinal, start_char, end_char, vector_id) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [(revision_id, settings_id, number, *span) for number, span in enumerate(spans)],
        )

    def draft_version(
        self, number: int, parent: int | None, mode: str, settings_id: int, changes: dict[str, int | None]
    ) -> None:
        """Record a version that is not published yet: what changes against `parent` (None: everything)."""
        self._connection.execute(
            "INSERT INTO versions (version, parent, mode, settings_id, created) VALUES (?, ?, ?, ?, ?)",
            (number, parent, mode, settings_id, now()),
        )
        self._connection.executemany(
            "INSERT INTO changes (version, article_id, revision_id) VALUES (?, ?, ?)",
            [(number, article_id, revision_id) for article_id, revision_id in changes.items()],
        )

    def mark_published(self, number: int) -> None:
        """Record that `CURRENT` has named the version."""
        self._connection.execute("UPDATE versions SET published = 1 WHERE version = ?", (number,))

    def drop_draft(self, number: int) -> None:
        """Forget a version that was never published."""
        self._connection.execute("DELETE FROM changes WHERE version = ?", (number,))
        self._connection.execute("DELETE FROM versions WHERE version = ? AND published = 0", (number,))

    def drafts(self) -> list[int]:
        """Return the versions that were recorded and not marked as published."""
        return [int(row[0]) for row in self._all("SELECT version FROM versions WHERE published = 0", ())]

    def newest_version(self) -> int:
        """Return the highest version number that was ever recorded; 0 for none."""
        return int(self._one("SELECT COALESCE(MAX(version), 0) FROM versions", ()))

    def version_settings(self, number: int) -> int | None:
        """Return the settings id of a version; None where the catalogue does not know it."""
        rows = self._all("SELECT settings_id FROM versions WHERE version = ?", (number,))
        return int(rows[0][0]) if rows else None


def _prepare(connection: sqlite3.Connection) -> None:
    """Set what a writer's connection needs, and migrate."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    migrate(connection)


def now() -> str:
    """Return the time as `2026-11-22T15:04:05Z`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
