"""The catalogue: articles, revisions, chunks, vectors and versions in one SQLite file.

It is the index's only source of truth; all other files are derived from it. A `Catalogue` reads
and is safe to share between threads; `index.ledger.Ledger` writes.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.article import article_id
from index.catalogue_file import CATALOGUE_NAME, LOCK_WAIT_S, MEND, reported
from index.checksums import is_intact, row_checksum
from index.errors import ArchiveDamagedError
from index.membership import VersionCatalogue
from index.schema import altered_tables
from index.stored import ChunkRow, Member, Revision, article_of

__all__ = [
    "CATALOGUE_NAME",
    "CHECKED_TABLES",
    "LOCK_WAIT_S",
    "MEND",
    "WHOLLY_CHECKED_TABLES",
    "Catalogue",
    "ChunkRow",
    "Member",
    "Revision",
    "reported",
]

VECTORS_PER_BLOCK = 4_096
FLOAT_BYTES = 4
CHECKED_TABLES = {
    "chunks": "row, revision_id, settings_id, ordinal, start_char, end_char, vector_id",
    "vectors": "id, embedder_id, text_hash, vector",
}
"""Tables whose rows may carry a checksum: the key, and the columns that it is made of."""

WHOLLY_CHECKED_TABLES = {
    "notices": "revision_id, ordinal, kind, text, about_other",
    "near_copies": "one, other",
    "removals": "article_id, version, removed",
    "pins": "version",
    "settings": "id, embedder_id, chunker, chunking",
    "embedders": "id, name, weights_sha256, dimension, max_tokens",
}
"""Tables whose rows all carry one, made of these columns, the key among them."""

_REVISION = """
SELECT id, article_id, revision, title, text, url, source, authors, published, published_from,
    published_confidence, updated, ingested, language, section, origin, content_hash, checksum
FROM revisions WHERE id IN (*)
"""


class Catalogue(VersionCatalogue):
    """Reads the catalogue; every method may be called from any thread."""

    def revisions(self, ids: Iterable[int]) -> dict[int, Revision]:
        """Return revisions by id.

        Raises:
            ArchiveDamagedError: where one is not what was stored (its content hash differs).
        """
        rows = self._in(sorted(set(ids)), _REVISION)
        return {row[0]: self._revision(row) for row in rows}

    def chunks(self, rows: Sequence[int]) -> dict[int, ChunkRow]:
        """Return chunks by row."""
        found = self._in(
            rows,
            "SELECT row, revision_id, settings_id, ordinal, start_char, end_char, vector_id, checksum "
            "FROM chunks WHERE row IN (*)",
        )
        chunks = {}
        for row, *values, checksum in found:
            if not is_intact(values, checksum):
                raise ArchiveDamagedError(
                    f"chunk {row} in {str(self._path)!r} is not what was stored: {MEND}"
                )
            revision_id, _, ordinal, start, end, _ = values
            chunks[row] = ChunkRow(row=row, revision_id=revision_id, ordinal=ordinal, start=start, end=end)
        return chunks

    def vectors(
        self, rows: Sequence[int], dimension: int
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """Yield (rows, vectors) in blocks; the vectors have shape (len(rows), dimension).

        Raises:
            ArchiveDamagedError: where a row has no vector of that length.
        """
        sql = (
            "SELECT c.row, v.embedder_id, v.text_hash, v.vector, v.checksum FROM chunks c "
            "JOIN vectors v ON v.id = c.vector_id WHERE c.row IN (*)"
        )
        for start in range(0, len(rows), VECTORS_PER_BLOCK):
            part = rows[start : start + VECTORS_PER_BLOCK]
            found = list(self._in(part, sql))
            sound = all(
                len(values[2]) == dimension * FLOAT_BYTES and is_intact(values, checksum)
                for _, *values, checksum in found
            )
            if len(found) != len(part) or not sound:
                raise ArchiveDamagedError(f"{str(self._path)!r} lacks vectors, or has altered ones: {MEND}")
            flat = np.frombuffer(b"".join(row[3] for row in found), dtype="<f4").astype(np.float32)
            yield np.array([row[0] for row in found], dtype=np.int64), flat.reshape(-1, dimension)

    def raw_text(self, revision_id: int) -> str | None:
        """Return a revision's text as it stood before cleaning; None where it was not kept."""
        rows = self._all("SELECT packed FROM raw_texts WHERE revision_id = ?", (revision_id,))
        try:
            return zlib.decompress(rows[0][0]).decode("utf-8") if rows else None
        except (zlib.error, UnicodeDecodeError) as error:
            raise ArchiveDamagedError(
                f"the raw text of revision {revision_id} in {str(self._path)!r} is damaged: {MEND}"
            ) from error

    def altered_rows(self) -> list[str]:
        """Return a line for each row of a table with checksums that is not what was stored; reads all."""
        found = []
        for table, columns in CHECKED_TABLES.items():
            rows = self._each(f"SELECT {columns}, checksum FROM {table}")  # noqa: S608 - fixed names
            for key, *values, checksum in rows:
                if not is_intact(values, checksum):
                    found.append(f"{table} row {key} is not what was stored")
        for table, columns in WHOLLY_CHECKED_TABLES.items():
            rows = self._each(f"SELECT {columns}, checksum FROM {table}")  # noqa: S608 - fixed names
            for *values, checksum in rows:
                if row_checksum(values) != checksum:
                    found.append(f"{table} row {values[0]!r} is not what was stored")
        return found

    def altered_revisions(self) -> list[str]:
        """Return a line for each article revision that is not what was stored; reads all of them."""
        found = []
        for (revision_id,) in self._all("SELECT id FROM revisions ORDER BY id", ()):
            try:
                self.revisions([revision_id])
            except ArchiveDamagedError as error:
                found.append(str(error))
        return found

    def altered_articles(self) -> list[str]:
        """Return a line for each article whose id does not come from its key; reads all of them."""
        rows = self._each("SELECT id, key FROM articles")
        return [
            f"the key of article {name!r} is not what was stored"
            for name, key in rows
            if article_id(key) != name
        ]

    def altered_raw_texts(self) -> list[str]:
        """Return a line for each raw text that cannot be read; reads all of them."""
        found = []
        for (revision_id,) in self._all("SELECT revision_id FROM raw_texts", ()):
            try:
                self.raw_text(revision_id)
            except ArchiveDamagedError as error:
                found.append(str(error))
        return found

    def problems(self) -> list[str]:
        """Return what SQLite's own check of the whole file finds, and altered tables; empty is good."""
        found = [str(row[0]) for row in self._all("PRAGMA integrity_check", ())]
        return altered_tables(self._connection) if found == ["ok"] else found

    def _revision(self, row: Sequence[Any]) -> Revision:
        """Turn a row into a revision and check it against its content hash."""
        article = article_of(row)
        if article is None:
            raise ArchiveDamagedError(
                f"article {row[1]!r} in {str(self._path)!r} is not what was stored: {MEND}"
            )
        return Revision(id=row[0], article_id=row[1], number=row[2], article=article, ingested=row[12])
