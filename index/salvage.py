"""Read what is sound of a damaged catalogue, so that an index can be made of it again."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.article import Article, DateOrigin, Skipped
from index.catalogue import CATALOGUE_NAME
from index.checksums import is_intact

_COLUMNS = (
    "id, article_id, revision, title, text, url, source, authors, published, published_from, "
    "published_confidence, updated, ingested, language, section, origin, content_hash, checksum"
)


def salvage(root: Path) -> Iterator[Article | Skipped]:
    """Yield the articles of a damaged catalogue whose texts are what was stored, each with all its revisions.

    An article that was removed is left out where that can still be read. What cannot be saved is
    yielded as skipped.
    """
    path = root / CATALOGUE_NAME
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as error:
        yield Skipped(origin=str(path), reason=f"nothing of it can be read ({error})")
        return
    try:
        keys = dict(_rows(connection, "SELECT id, key FROM articles"))
        gone = _gone(connection)
        highest = next(iter(_rows(connection, "SELECT MAX(id) FROM revisions")), (0,))[0] or _highest(
            connection
        )
        for revision_id in range(1, int(highest) + 1):
            rows = list(
                _rows(connection, f"SELECT {_COLUMNS} FROM revisions WHERE id = {revision_id}")  # noqa: S608
            )
            if rows and rows[0][1] not in gone:
                yield _article(rows[0], keys)
    finally:
        connection.close()


def _rows(connection: sqlite3.Connection, sql: str) -> Iterator[Any]:
    """Yield the rows of a query until SQLite can read no further."""
    try:
        yield from connection.execute(sql)
    except sqlite3.Error:
        return


def _highest(connection: sqlite3.Connection) -> int:
    rows = list(_rows(connection, "SELECT seq FROM sqlite_sequence WHERE name = 'revisions'"))
    return int(rows[0][0]) if rows else 0


def _gone(connection: sqlite3.Connection) -> set[str]:
    """Return the articles whose last change, as far as it can be read, was their removal."""
    changes = _rows(connection, "SELECT article_id, revision_id FROM changes ORDER BY version")
    last: dict[str, Any] = dict(changes)
    return {article_id for article_id, revision_id in last.items() if revision_id is None}


def _article(row: Any, keys: dict[str, str]) -> Article | Skipped:
    try:
        article = Article(
            key=keys.get(row[1], row[5]),
            title=row[3],
            text=row[4],
            url=row[5],
            source=row[6],
            authors=tuple(json.loads(row[7])),
            published=row[8],
            published_from=DateOrigin(row[9]),
            published_confidence=float(row[10]),
            updated=row[11],
            language=row[13],
            section=row[14],
            origin=row[15],
        )
        sound = article.content_hash == row[16] and is_intact(row[1:17], row[17]) and article.id == row[1]
    except (ValueError, TypeError, AttributeError):
        sound = False
    if not sound:
        return Skipped(origin=f"article {row[1]!r}", reason="is not what was stored")
    return article
