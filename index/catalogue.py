"""The catalogue: articles, revisions, chunks, vectors and versions in one SQLite file.

It is the index's only source of truth; all other files are derived from it. A `Catalogue` reads
and is safe to share between threads; `index.ledger.Ledger` writes.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.article import Article, DateOrigin
from index.errors import ArchiveDamagedError, ArchiveError
from index.schema import schema_version

CATALOGUE_NAME = "catalogue.db"
MEND = "check it with `dateline index verify`, and build it anew with `dateline index build SOURCE...`"
LOCK_WAIT_S = 30.0
PARAMETERS_PER_QUERY = 500
VECTORS_PER_BLOCK = 4_096
FLOAT_BYTES = 4

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
members AS (SELECT article_id, revision_id FROM latest WHERE revision_id IS NOT NULL)
"""
_REVISION = """
SELECT id, article_id, revision, title, text, url, source, authors, published, published_from, updated,
    ingested, language, origin, content_hash
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
    """What a search needs to know of an article of a version."""

    revision_id: int
    article_id: str
    published: str | None
    source: str


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
        if not schema:
            connection.close()
            raise ArchiveDamagedError(f"{str(path)!r} holds no catalogue: {MEND}")
        return cls(connection, path)

    def members(self, version: int) -> list[Member]:
        """Return the articles of a version, ordered by revision id."""
        rows = self._of_version(
            version,
            "SELECT r.id, r.article_id, r.published, r.source "
            "FROM members m JOIN revisions r ON r.id = m.revision_id ORDER BY r.id",
        )
        return [Member(revision_id=a, article_id=b, published=c, source=d) for a, b, c, d in rows]

    def membership(self, version: int) -> dict[str, int]:
        """Return the revision id of each article id of a version."""
        return {member.article_id: member.revision_id for member in self.members(version)}

    def chunk_rows(self, version: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows of a version's chunks in ascending order, and the revision id of each."""
        rows = self._of_version(
            version,
            "SELECT c.row, c.revision_id FROM members m JOIN versions v ON v.version = ? "
            "JOIN chunks c ON c.revision_id = m.revision_id AND c.settings_id = v.settings_id ORDER BY c.row",
            version,
        )
        table = np.asarray(rows, dtype=np.int64).reshape(-1, 2)
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
            rows, "SELECT row, revision_id, ordinal, start_char, end_char FROM chunks WHERE row IN (*)"
        )
        return {
            row: ChunkRow(row=row, revision_id=revision_id, ordinal=ordinal, start=start, end=end)
            for row, revision_id, ordinal, start, end in found
        }

    def vectors(
        self, rows: Sequence[int], dimension: int
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """Yield (rows, vectors) in blocks; the vectors have shape (len(rows), dimension).

        Raises:
            ArchiveDamagedError: where a row has no vector of that length.
        """
        sql = "SELECT c.row, v.vector FROM chunks c JOIN vectors v ON v.id = c.vector_id WHERE c.row IN (*)"
        for start in range(0, len(rows), VECTORS_PER_BLOCK):
            part = rows[start : start + VECTORS_PER_BLOCK]
            found = list(self._in(part, sql))
            if len(found) != len(part) or any(len(blob) != dimension * FLOAT_BYTES for _, blob in found):
                raise ArchiveDamagedError(f"{str(self._path)!r} lacks vectors: {MEND}")
            flat = np.frombuffer(b"".join(blob for _, blob in found), dtype="<f4").astype(np.float32)
            yield np.array([row for row, _ in found], dtype=np.int64), flat.reshape(-1, dimension)

    def page(self, version: int, limit: int | None, offset: int) -> list[tuple[int, int]]:
        """Return (revision id, chunks) of a version's articles, newest published first, undated last."""
        rows = self._of_version(
            version,
            "SELECT r.id, (SELECT COUNT(*) FROM chunks c WHERE c.revision_id = r.id "
            "AND c.settings_id = v.settings_id) FROM members m JOIN revisions r ON r.id = m.revision_id "
            "JOIN versions v ON v.version = ? "
            "ORDER BY substr(r.published, 1, 10) DESC NULLS LAST, r.article_id LIMIT ? OFFSET ?",
            version,
            -1 if limit is None else limit,
            offset,
        )
        return [(int(a), int(b)) for a, b in rows]

    def chunk_count(self, version: int, revision_id: int) -> int:
        """Return into how many chunks a version cuts a revision."""
        return int(
            self._one(
                "SELECT COUNT(*) FROM chunks c JOIN versions v ON v.version = ? "
                "WHERE c.revision_id = ? AND c.settings_id = v.settings_id",
                (version, revision_id),
            )
        )

    def find(self, version: int, name: str) -> list[tuple[str, int]]:
        """Return (article id, revision id) of a version's articles with this id, key, URL or origin.

        Records of one file have its path with `:number` or `#number` as their origin; the path finds all.
        """
        rows = self._of_version(
            version,
            "SELECT m.article_id, m.revision_id FROM members m "
            "JOIN revisions r ON r.id = m.revision_id JOIN articles a ON a.id = m.article_id "
            "WHERE ? IN (a.id, a.key, r.url, r.origin) "
            "OR (substr(r.origin, 1, length(?) + 1) IN (? || ':', ? || '#') "
            "AND substr(r.origin, length(?) + 2) GLOB '[0-9]*' "
            "AND substr(r.origin, length(?) + 2) NOT GLOB '*[^0-9]*')",
            *[name] * 6,
        )
        return [(str(a), int(b)) for a, b in rows]

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
                updated=row[10],
                language=row[12],
                origin=row[13],
            )
            intact = article.content_hash == row[14]
        except (ValueError, TypeError, AttributeError):
            intact = False
        if not intact:
            raise ArchiveDamagedError(
                f"article {row[1]!r} in {str(self._path)!r} is not what was stored: {MEND}"
            )
        return Revision(id=row[0], article_id=row[1], number=row[2], article=article, ingested=row[11])


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
