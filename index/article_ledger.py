"""Writing articles into the catalogue: revisions, how they are cut, and the vectors of the pieces."""

import json
import zlib
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.article import Article
from index.catalogue import WHOLLY_CHECKED_TABLES
from index.catalogue_writer import WritableCatalogue, now
from index.checksums import row_checksum
from index.chunking import CHUNKER_REVISION
from index.config import ChunkingConfig
from index.corrections import find_notices
from index.embedding import EmbedderInfo

RAW_COMPRESSION = 6


class ArticleLedger(WritableCatalogue):
    """Stores what articles are made of; nothing stored is ever altered."""

    def settings(self, info: EmbedderInfo, chunking: ChunkingConfig) -> tuple[int, int]:
        """Return (settings id, embedder id) for what a build is made with, stored where they are new."""
        identity = (info.name, info.weights_sha256, info.dimension, info.max_tokens)
        embedder_id = self._id_of("embedders", identity)
        key = (embedder_id, CHUNKER_REVISION, json.dumps(chunking.model_dump(mode="json"), sort_keys=True))
        return self._id_of("settings", key), embedder_id

    def _id_of(self, table: str, values: tuple[object, ...]) -> int:
        """Return the id of the row with these values, stored under the next id where there is none."""
        names = WHOLLY_CHECKED_TABLES[table]
        alike = " AND ".join(f"{column} = ?" for column in names.split(", ")[1:])
        sql = f"SELECT {names}, checksum FROM {table} WHERE {alike}"  # noqa: S608 - fixed names
        for row_id, *_ in self._sound(table, self._all(sql, values)):
            return int(row_id)
        new = int(self._one(f"SELECT COALESCE(MAX(id), 0) + 1 FROM {table}", ()))  # noqa: S608
        marks = ", ".join("?" * (len(values) + 2))
        self._all(
            f"INSERT INTO {table} ({names}, checksum) VALUES ({marks})",  # noqa: S608 - fixed names
            (new, *values, row_checksum((new, *values))),
        )
        return new

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
            "INSERT INTO notices (revision_id, ordinal, kind, text, about_other, checksum) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [
                (*values, row_checksum(values))
                for number, notice in enumerate(notices)
                for values in [(revision_id, number, notice.kind.value, notice.text, int(notice.about_other))]
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
