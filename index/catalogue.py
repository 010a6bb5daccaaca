"""The catalogue: articles, revisions, chunks, vectors and versions in one SQLite file.

It is the index's only source of truth; all other files are derived from it. A `Catalogue` reads
and is safe to share between threads; `index.ledger.Ledger` writes.
"""

import json
import os
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.article import Article, DateOrigin
from index.checksums import is_intact
from index.errors import ArchiveDamagedError, ArchiveError, ArchiveOutdatedError
from index.schema import SCHEMA_VERSION, schema_version

CATALOGUE_NAME = "catalogue.db"
MEND = "save what is sound of it with `dateline index repair --salvage`, or build it anew"
LOCK_WAIT_S = 30.0
PARAMETERS_PER_QUERY = 500
VECTORS_PER_BLOCK = 4_096
FLOAT_BYTES = 4
CHECKED_TABLES = {
    "chunks": "row, revision_id, settings_id, ordinal, start_char, end_char, vector_id",
    "vectors": "id, embedder_id, text_hash, vector",
}
"""Tables whose rows carry a checksum: the key, and the columns that it is made of."""


_VERSION_MEMBERS = """
WITH RECURSIVE
chain (version, depth) AS (
    SELECT ?, 0
    UNION ALL
    SELECT v.parent, chain.depth + 1 FROM chain JOIN versions v ON v.version = chain.version
    WHERE v.parent IS NOT NULL),
latest AS (
    SELECT c.article_id, c.revision_id, MIN(chain.depth)
    FROM chain JOIN changes c ON c.version = chain.version GROUP BY c.article_id),
members AS (SELECT article_id, revision_id FROM latest WHERE revision_id IS NOT NULL),
past AS (
    SELECT DISTINCT h.article_id, h.revision_id
    FROM chain JOIN history h ON h.version = chain.version
    JOIN members m ON m.article_id = h.article_id AND m.revision_id <> h.revision_id
    WHERE NOT EXISTS (
        SELECT 1 FROM chain later JOIN changes gone ON gone.version = later.version
        WHERE gone.article_id = h.article_id AND gone.revision_id IS NULL AND gone.version >= h.version)),
standing AS (
    SELECT article_id, revision_id, 1 AS current FROM members
    UNION ALL SELECT article_id, revision_id, 0 FROM past)
"""
_REVISION = """
SELECT id, article_id, revision, title, text, url, source, authors, published, published_from,
    published_confidence, updated, ingested, language, section, origin, content_hash, checksum
FROM revisions WHERE id IN (*)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A stored revision: the article as it was read, and when it was stored."""

    id: int
    article_id: str
    number: int
    article: Article
    ingested: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkRow:
    """A stored chunk: a span of a revision's text."""

    row: int
    revision_id: int
    ordinal: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What is to be known of a revision of a version before its text is read.

    `current` is False for a revision that was replaced and is kept for questions about earlier days.
    """

    revision_id: int
    article_id: str
    number: int
    published: str | None
    updated: str | None
    ingested: str
    source: str
    current: bool = True


class Catalogue:
    """Reads the catalogue; every method may be called from any thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._guard = threading.Lock()

    @classmethod
    def open(cls, root: Path) -> Self:
        """Open the catalogue of the index at `root` for reading.

        Raises:
            ArchiveDamagedError: where it is missing or no catalogue.
            ArchiveMismatchError: where a newer release made it.
        """
        path = root / CATALOGUE_NAME
        if path.is_symlink() or not path.is_file():
            raise ArchiveDamagedError(f"{str(path)!r} is missing: {MEND}")
        with reported(path):
            connection = sqlite3.connect(
                _read_only(path), uri=True, check_same_thread=False, timeout=LOCK_WAIT_S
            )
            try:
                schema = schema_version(connection)
            except BaseException:
                connection.close()
                raise
        if schema < SCHEMA_VERSION:
            connection.close()
            if not schema:
                raise ArchiveDamagedError(f"{str(path)!r} holds no catalogue: {MEND}")
            raise ArchiveOutdatedError(
                f"{str(path)!r} was written by an older release: bring it up to date with "
                "`dateline index repair`"
            )
        return cls(connection, path)

    def members(self, version: int) -> list[Member]:
        """Return the revisions of a version, current and replaced ones, ordered by revision id."""
        rows = self._of_version(
            version,
            "SELECT r.id, r.article_id, r.revision, r.published, r.updated, r.ingested, r.source, s.current "
            "FROM standing s JOIN revisions r ON r.id = s.revision_id ORDER BY r.id",
        )
        return [
            Member(
                revision_id=row[0],
                article_id=row[1],
                number=row[2],
                published=row[3],
                updated=row[4],
                ingested=row[5],
                source=row[6],
                current=bool(row[7]),
            )
            for row in rows
        ]

    def membership(self, version: int) -> dict[str, int]:
        """Return the id of the current revision of each article of a version."""
        return dict(self._of_version(version, "SELECT article_id, revision_id FROM members"))

    def same_texts(self, version: int) -> dict[int, bytes]:
        """Return, for the current revisions of a version, what equal texts have in common."""
        return dict(
            self._of_version(
                version,
                "SELECT f.revision_id, f.same_text FROM members m "
                "JOIN fingerprints f ON f.revision_id = m.revision_id",
            )
        )

    def near_copies(self, version: int) -> list[tuple[int, int]]:
        """Return the pairs of current revisions of a version that are near-copies."""
        return self._of_version(
            version,
            "SELECT n.one, n.other FROM near_copies n JOIN members a ON a.revision_id = n.one "
            "JOIN members b ON b.revision_id = n.other ORDER BY n.one, n.other",
        )

    def notices(self, version: int) -> list[tuple[int, str, str, bool]]:
        """Return (revision id, kind, text, about another article) of a version's notices, in order."""
        rows = self._of_version(
            version,
            "SELECT n.revision_id, n.kind, n.text, n.about_other FROM standing s "
            "JOIN notices n ON n.revision_id = s.revision_id ORDER BY n.revision_id, n.ordinal",
        )
        return [(row[0], row[1], row[2], bool(row[3])) for row in rows]

    def raw_text(self, revision_id: int) -> str | None:
        """Return a revision's text as it stood before cleaning; None where it was not kept."""
        rows = self._all("SELECT packed FROM raw_texts WHERE revision_id = ?", (revision_id,))
        try:
            return zlib.decompress(rows[0][0]).decode("utf-8") if rows else None
        except (zlib.error, UnicodeDecodeError) as error:
            raise ArchiveDamagedError(
                f"the raw text of revision {revision_id} in {str(self._path)!r} is damaged: {MEND}"
            ) from error

    def chunk_rows(
        self, version: int, revision_ids: Sequence[int]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the chunks of those revisions under a version's settings: rows, ascending, and revisions."""
        rows = self._of_version(
            version,
            "SELECT c.row, c.revision_id FROM standing s JOIN versions v ON v.version = ? "
            "JOIN chunks c ON c.revision_id = s.revision_id AND c.settings_id = v.settings_id ORDER BY c.row",
            version,
        )
        table = np.asarray(rows, dtype=np.int64).reshape(-1, 2)
        table = table[np.isin(table[:, 1], np.asarray(revision_ids, dtype=np.int64))]
        return np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])

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

    def chunk_count(self, version: int, revision_id: int) -> int:
        """Return into how many chunks a version cuts a revision."""
        return int(
            self._one(
                "SELECT COUNT(*) FROM chunks c JOIN versions v ON v.version = ? "
                "WHERE c.revision_id = ? AND c.settings_id = v.settings_id",
                (version, revision_id),
            )
        )

    def chunk_counts(self, version: int, revision_ids: Sequence[int]) -> dict[int, int]:
        """Return into how many chunks a version cuts each of these revisions."""
        settings_id = int(self._one("SELECT settings_id FROM versions WHERE version = ?", (version,)))
        of_settings = f"AND settings_id = {settings_id} GROUP BY revision_id"
        sql = f"SELECT revision_id, COUNT(row) FROM chunks WHERE revision_id IN (*) {of_settings}"  # noqa: S608
        return dict.fromkeys(revision_ids, 0) | dict(self._in(revision_ids, sql))

    def find(self, version: int, name: str) -> list[tuple[str, int]]:
        """Return (article id, revision id) of a version's articles with this id, key, URL or origin.

        Records of one file have its path with `:number` or `#number` as their origin, what an archive
        holds has the archive's path with `!/` and its own; the path finds all of them.
        """
        rows = self._of_version(
            version,
            "SELECT m.article_id, m.revision_id FROM members m "
            "JOIN revisions r ON r.id = m.revision_id JOIN articles a ON a.id = m.article_id "
            "WHERE ? IN (a.id, a.key, r.url, r.origin) "
            "OR (substr(r.origin, 1, length(?) + 1) IN (? || ':', ? || '#') "
            "AND substr(r.origin, length(?) + 2) GLOB '[0-9]*' "
            "AND substr(r.origin, length(?) + 2) NOT GLOB '*[^0-9]*') "
            "OR substr(r.origin, 1, length(?) + 2) = ? || '!/'",
            *[name] * 8,
        )
        return [(str(a), int(b)) for a, b in rows]

    def pins(self) -> set[int]:
        """Return the versions that are kept whatever is cleared away."""
        return {int(row[0]) for row in self._all("SELECT version FROM pins", ())}

    def removal(self, article_id: str) -> tuple[int, str] | None:
        """Return the version that removed an article last, and when; None where none did."""
        rows = self._all("SELECT version, removed FROM removals WHERE article_id = ?", (article_id,))
        return (int(rows[0][0]), str(rows[0][1])) if rows else None

    def altered_rows(self) -> list[str]:
        """Return a line for each chunk and vector that is not what was stored; reads all of them."""
        found = []
        for table, columns in CHECKED_TABLES.items():
            rows = self._each(f"SELECT {columns}, checksum FROM {table}")  # noqa: S608 - fixed names
            for key, *values, checksum in rows:
                if not is_intact(values, checksum):
                    found.append(f"{table} row {key} is not what was stored")
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

    def problems(self) -> list[str]:
        """Return what SQLite's own check of the whole file finds; empty is good."""
        found = [str(row[0]) for row in self._all("PRAGMA integrity_check", ())]
        return [] if found == ["ok"] else found

    def close(self) -> None:
        """Let the file go."""
        with self._guard:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _of_version(self, version: int, sql: str, *parameters: object) -> list[Any]:
        """Run a query over the table `members` of a version."""
        return self._all(_VERSION_MEMBERS + sql, (version, *parameters))

    def _in(self, values: Sequence[int], sql: str) -> Iterator[Any]:
        """Run a query in parts, with the values for the star in its `IN (*)`."""
        for start in range(0, len(values), PARAMETERS_PER_QUERY):
            part = [int(value) for value in values[start : start + PARAMETERS_PER_QUERY]]
            yield from self._all(sql.replace("(*)", f"({','.join('?' * len(part))})"), part)

    def _all(self, sql: str, parameters: Sequence[Any]) -> list[Any]:
        with self._guard, reported(self._path):
            return self._connection.execute(sql, parameters).fetchall()

    def _each(self, sql: str) -> Iterator[Any]:
        """Yield the rows of a query over a whole table, a block at a time."""
        with self._guard, reported(self._path):
            cursor = self._connection.execute(sql)
        while True:
            with self._guard, reported(self._path):
                block = cursor.fetchmany(VECTORS_PER_BLOCK)
            if not block:
                return
            yield from block

    def _one(self, sql: str, parameters: Sequence[Any]) -> Any:
        return self._all(sql, parameters)[0][0]

    def _revision(self, row: Sequence[Any]) -> Revision:
        """Turn a row into a revision and check it against its content hash."""
        try:
            article = Article(
                key="",
                title=row[3],
                text=row[4],
                url=row[5],
                source=row[6],
                authors=tuple(json.loads(row[7])),
                published=row[8],
                published_from=DateOrigin(row[9]),
                published_confidence=row[10],
                updated=row[11],
                language=row[13],
                section=row[14],
                origin=row[15],
            )
            intact = article.content_hash == row[16] and is_intact(row[1:17], row[17])
        except (ValueError, TypeError, AttributeError):
            intact = False
        if not intact:
            raise ArchiveDamagedError(
                f"article {row[1]!r} in {str(self._path)!r} is not what was stored: {MEND}"
            )
        return Revision(id=row[0], article_id=row[1], number=row[2], article=article, ingested=row[12])


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into the project's.

    Raises:
        ArchiveDamagedError: where the file is no intact catalogue.
        ArchiveError: where it cannot be read or written just now (permissions, a full disk).
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        raise ArchiveError(
            f"cannot use {str(path)!r} ({error}): check the disk's space and permissions"
        ) from error
    except sqlite3.DatabaseError as error:
        raise ArchiveDamagedError(f"{str(path)!r} is damaged ({error}): {MEND}") from error


def _read_only(path: Path) -> str:
    """Return the address that opens the file for reading, on a read-only disk too."""
    uri = path.resolve().as_uri()
    return f"{uri}?mode=ro" if os.access(path.parent, os.W_OK) else f"{uri}?mode=ro&immutable=1"
