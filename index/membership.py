"""Which articles, revisions and chunks a version has: it is stored as what changed against its parent."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.catalogue_file import MEND, CatalogueFile
from index.errors import ArchiveDamagedError
from index.stored import Member

_VERSION_MEMBERS = """
WITH RECURSIVE
chain (version) AS (
    SELECT ?
    UNION ALL
    SELECT v.parent FROM chain JOIN versions v ON v.version = chain.version WHERE v.parent IS NOT NULL),
latest AS (
    SELECT c.article_id, c.revision_id, MAX(c.version) FROM {changes} GROUP BY c.article_id),
members AS (SELECT article_id, revision_id FROM latest WHERE revision_id IS NOT NULL),
gone AS (
    SELECT c.article_id, MAX(c.version) AS version FROM {changes} AND c.revision_id IS NULL
    GROUP BY c.article_id),
past AS (
    SELECT DISTINCT h.article_id, h.revision_id
    FROM {history}
    JOIN members m ON m.article_id = h.article_id AND m.revision_id <> h.revision_id
    LEFT JOIN gone ON gone.article_id = h.article_id
    WHERE gone.version IS NULL OR gone.version < h.version),
standing AS (
    SELECT article_id, revision_id, 1 AS current FROM members
    UNION ALL SELECT article_id, revision_id, 0 FROM past)
"""
"""The tables `members` and `standing` of a version. A parent always has a lower number than its child."""

_ALL = _VERSION_MEMBERS.format(
    changes="chain CROSS JOIN changes c ON c.version = chain.version",
    history="chain CROSS JOIN history h ON h.version = chain.version",
)
_SOME = _VERSION_MEMBERS.format(
    changes="changes c WHERE c.article_id IN (*) AND c.version IN (SELECT version FROM chain)",
    history=("(SELECT * FROM history WHERE article_id IN (*) AND version IN (SELECT version FROM chain)) h"),
)
_MEMBER = (
    "SELECT r.id, r.article_id, r.revision, r.published, r.updated, r.ingested, r.source, s.current, "
    "s.article_id FROM standing s JOIN revisions r ON r.id = s.revision_id ORDER BY r.id"
)
_NAMED = """
SELECT r.article_id, r.id FROM revisions r WHERE r.article_id = ?1
UNION SELECT r.article_id, r.id FROM articles a JOIN revisions r ON r.article_id = a.id WHERE a.key = ?1
UNION SELECT article_id, id FROM revisions WHERE url = ?1
UNION SELECT article_id, id FROM revisions WHERE origin = ?1
UNION SELECT article_id, id FROM revisions WHERE origin >= ?1 || '!/' AND origin < ?1 || '!0'
UNION SELECT article_id, id FROM revisions WHERE origin > ?1 || ':' AND origin < ?1 || ';'
    AND substr(origin, length(?1) + 2) NOT GLOB '*[^0-9]*'
UNION SELECT article_id, id FROM revisions WHERE origin > ?1 || '#' AND origin < ?1 || '$'
    AND substr(origin, length(?1) + 2) NOT GLOB '*[^0-9]*'
