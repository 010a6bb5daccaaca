"""Turn what the catalogue holds into a version on disk, and make it the live one."""

import contextlib
import logging
from importlib.metadata import PackageNotFoundError, version

from index.compose import Composition, compose, recompose
from index.config import ChunkingConfig
from index.edition import contents_of
from index.embedding import EmbedderInfo
from index.errors import ArchiveDamagedError, ArchiveError
from index.integrity import version_files
from index.ledger import Ledger, now
from index.manifest import DERIVED_FORM, MANIFEST_NAME, Manifest, Mode
from index.progress import BuildReport, Meter, Stage
from index.space import require_space
from index.versions import VersionStore, version_name

logger = logging.getLogger(__name__)


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
        live: Manifest | None = None,
    ) -> BuildReport:
        """Write and publish the version that differs from `parent` by `changes`.

        `history` are revisions that are kept for questions about earlier days; `before` are the
        revisions of the version that was live: of the changed articles where there is a parent, else of
        all. A change to None removes an article. `unchanged` is counted from `before` unless the caller
        knows better. Where there is no parent, texts of the `live` version are not compared again.
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
            self._meter.tell(Stage.COMPARE, "looking for copies")
            composition = compose(
                self._store,
                self._ledger,
                number,
                self._info,
                parent=parent,
                live=parent or live,
                changed={*changes, *history},
            )
            name = parent.version if parent else None
            manifest = self._write(number, mode, composition, name, (added, updated, removed))
        except BaseException:
            with contextlib.suppress(ArchiveError):  # the next writer tidies up what cannot be undone now
                self._undo(number)
            raise
        self._mark_published(number)
        return report_of(
            manifest,
            self._meter,
            added=added,
            updated=updated,
            unchanged=same if unchanged is None else unchanged,
            removed=removed,
        )

    def republish(self, number: int, *, mode: Mode = "repair") -> Manifest:
        """Write the articles of a version that the catalogue knows as a new version, and publish it."""
        new = self._next_number()
        with self._ledger.transaction(durable=True):
            self._ledger.draft_version(new, number, mode, self._settings_id, {}, {})
        try:
            self._meter.tell(Stage.COMPARE, "looking for copies")
            composition = recompose(self._ledger, new, self._info)
            manifest = self._write(new, mode, composition, version_name(number), (0, 0, 0))
        except BaseException:
            with contextlib.suppress(ArchiveError):
                self._undo(new)
            raise
        self._mark_published(new)
        return manifest

    def restore(self, number: int, before: Manifest | None) -> None:
        """Write the files of a published version anew in their own place; which one is live stays as it is.

        `before` is its manifest, where that can be read.
        """
        composition = Composition(self._ledger, number, contents_of(self._ledger, number), self._info)
        counts = (before.added, before.updated, before.removed) if before else (0, 0, 0)
        mode: Mode = before.mode if before else "repair"
        self._write(number, mode, composition, before.parent if before else None, counts, is_new=False)

    def unchanged(self, current: Manifest, articles: int) -> BuildReport:
        """Report that the current version already holds everything."""
        return report_of(current, self._meter, unchanged=articles, changed=False)

    def _write(
        self,
        number: int,
        mode: Mode,
        composition: Composition,
        parent: str | None,
        counts: tuple[int, int, int],
        *,
        is_new: bool = True,
    ) -> Manifest:
        """Write the version's folder and swap it in; one that `is_new` becomes the live one."""
        name = version_name(number)
        contents = composition.contents
        require_space(self._store.root, composition.bytes)
        self._meter.tell(Stage.WRITE, f"writing version {name}")
        with self._store.draft(number) as folder:
            base = composition.write(folder)
            added, updated, removed = counts
            manifest = Manifest(
                version=name,
                parent=parent,
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
                files=version_files(folder, base.shared if base else None),
            )
            (folder / MANIFEST_NAME).write_bytes(manifest.render())
            self._meter.tell(Stage.PUBLISH, f"publishing version {name}")
            if is_new:
                self._store.publish(folder, name)
            else:
                self._store.restore(folder, name)
        return manifest

    def _next_number(self) -> int:
        """Return a number that no version has ever had."""
        there = [int(name) for name in self._store.names()]
        return max([self._ledger.newest_version(), *there]) + 1

    def _mark_published(self, number: int) -> None:
        """Record that a version is live; where that fails, say on a full disk, the next writer does it."""
        try:
            with self._ledger.transaction(durable=True):
                self._ledger.mark_published(number)
        except ArchiveError as error:
            logger.warning("version %s is live; %s", version_name(number), error)

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
