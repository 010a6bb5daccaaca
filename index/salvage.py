"""Read what is sound of a damaged catalogue, so that an index can be made of it again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from index.article import Article, Skipped
from index.build import BuildMode, build
from index.catalogue import CATALOGUE_NAME
from index.config import ChunkingConfig
from index.embedding import Embedder
from index.lock import writer_lock
from index.progress import BuildReport, ProgressListener
from index.stored import article_of
from index.writing import ASIDE, LOG_ENDINGS, not_found

_COLUMNS = (
    "id, article_id, revision, title, text, url, source, authors, published, published_from, "
    "published_confidence, updated, ingested, language, section, origin, content_hash, checksum"
)


def rebuild_salvaged(
    root: Path,
    *,
    embedder: Embedder,
    chunking: ChunkingConfig,
    progress: ProgressListener | None = None,
) -> BuildReport:
    """Build the index anew from what is sound of its damaged catalogue.

    Nobody else writes between the reading and the swap, so that nothing acknowledged meanwhile is lost.

    Raises:
        DatelineError: where not one article could be saved; nothing is changed then.
        ArchiveNotFoundError: where there is no folder of an index.
        ArchiveLockedError: where another process is writing.
    """
    if not root.is_dir():
        raise not_found(root)
    with writer_lock(root):
        return build(
            root,
            list(salvage(root)),
            embedder=embedder,
            chunking=chunking,
            mode=BuildMode.REPLACE,
            locked=True,
            progress=progress,
        )


def salvage(root: Path) -> Iterator[Article | Skipped]:
    """Yield the articles of a damaged catalogue whose texts are what was stored, each with all its revisions.

    An article that was removed is left out where that can still be read. What cannot be saved is
    yielded as skipped. Where a build in place of a damaged catalogue was interrupted, the one that was
    put aside is read too.
    """
    for path in _sources(root):
        if path.is_symlink() or not path.is_file():
            yield Skipped(origin=str(path), reason="is no regular file, so nothing of it is read")
            continue
        with closing(_connect(path)) as connection:
            saved = list(_saved(connection))
        yield from saved or [Skipped(origin=str(path), reason="nothing of it can be read")]


def _sources(root: Path) -> list[Path]:
    """Return the catalogues to read, oldest first, back to the newest that a version was published from."""
    aside = [path for path in root.glob(f"{CATALOGUE_NAME}{ASIDE}*") if not path.name.endswith(LOG_ENDINGS)]
    found: list[Path] = []
    for path in [root / CATALOGUE_NAME, *sorted(aside, reverse=True)]:
        found.insert(0, path)
        if path.is_file() and not path.is_symlink() and not _is_unfinished(path):
            break
    return found


def _is_unfinished(path: Path) -> bool:
    """Say whether a catalogue can be read, and no version was ever published from it."""
    with closing(_connect(path)) as connection:
        for sql in (
            "SELECT COUNT(*) FROM sqlite_master",
            "SELECT COUNT(*) FROM versions WHERE published = 1",
        ):
            if list(_rows(connection, sql)) == [(0,)]:
                return True
    return False


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _saved(connection: sqlite3.Connection) -> Iterator[Article | Skipped]:
    keys = dict(_rows(connection, "SELECT id, key FROM articles"))
    gone = _gone(connection)
    for revision_id in range(1, _newest(connection) + 1):  # a scan would end at the first damaged page
        sql = f"SELECT {_COLUMNS} FROM revisions WHERE id = {revision_id}"  # noqa: S608 - a whole number
        for row in _rows(connection, sql):
            if row[1] not in gone:
                yield _article(row, keys)


def _rows(connection: sqlite3.Connection, sql: str) -> Iterator[Any]:
    """Yield the rows of a query until SQLite can read no further."""
    try:
        yield from connection.execute(sql)
    except sqlite3.Error:
        return


def _newest(connection: sqlite3.Connection) -> int:
    """Return the highest revision id; it stands in two places, and the lower is believed."""
    rows = [
        *_rows(connection, "SELECT MAX(id) FROM revisions"),
        *_rows(connection, "SELECT seq FROM sqlite_sequence WHERE name = 'revisions'"),
    ]
    return min((row[0] for row in rows if isinstance(row[0], int) and row[0] > 0), default=0)


def _gone(connection: sqlite3.Connection) -> set[str]:
    """Return the articles whose last change, as far as it can be read, was their removal."""
    last: dict[str, tuple[int, bool]] = {}
    for sql in (
        "SELECT article_id, version, revision_id IS NULL FROM changes ORDER BY version",
        "SELECT article_id, version, 1 FROM removals",
    ):
        for article_id, version, is_gone in _rows(connection, sql):
            if isinstance(version, int) and version >= last.get(article_id, (0, False))[0]:
                last[article_id] = (version, bool(is_gone))
    return {article_id for article_id, (_, is_gone) in last.items() if is_gone}


def _article(row: Any, keys: dict[str, str]) -> Article | Skipped:
    article = article_of(row, keys.get(row[1], row[5]))
    if article is None or article.id != row[1]:
        return Skipped(origin=f"article {row[1]!r}", reason="is not what was stored")
    return article