"""
"""Each part finds its rows by an index, which one condition with OR would not."""


class VersionCatalogue(CatalogueFile):
    """Reads what belongs to a version.

    Where `article_ids` are given the cost grows with them and with the versions since the last
    clearing away, not with the archive.
    """

    def knows(self, version: int) -> bool:
        """Say whether the version was recorded, as one that was published or is about to be."""
        return bool(self._all("SELECT 1 FROM versions WHERE version = ?", (version,)))

    def members(self, version: int, article_ids: Collection[str] | None = None) -> list[Member]:
        """Return the revisions of a version, current and replaced ones, ordered by revision id.

        Raises:
            ArchiveDamagedError: where one of them is another article's.
        """
        rows = self._of_version(version, _MEMBER, article_ids)
        for row in rows:
            if row[1] != row[8]:
                raise ArchiveDamagedError(
                    f"version {version} in {str(self._path)!r} has a text of {row[1]!r} as {row[8]!r}: {MEND}"
                )
        found = [
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
        return found if article_ids is None else sorted(found, key=lambda member: member.revision_id)

    def membership(self, version: int, article_ids: Collection[str] | None = None) -> dict[str, int]:
        """Return the id of the current revision of each article of a version."""
        return dict(self._of_version(version, "SELECT article_id, revision_id FROM members", article_ids))

    def same_texts(self, version: int) -> dict[int, bytes]:
        """Return, for the current revisions of a version, what equal texts have in common."""
        return dict(
            self._of_version(
                version,
                "SELECT f.revision_id, f.same_text FROM members m "
                "JOIN fingerprints f ON f.revision_id = m.revision_id",
            )
        )

    def texts_of(self, revision_ids: Iterable[int]) -> dict[int, bytes]:
        """Return what equal texts have in common, for revisions of any version."""
        sql = "SELECT revision_id, same_text FROM fingerprints WHERE revision_id IN (*)"
        return dict(self._in(sorted(set(revision_ids)), sql))

    def with_texts(self, texts: Collection[bytes]) -> dict[int, tuple[str, bytes]]:
        """Return (article id, text) of the revisions of any version that have one of the texts."""
        sql = (
            "SELECT f.revision_id, r.article_id, f.same_text FROM fingerprints f "
            "JOIN revisions r ON r.id = f.revision_id WHERE f.same_text IN (*)"
        )
        return {row[0]: (row[1], row[2]) for row in self._in(sorted(texts), sql)}

    def known_near_copies(self) -> list[tuple[int, int]]:
        """Return the pairs of revisions of any version that are near-copies, in order.

        Raises:
            ArchiveDamagedError: where a pair is not what was stored.
        """
        rows = self._all("SELECT one, other, checksum FROM near_copies ORDER BY one, other", ())
        return [(one, other) for one, other in self._sound("near_copies", rows)]

    def notices(self, version: int) -> list[tuple[int, str, str, bool]]:
        """Return (revision id, kind, text, about another article) of a version's notices, in order.

        Raises:
            ArchiveDamagedError: where one is not what was stored.
        """
        rows = self._of_version(
            version,
            "SELECT n.revision_id, n.ordinal, n.kind, n.text, n.about_other, n.checksum FROM standing s "
            "JOIN notices n ON n.revision_id = s.revision_id ORDER BY n.revision_id, n.ordinal",
        )
        return [
            (revision_id, kind, text, bool(about_other))
            for revision_id, _, kind, text, about_other in self._sound("notices", rows)
        ]

    def notices_of(self, revision_id: int) -> tuple[str, ...]:
        """Return the texts of a revision's notices, in order.

        Raises:
            ArchiveDamagedError: where one is not what was stored.
        """
        rows = self._all(
            "SELECT revision_id, ordinal, kind, text, about_other, checksum FROM notices "
            "WHERE revision_id = ? ORDER BY ordinal",
            (revision_id,),
        )
        return tuple(values[3] for values in self._sound("notices", rows))

    def chunk_rows(
        self, version: int, revision_ids: Sequence[int]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the chunks of those revisions under a version's settings: rows, ascending, and revisions."""
        settings_id = int(self._one("SELECT settings_id FROM versions WHERE version = ?", (version,)))
        sql = "SELECT row, revision_id FROM chunks WHERE settings_id = ? AND revision_id IN (*)"
        table = np.array(list(self._in(revision_ids, sql, settings_id)), dtype=np.int64).reshape(-1, 2)
        table = table[np.argsort(table[:, 0], kind="stable")]
        return np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])

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
        named = [(str(article), int(one)) for article, one in self._all(_NAMED, (name,))]
        there = self.membership(version, {article for article, _ in named})
        return [(article, one) for article, one in named if there.get(article) == one]

    def pins(self) -> set[int]:
        """Return the versions that are kept whatever is cleared away.

        Raises:
            ArchiveDamagedError: where it cannot be told for sure which.
        """
        rows = self._all("SELECT version, checksum FROM pins", ())
        return {int(version) for (version,) in self._sound("pins", rows)}

    def removal(self, article_id: str) -> tuple[int, str] | None:
        """Return the version that removed an article last, and when; None where none did.

        Raises:
            ArchiveDamagedError: where that is not what was stored.
        """
        sql = "SELECT article_id, version, removed, checksum FROM removals WHERE article_id = ?"
        for _, version, removed in self._sound("removals", self._all(sql, (article_id,))):
            return int(version), str(removed)
        return None

    def _of_version(self, version: int, sql: str, article_ids: Collection[str] | None = None) -> list[Any]:
        """Run a query over the tables `members` and `standing` of a version, of some articles or of all."""
        if article_ids is None:
            return self._all(_ALL + sql, (version,))
        return list(self._in(sorted(article_ids), _SOME + sql, version))
