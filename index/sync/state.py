"""What sync has read and what became of it, so that nothing is read twice and nothing is lost."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from index.article import Skipped
from index.sync.ancestry import NOTHING_YET, Followed, identify, meeting
from index.sync.reading import Reading
from index.sync.state_file import StateFile
from index.versions import VersionStore


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFile:
    """A file as it was when it was read; `whole` where it was read to its end."""

    id: int
    stamp: tuple[int, int, int]
    digest: bytes
    read_with: str
    whole: bool
    missing: bool
    articles: int
    skips: int
    reasons: tuple[Skipped, ...]

    def is_still(self, stamp: tuple[int, int, int], read_with: str) -> bool:
        """Say whether the file is as it was, by its stamp, and would be read in the same way."""
        return self.stamp == stamp and self.read_with == read_with and not self.missing

    def holds_still(self, digest: bytes, read_with: str) -> bool:
        """Say whether its content is as it was, though it was touched; False where it is not known."""
        alike = bool(digest) and self.digest == digest and self.read_with == read_with
        return alike and self.whole and not self.missing


class SyncState:
    """What was read from each source, and which articles it gave.

    It never knows more than the index holds: what is noted was published before.
    """

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def follow(self, store: VersionStore) -> bool:
        """Forget what does not hold for the live version; return whether all of it held.

        Raises:
            ArchiveDamagedError: where the live version cannot be told.
        """
        live, followed = store.current(), self._followed()
        identity = identify(store, live) if live else NOTHING_YET
        common = meeting(store, int(live), followed) if live else 0
        holds = followed == identity or (common > 0 and followed is not None and followed.number == common)

        def write() -> None:
            if not holds:
                self._file.run("DELETE FROM files WHERE version > ?", common)
                self._file.run("DELETE FROM swept")
            self._follow(identity)

        self._file.atomically(write)
        return holds

    def extends(self, store: VersionStore, version: str) -> bool:
        """Say whether a version that was published now was made out of the one that is followed."""
        followed = self._followed()
        if followed in (None, NOTHING_YET):
            return True
        return meeting(store, int(version), followed) == followed.number

    def file(self, source: str, path: str) -> KnownFile | None:
        """Return what is known of a file of a source."""
        rows = self._file.run(
            "SELECT id, size, mtime_ns, inode, digest, read_with, whole, missing, articles, skips, reasons "
            "FROM files WHERE source = ? AND path = ?",
            *(os.fsencode(source), os.fsencode(path)),
        )
        for number, size, mtime_ns, inode, digest, read_with, *counts in rows:
            whole, missing, articles, skips, reasons = counts
            return KnownFile(
                id=number,
                stamp=(size, mtime_ns, inode),
                digest=digest,
                read_with=read_with,
                whole=bool(whole),
                missing=bool(missing),
                articles=articles,
                skips=skips,
                reasons=_reasons(reasons),
            )
        return None

    def given(self, number: int) -> list[str]:
        """Return the ids of the articles that a file gave when it was read last."""
        rows = self._file.run("SELECT article_id FROM given WHERE file = ? AND stale = 0", number)
        return [str(row[0]) for row in rows]

    def is_overtaken(self, number: int) -> bool:
        """Say whether another file gave one of the same articles in a later reading."""
        return self._exists(
            "FROM given g JOIN given k ON k.article_id = g.article_id AND k.file <> g.file "
            "AND k.reading > g.reading WHERE g.file = ?",
            number,
        )

    def files(self, source: str) -> Iterator[tuple[int, str]]:
        """Yield (id, path) of the files of a source, those that are gone included."""
        rows = self._file.run(
            "SELECT id, path FROM files WHERE source = ? ORDER BY path", os.fsencode(source)
        )
        for number, path in rows:
            yield number, os.fsdecode(path)

    def count(self, source: str) -> int:
        """Return how many articles a source is known to give."""
        rows = self._file.run("SELECT SUM(articles) FROM files WHERE source = ?", os.fsencode(source))
        return int(rows[0][0] or 0) if rows else 0

    def sources(self) -> list[str]:
        """Return the places of all sources that something was read from."""
        return [os.fsdecode(row[0]) for row in self._file.run("SELECT DISTINCT source FROM files")]

    def record(self, source: str, readings: Iterable[Reading], identity: Followed) -> None:
        """Note what was read and is stored in a version: files, and the articles that they gave.

        Of a file that was not read to its end only the articles are noted, so that it is read again.
        """

        def write() -> None:
            self._follow(identity)
            for reading in readings:
                ((number,),) = self._file.run(
                    "INSERT INTO files (source, path, version) VALUES (?, ?, ?) "
                    "ON CONFLICT (source, path) DO UPDATE SET version = excluded.version RETURNING id",
                    *(os.fsencode(source), os.fsencode(reading.path), identity.number),
                )
                self._note(number, reading)

        self._file.atomically(write)

    def restamp(self, number: int, stamp: tuple[int, int, int]) -> None:
        """Note that a file has another time, and the same content."""
        self._file.run("UPDATE files SET size = ?, mtime_ns = ?, inode = ? WHERE id = ?", *stamp, number)

    def set_missing(self, files: Iterable[int]) -> None:
        """Note that files are gone; one that is read again is there again."""

        def write() -> None:
            for number in files:
                self._file.run("UPDATE files SET missing = 1 WHERE id = ?", number)

        self._file.atomically(write)

    def gives_alone(self, number: int) -> bool:
        """Say whether a file gave an article that nothing else gives which is there."""
        return self._exists(
            "FROM given g WHERE g.file = ? AND g.stale = 0 AND NOT EXISTS ("
            "SELECT 1 FROM given k JOIN files f ON f.id = k.file WHERE k.article_id = g.article_id "
            "AND k.file <> g.file AND k.stale = 0 AND f.missing = 0)",
            number,
        )

    def orphans(self, source: str) -> list[tuple[str, str]]:
        """Return (article id, path) of what files of a source gave once, and nothing gives now."""
        rows = self._file.run(
            "SELECT g.article_id, MIN(o.path) FROM given g JOIN files o ON o.id = g.file "
            "WHERE o.source = ? AND (o.missing = 1 OR g.stale = 1) AND NOT EXISTS ("
            "SELECT 1 FROM given k JOIN files f ON f.id = k.file "
            "WHERE k.article_id = g.article_id AND k.stale = 0 AND f.missing = 0) GROUP BY g.article_id",
            os.fsencode(source),
        )
        return [(str(article_id), os.fsdecode(path)) for article_id, path in rows]

    def is_given(self, article_id: str) -> bool:
        """Say whether a file or an address that is still there gave the article."""
        return self._exists(
            "FROM given k JOIN files f ON f.id = k.file "
            "WHERE k.article_id = ? AND k.stale = 0 AND f.missing = 0",
            article_id,
        )

    def forget_orphans(self, source: str) -> None:
        """Forget files that are gone, and articles that files give no more: they were removed."""
        key = os.fsencode(source)

        def write() -> None:
            self._file.run(
                "DELETE FROM given WHERE stale = 1 AND file IN (SELECT id FROM files WHERE source = ?)", key
            )
            self._file.run("DELETE FROM files WHERE source = ? AND missing = 1", key)

        self._file.atomically(write)

    def is_swept(self, source: str) -> bool:
        """Say whether the whole index was once searched for articles of files that are gone."""
        return bool(self._file.run("SELECT 1 FROM swept WHERE source = ?", os.fsencode(source)))

    def set_swept(self, source: str) -> None:
        """Note that it was."""
        self._file.run("INSERT OR IGNORE INTO swept VALUES (?)", os.fsencode(source))

    def _note(self, number: int, reading: Reading) -> None:
        """Write what a reading found into the row of its file."""
        for article_id in reading.ids:
            self._file.run(
                "INSERT INTO given (file, article_id, reading) VALUES (?, ?, ?) "
                "ON CONFLICT (file, article_id) DO UPDATE SET reading = excluded.reading, stale = 0",
                *(number, article_id, reading.number),
            )
        if reading.whole:
            self._file.run("UPDATE given SET stale = (reading <> ?) WHERE file = ?", reading.number, number)
        if reading.finished:
            self._file.run(
                "UPDATE files SET size = ?, mtime_ns = ?, inode = ?, digest = ?, read_with = ?, whole = ?, "
                "missing = 0, skips = ?, reasons = ? WHERE id = ?",
                *(*reading.stamp, reading.digest, reading.read_with, int(reading.whole), reading.skips),
                *(json.dumps([asdict(item) for item in reading.reasons]), number),
            )
        self._file.run(
            "UPDATE files SET articles = (SELECT COUNT(*) FROM given WHERE file = id AND stale = 0) "
            "WHERE id = ?",
            number,
        )

    def _exists(self, condition: str, value: str | int) -> bool:
        """Say whether there is such a row; where the file fails there is, so that nothing is removed."""
        rows = self._file.run(f"SELECT EXISTS (SELECT 1 {condition})", value)
        return bool(rows[0][0]) if rows else True

    def _followed(self) -> Followed | None:
        for number, created in self._file.run("SELECT version, created FROM followed"):
            return Followed(number=number, created=created)
        return None

    def _follow(self, identity: Followed) -> None:
        self._file.run("INSERT OR REPLACE INTO followed VALUES (1, ?, ?)", identity.number, identity.created)


def _reasons(text: str) -> tuple[Skipped, ...]:
    try:
        return tuple(Skipped(origin=item["origin"], reason=item["reason"]) for item in json.loads(text))
    except (ValueError, TypeError, KeyError):
        return ()
