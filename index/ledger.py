"""Writing to the catalogue. Only the process that holds the writer's lock makes a `Ledger`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from index.article_ledger import ArticleLedger
from index.catalogue import MEND, WHOLLY_CHECKED_TABLES
from index.catalogue_writer import now
from index.checksums import row_checksum
from index.config import ChunkingConfig
from index.copy_ledger import CopyLedger
from index.embedding import EmbedderInfo
from index.errors import ArchiveDamagedError
from index.lineage import Dates, settle

__all__ = ["Ledger", "now"]


class Ledger(ArticleLedger, CopyLedger):
    """The catalogue, open for writing; used from one thread."""

    def settle(
        self, taken: Mapping[str, Sequence[int]], *, parent: int | None
    ) -> tuple[dict[str, int], dict[str, list[int]]]:
        """Return which revision of each article is current now, and those that newly stand before it.

        `taken` are the revisions that were read, in order, of each article; with a `parent` version
        the revisions that it has of the same articles count too.
        """
        standing = self.members(parent, taken) if parent else []
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
        """Return (settings id, embedding model, chunking) of a version.

        Raises:
            ArchiveDamagedError: where the catalogue lacks them, or they are not what was stored.
        """
        settings_id = self._one("SELECT settings_id FROM versions WHERE version = ?", (number,))
        _, embedder_id, _, chunking = self._row("settings", settings_id)
        _, name, weights, dimension, max_tokens = self._row("embedders", embedder_id)
        info = EmbedderInfo(name=name, weights_sha256=weights, dimension=dimension, max_tokens=max_tokens)
        return int(settings_id), info, ChunkingConfig.model_validate_json(chunking)

    def _row(self, table: str, row_id: int) -> list[Any]:
        """Return a row of a table whose rows all carry a checksum."""
        sql = f"SELECT {WHOLLY_CHECKED_TABLES[table]}, checksum FROM {table} WHERE id = ?"  # noqa: S608
        for values in self._sound(table, self._all(sql, (row_id,))):
            return values
        raise ArchiveDamagedError(f"{str(self._path)!r} lacks row {row_id} of its {table}: {MEND}")

    def published(self) -> set[int]:
        """Return the versions that were published and are still known."""
        return {int(row[0]) for row in self._all("SELECT version FROM versions WHERE published = 1", ())}

    def note_removals(self, article_ids: Iterable[str], version: int) -> None:
        """Record that articles were removed, so that their ids stay known."""
        removed = now()
        rows = [(article_id, version, removed) for article_id in article_ids]
        self._connection.executemany(
            "INSERT OR REPLACE INTO removals (article_id, version, removed, checksum) VALUES (?, ?, ?, ?)",
            [(*row, row_checksum(row)) for row in rows],
        )

    def pin(self, number: int, *, pinned: bool) -> None:
        """Keep a version whatever is cleared away, or no longer."""
        self._connection.execute("DELETE FROM pins WHERE version = ?", (number,))
        if pinned:
            row = (number, row_checksum([number]))
            self._connection.execute("INSERT INTO pins (version, checksum) VALUES (?, ?)", row)
