"""Turn what the catalogue holds into a version on disk, and make it the live one."""

import contextlib
from importlib.metadata import PackageNotFoundError, version

from index.config import ChunkingConfig
from index.derive import Base, default_engines, write_derived
from index.embedding import EmbedderInfo
from index.errors import ArchiveDamagedError, ArchiveError
from index.integrity import check_version, version_files
from index.ledger import Ledger, now
from index.manifest import MANIFEST_NAME, Manifest, Mode
from index.progress import BuildReport, Meter, Stage
from index.search import Rows
from index.versions import VersionStore, version_name


class Publisher:
    """Publishes versions made under one set of settings, and reports."""

    def __init__(
        self,
        store: VersionStore,
        ledger: Ledger,
        info: EmbedderInfo,
        chunking: ChunkingConfig,
        settings_id: int,
        meter: Meter,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._info = info
        self._chunking = chunking
        self._settings_id = settings_id
        self._meter = meter

    def publish(
        self,
        *,
        mode: Mode,
        parent: Manifest | None,
        changes: dict[str, int | None],
        before: dict[str, int],
        unchanged: int | None = None,
    ) -> BuildReport:
        """Write and publish the version that differs from `parent` by `changes`.

        `before` are the revisions of the version that was live; a change to None removes an article.
        `unchanged` is counted from `before` unless the caller knows better.
        """
        number = self._next_number()
        added = sum(key not in before for key, revision in changes.items() if revision)
        same = sum(before.get(key) == revision for key, revision in changes.items() if revision)
        updated = sum(revision is not None for revision in changes.values()) - added - same
        removed = sum(revision is None for revision in changes.values())
        if parent is None:
            removed += sum(key not in changes for key in before)
        with self._ledger.transaction(durable=True):
            self._ledger.draft_version(
                number, parent.number if parent else None, mode, self._settings_id, changes
            )
        try:
            manifest = self._write(number, mode, parent, (added, updated, removed))
        except BaseException:
            with contextlib.suppress(ArchiveError):  # the next writer tidies up what cannot be undone now
                self._undo(number)
            raise
        with self._ledger.transaction(durable=True):
            self._ledger.mark_published(number)
        return self._report(manifest, added, updated, same if unchanged is None else unchanged, removed)

    def unchanged(self, current: Manifest, articles: int) -> BuildReport:
        """Report that the current version already holds everything."""
        return self._report(current, 0, 0, articles, 0, changed=False)

    def _write(
        self, number: int, mode: Mode, parent: Manifest | None, counts: tuple[int, int, int]
    ) -> Manifest:
        """Write the version's folder and swap it in."""
        name = version_name(number)
        rows, _ = self._ledger.chunk_rows(number)
        self._meter.tell(Stage.WRITE, f"writing version {name}")
        with self._store.draft(number) as folder:
            write_derived(folder, self._ledger, rows, self._info, default_engines(), self._base(parent, rows))
            added, updated, removed = counts
            manifest = Manifest(
                version=name,
                parent=parent.version if parent else None,
                mode=mode,
                created=now(),
                dateline=_release(),
                embedder=self._info,
                chunking=self._chunking,
                articles=len(self._ledger.members(number)),
                chunks=len(rows),
                added=added,
                updated=updated,
                removed=removed,
                files=version_files(folder),
            )
            (folder / MANIFEST_NAME).write_bytes(manifest.render())
            self._meter.tell(Stage.PUBLISH, f"publishing version {name}")
            self._store.publish(folder, name)
        return manifest

    def _base(self, parent: Manifest | None, rows: Rows) -> Base | None:
        """Return the parent's files to start from, where they are sound and near enough to the goal."""
        if parent is None or self._ledger.version_settings(parent.number) != self._settings_id:
            return None
        parent_rows, _ = self._ledger.chunk_rows(parent.number)
        if len(parent_rows) != parent.chunks or not len(parent_rows) or not len(rows):
            return None
        folder = self._store.folder(parent.version)
        try:
            check_version(folder, parent)
        except ArchiveDamagedError:
            return None
        return Base(folder=folder, rows=parent_rows)

    def _next_number(self) -> int:
        """Return a number that no version has ever had."""
        there = [int(name) for name in self._store.names()]
        return max([self._ledger.newest_version(), *there]) + 1

    def _undo(self, number: int) -> None:
        """Forget a version that was not published; one that `CURRENT` already names stays."""
        try:
            live = self._store.current() == version_name(number)
        except ArchiveDamagedError:
            live = False
        if not live:
            self._store.discard(version_name(number))
        with self._ledger.transaction(durable=True):
            if live:
                self._ledger.mark_published(number)
            else:
                self._ledger.drop_draft(number)

    def _report(
        self,
        manifest: Manifest,
        added: int,
        updated: int,
        unchanged: int,
        removed: int,
        *,
        changed: bool = True,
    ) -> BuildReport:
        return BuildReport(
            version=manifest.version,
            articles=manifest.articles,
            chunks=manifest.chunks,
            added=added,
            updated=updated,
            unchanged=unchanged,
            removed=removed,
            embedded=self._meter.embedded,
            reused=self._meter.reused,
            skipped=tuple(self._meter.skipped),
            seconds=self._meter.seconds,
            changed=changed,
        )


def _release() -> str:
    try:
        return version("dateline")
    except PackageNotFoundError:
        return "unknown"
