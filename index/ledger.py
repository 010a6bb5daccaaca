"""Writing to the catalogue. Only the process that holds the writer's lock makes a `Ledger`."""

import json
import sqlite3
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.article import Article
from index.catalogue import CATALOGUE_NAME, LOCK_WAIT_S, Catalogue, reported
from index.checksums import row_checksum
from index.chunking import CHUNKER_REVISION
from index.config import ChunkingConfig
from index.corrections import find_notices
from index.embedding import EmbedderInfo
from index.lineage import Dates, settle
from index.schema import migrate

RAW_COMPRESSION = 6


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
        values = (
            article_id,
            self._one(
                "SELECT COALESCE(MAX(revision), 0) + 1 FROM revisions WHERE article_id = ?", (article_id,)
            ),
            article.title,
            article.text,
            article.url,
            article.source,
            json.dumps(article.authors),
            article.published,
            article.published_from.value,
            float(article.published_confidence),
            article.updated,
            now(),
            article.language,
            article.section,
            article.origin,
            content_hash,
        )
        cursor = self._connection.execute(
            "INSERT INTO revisions (article_id, revision, title, text, url, source, authors, published, "
            "published_from, published_confidence, updated, ingested, language, section, origin, "
            "content_hash, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, row_checksum(values)),
        )
        revision_id = int(cursor.lastrowid or 0)
        self._describe(revision_id, article)
        return revision_id

    def _describe(self, revision_id: int, article: Article) -> None:
        """Keep what stands beside a new revision: its text before cleaning, and its notices."""
        if article.raw and article.raw != article.text:
            packed = zlib.compress(article.raw.encode("utf-8"), RAW_COMPRESSION)
            self._connection.execute("INSERT INTO raw_texts VALUES (?, ?)", (revision_id, packed))
        notices = find_notices(article.title, article.raw or article.text)
        self._connection.executemany(
            "INSERT INTO notices (revision_id, ordinal, kind, text, about_other) VALUES (?, ?, ?, ?, ?)",
            [
                (revision_id, number, notice.kind.value, notice.text, notice.about_other)
                for number, notice in enumerate(notices)
            ],
        )

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
            values = (embedder_id, text_hash, np.ascontiguousarray(vector, dtype="<f4").tobytes())
            cursor = self._connection.execute(
                "INSERT INTO vectors (embedder_id, text_hash, vector, checksum) VALUES (?, ?, ?, ?)",
                (*values, row_checksum(values)),
            )
            ids[text_hash] = int(cursor.lastrowid or 0)
        return ids

    def add_chunks(self, revision_id: int, settings_id: int, spans: Sequence[tuple[int, int, int]]) -> None:
        """Store a revision's chunks: (start, end, vector id) in reading order."""
        self._connection.executemany(
            "INSERT INTO chunks (revision_id, settings_id, ordinal, start_char, end_char, vector_id, "
            "checksum) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (*values, row_checksum(values))
                for number, span in enumerate(spans)
                for values in [(revision_id, settings_id, number, *span)]
            ],
        )

    def forget_fingerprints(self, *, except_by: int) -> None:
        """Drop the fingerprints, and what was found by them, that another revision of the method made."""
        with self.transaction():
            if self._all("SELECT 1 FROM fingerprints WHERE made_by <> ? LIMIT 1", (except_by,)):
                for table in ("near_copies", "bands", "fingerprints"):
                    self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - three fixed names

    def without_fingerprint(self, revision_ids: Sequence[int]) -> list[int]:
        """Return those of the revisions that have no fingerprint, ascending."""
        sql = "SELECT revision_id FROM fingerprints WHERE revision_id IN (*)"
        known = {row[0] for row in self._in(revision_ids, sql)}
        return sorted(set(revision_ids) - known)

    def add_fingerprint(self, revision_id: int, made_by: int, same_text: bytes, bands: Sequence[int]) -> None:
        """Store what tells copies of a revision's text."""
        self._connection.execute(
            "INSERT INTO fingerprints (revision_id, made_by, same_text) VALUES (?, ?, ?)",
            (revision_id, made_by, same_text),
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO bands (band, revision_id) VALUES (?, ?)",
            [(band, revision_id) for band in bands],
        )

    def bands(self, revision_ids: Sequence[int]) -> dict[int, list[int]]:
        """Return the bands of each revision's fingerprint."""
        found: dict[int, list[int]] = {revision_id: [] for revision_id in revision_ids}
        sql = "SELECT revision_id, band FROM bands WHERE revision_id IN (*)"
        for revision_id, band in self._in(revision_ids, sql):
            found[revision_id].append(band)
        return found

    def sharing(self, bands: Sequence[int], *, at_most: int) -> list[int]:
        """Return the revisions that share a band which `at_most` so many hold, those sharing most first."""
        held: dict[int, list[int]] = defaultdict(list)
        for band, revision_id in self._in(bands, "SELECT band, revision_id FROM bands WHERE band IN (*)"):
            held[band].append(revision_id)
        found = Counter(
            revision_id for holders in held.values() if len(holders) <= at_most for revision_id in holders
        )
        return sorted(found, key=lambda revision_id: (-found[revision_id], revision_id))

    def add_near_copies(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Store pairs of near-copies, the lower revision id first."""
        self._connection.executemany("INSERT OR IGNORE INTO near_copies (one, other) VALUES (?, ?)", pairs)

    def settle(
        self, taken: Mapping[str, Sequence[int]], *, parent: int | None
    ) -> tuple[dict[str, int], dict[str, list[int]]]:
        """Return which revision of each article is current now, and those that newly stand before it.

        `taken` are the revisions that were read, in order, of each article; with a `parent` version
        the revisions that it has of the same articles count too.
        """
        standing = [m for m in self.members(parent) if m.article_id in taken] if parent else []
        known = {(member.article_id, member.revision_id) for member in standing}
        past = {(member.article_id, member.revision_id) for member in standing if not member.current}
        known |= {(article_id, one) for article_id, read in taken.items() for one in read}
        dates = self._dates(known)
        current: dict[str, int] = {}
        history: dict[str, list[int]] = {}
        for article_id, read in taken.items():
            current[article_id], before = settle(dates[article_id], read[-1])
            new = [revision for revision in before if (article_id, revision) not in past]
            if new:
                history[article_id] = new
        return current, history

    def _dates(self, revisions: Collection[tuple[str, int]]) -> dict[str, list[Dates]]:
        found: dict[str, list[Dates]] = {article_id: [] for article_id, _ in revisions}
        sql = "SELECT article_id, id, revision, published, updated, ingested FROM revisions WHERE id IN (*)"
        for article_id, revision_id, number, *fields in self._in(sorted(one for _, one in revisions), sql):
            published, updated, ingested = fields
            found[article_id].append(
                Dates(
                    revision_id=revision_id,
                    number=number,
                    published=published,
                    updated=updated,
                    ingested=ingested,
                )
            )
        return found

    def draft_version(
        self,
        number: int,
        parent: int | None,
        mode: str,
        settings_id: int,
        changes: dict[str, int | None],
        history: dict[str, list[int]],
    ) -> None:
        """Record a version that is not published yet: what changes against `parent` (None: everything).

        `history` are revisions that stood before the current one of their article.
        """
        self._connection.execute(
            "INSERT INTO versions (version, parent, mode, settings_id, created) VALUES (?, ?, ?, ?, ?)",
            (number, parent, mode, settings_id, now()),
        )
        self.add_changes(number, changes)
        self.add_history(number, [(key, one) for key, past in history.items() for one in past])

    def add_changes(self, number: int, changes: Mapping[str, int | None]) -> None:
        """Record the current revisions of a version; None for an article that it has not any more."""
        self._connection.executemany(
            "INSERT INTO changes (version, article_id, revision_id) VALUES (?, ?, ?)",
            [(number, article_id, revision_id) for article_id, revision_id in changes.items()],
        )

    def add_history(self, number: int, past: Sequence[tuple[str, int]]) -> None:
        """Record (article id, revision id) of what stood before the current revisions of a version."""
        self._connection.executemany(
            "INSERT INTO history (version, article_id, revision_id) VALUES (?, ?, ?)",
            [(number, article_id, revision_id) for article_id, revision_id in past],
        )

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

    def mark_published(self, number: int) -> None:
        """Record that `CURRENT` has named the version."""
        self._connection.execute("UPDATE versions SET published = 1 WHERE version = ?", (number,))

    def drop_draft(self, number: int) -> None:
        """Forget a version that was never published."""
        self._connection.execute("DELETE FROM changes WHERE version = ?", (number,))
        self._connection.execute("DELETE FROM history WHERE version = ?", (number,))
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

    def settings_of(self, number: int) -> tuple[int, EmbedderInfo, ChunkingConfig]:
        """Return (settings id, embedding model, chunking) of a version."""
        settings_id, chunking, *embedder = self._all(
            "SELECT s.id, s.chunking, e.name, e.weights_sha256, e.dimension, e.max_tokens FROM versions v "
            "JOIN settings s ON s.id = v.settings_id JOIN embedders e ON e.id = s.embedder_id "
            "WHERE v.version = ?",
            (number,),
        )[0]
        name, weights, dimension, max_tokens = embedder
        info = EmbedderInfo(name=name, weights_sha256=weights, dimension=dimension, max_tokens=max_tokens)
        return int(settings_id), info, ChunkingConfig.model_validate_json(chunking)

    def published(self) -> set[int]:
        """Return the versions that were published and are still known."""
        return {int(row[0]) for row in self._all("SELECT version FROM versions WHERE published = 1", ())}

    def note_removals(self, article_ids: Iterable[str], version: int) -> None:
        """Record that articles were removed, so that their ids stay known."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO removals (article_id, version, removed) VALUES (?, ?, ?)",
            [(article_id, version, now()) for article_id in article_ids],
        )

    def pin(self, number: int, *, pinned: bool) -> None:
        """Keep a version whatever is cleared away, or no longer."""
        sql = (
            "INSERT OR IGNORE INTO pins (version) VALUES (?)"
            if pinned
            else "DELETE FROM pins WHERE version = ?"
        )
        self._connection.execute(sql, (number,))


def _prepare(connection: sqlite3.Connection) -> None:
    """Set what a writer's connection needs, and migrate."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    migrate(connection)


def now() -> str:
    """Return the time as `2026-11-22T15:04:05Z`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
