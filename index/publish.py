"""Turn what the catalogue holds into a version on disk, and make it the live one."""

import contextlib
from importlib.metadata import PackageNotFoundError, version

from index.config import ChunkingConfig
from index.copies import find_near_copies, fingerprint_texts
from index.derive import Base, default_engines, write_derived
from index.edition import Contents, contents_of
from index.embedding import EmbedderInfo
from index.errors import ArchiveDamagedError, ArchiveError
from index.integrity import check_version, version_files
from index.ledger import Ledger, now
from index.manifest import DERIVED_FORM, MANIFEST_NAME, Manifest, Mode
from index.progress import BuildReport, Meter, Stage
from index.space import require_space, version_bytes
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
        history: dict[str, list[int]],
        before: dict[str, int],
        unchanged: int | None = None,
    ) -> BuildReport:
        """Write and publish the version that differs from `parent` by `changes`.

        `history` are revisions that are kept for questions about earlier days; `before` are the
        revisions of the version that was live; a change to None removes an article.
        `unchanged` is counted from `before` unless the caller knows better.
        """
        number = self._next_number()
        added = sum(key not in before for key, revision in changes.items() if revision)
        same = sum(before.get(key) == revision for key, revision in changes.items() if revision)
        updated = sum(revision is not None for revision in changes.values()) - added - same
        gone = [key for key, revision in changes.items() if revision is None]
        removed = len(gone)
        if parent is None:
            removed += sum(key not in changes for key in before)
        with self._ledger.transaction(durable=True):
            self._ledger.draft_version(
                number, parent.number if parent else None, mode, self._settings_id, changes, history
            )
            self._ledger.note_removals(gone, number)
        try:
            manifest = self._write(number, mode, parent, (added, updated, removed))
        except BaseException:
            with contextlib.suppress(ArchiveError):  # the next writer tidies up what cannot be undone now
                self._undo(number)
            raise
        with self._ledger.transaction(durable=True):
            self._ledger.mark_published(number)
        return report_of(
            manifest,
            self._meter,
            added=added,
            updated=updated,
            unchanged=same if unchanged is None else unchanged,
            removed=removed,
        )

    def republish(self, number: int) -> Manifest:
        """Write the articles of a version that the catalogue knows as a new version, and publish it."""
        new = self._next_number()
        with self._ledger.transaction(durable=True):
            self._ledger.draft_version(new, number, "repair", self._settings_id, {}, {})
        try:
            manifest = self._write(new, "repair", None, (0, 0, 0), parent_name=version_name(number))
        except BaseException:
            with contextlib.suppress(ArchiveError):
                self._undo(new)
            raise
        with self._ledger.transaction(durable=True):
            self._ledger.mark_published(new)
        return manifest

    def unchanged(self, current: Manifest, articles: int) -> BuildReport:
        """Report that the current version already holds everything."""
        return report_of(current, self._meter, unchanged=articles, changed=False)

    def _write(
        self,
        number: int,
        mode: Mode,
        parent: Manifest | None,
        counts: tuple[int, int, int],
        *,
        parent_name: str | None = None,
    ) -> Manifest:
        """Write the version's folder and swap it in; `parent` is what its files may start from."""
        name = version_name(number)
        self._meter.tell(Stage.COMPARE, "looking for copies")
        fingerprint_texts(self._ledger, number)
        contents = contents_of(self._ledger, number)
        before = contents_of(self._ledger, parent.number) if parent else None
        find_near_copies(self._ledger, contents.edition, before.edition if before else None)
        require_space(self._store.root, version_bytes(len(contents.rows), self._info.dimension))
        self._meter.tell(Stage.WRITE, f"writing version {name}")
        with self._store.draft(number) as folder:
            base = self._base(parent, before, contents)
            write_derived(folder, self._ledger, contents, self._info, default_engines(), base)
            added, updated, removed = counts
            manifest = Manifest(
                version=name,
                parent=parent.version if parent else parent_name,
                mode=mode,
                created=now(),
                dateline=_release(),
                embedder=self._info,
                derived=DERIVED_FORM,
                chunking=self._chunking,
                articles=contents.edition.articles,
                chunks=len(contents.rows),
                added=added,
                updated=updated,
                removed=removed,
                contents=contents.digest(),
                files=version_files(folder),
            )
            (folder / MANIFEST_NAME).write_bytes(manifest.render())
            self._meter.tell(Stage.PUBLISH, f"publishing version {name}")
            self._store.publish(folder, name)
        return manifest

    def _base(self, parent: Manifest | None, before: Contents | None, contents: Contents) -> Base | None:
        """Return the parent's files to start from, where they are sound and near enough to the goal."""
        if parent is None or before is None or parent.derived != DERIVED_FORM:
            return None
        if self._ledger.version_settings(parent.number) != self._settings_id:
            return None
        if len(before.rows) != parent.chunks or not len(before.rows) or not len(contents.rows):
            return None
        folder = self._store.folder(parent.version)
        try:
            check_version(folder, parent)
        except ArchiveDamagedError:
            return None
        return Base(folder=folder, contents=before)

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


def report_of(
    manifest: Manifest,
    meter: Meter,
    *,
    added: int = 0,
    updated: int = 0,
    unchanged: int = 0,
    removed: int = 0,
    changed: bool = True,
) -> BuildReport:
    """Return what was done, with the counts of the version that is live now."""
    return BuildReport(
        version=manifest.version,
        articles=manifest.articles,
        chunks=manifest.chunks,
        added=added,
        updated=updated,
        unchanged=unchanged,
        removed=removed,
        embedded=meter.embedded,
        reused=meter.reused,
        skipped=tuple(meter.skipped),
        seconds=meter.seconds,
        changed=changed,
    )


def _release() -> str:
    try:
        return version("dateline")
    except PackageNotFoundError:
        return "unknown"
