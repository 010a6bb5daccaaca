"""The folder of an index, as the rest of the project sees it."""

import logging
from collections import Counter
from contextlib import nullcontext
from datetime import date
from pathlib import Path

from index.build import spellings
from index.catalogue import CATALOGUE_NAME, Catalogue
from index.embedding import EmbedderInfo
from index.errors import (
    ArchiveDamagedError,
    ArchiveMismatchError,
    ArchiveNotFoundError,
    ArticleNotFoundError,
    ArticleRemovedError,
)
from index.integrity import SALVAGE
from index.manifest import Manifest
from index.published import (
    article_record,
    published_contents,
    recorded_contents,
    revisions_of,
    stored_article,
)
from index.records import ArchiveInfo, ArticleRecord, Damage, StoredArticle, VersionRecord
from index.retention import GcReport, RollbackReport, collect_garbage, pin, rollback
from index.snapshot import Snapshot
from index.verify import verify_archive
from index.versions import VersionStore, version_name
from index.writing import check_embedder, not_found

logger = logging.getLogger(__name__)


class Archive:
    """An index on disk. Making one is cheap and touches nothing; it may not exist yet."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._store = VersionStore(root)

    def exists(self) -> bool:
        """Return whether `CURRENT` names a version that is there."""
        try:
            current = self._store.current()
            return current is not None and self._store.folder(current).is_dir()
        except ArchiveDamagedError:
            return False

    def current_version(self) -> str | None:
        """Return the live version's name, such as `000007`; None where nothing was published.

        Raises:
            ArchiveDamagedError: where `CURRENT` holds no version's name.
        """
        return self._store.current()

    def versions(self) -> list[Manifest]:
        """Return the manifests of the versions on disk, oldest first; one that is damaged is left out."""
        found = []
        for name in self._store.names():
            try:
                found.append(self._store.manifest(name))
            except (ArchiveDamagedError, ArchiveMismatchError) as error:
                logger.warning("%s", error)
        return found

    def describe_versions(self) -> list[VersionRecord]:
        """Return the versions on disk, oldest first, with which is live and which are pinned."""
        live = self._store.current()
        found = self.versions()
        with Catalogue.open(self.root) if found else nullcontext() as catalogue:
            pins = catalogue.pins() if catalogue else set()
        return [
            VersionRecord(manifest=one, live=one.version == live, pinned=one.number in pins) for one in found
        ]

    def rollback(self, version: str, *, dry_run: bool = False) -> RollbackReport:
        """Make an earlier version the live one; see `index.retention.rollback`."""
        return rollback(self.root, version, dry_run=dry_run)

    def pin(self, version: str, *, pinned: bool) -> None:
        """Keep a version whatever is cleared away, or no longer; see `index.retention.pin`."""
        pin(self.root, version, pinned=pinned)

    def collect_garbage(self, *, keep: int, dry_run: bool = False) -> GcReport:
        """Remove old versions and what only they had; see `index.retention.collect_garbage`."""
        return collect_garbage(self.root, keep=keep, dry_run=dry_run)

    def open(self, version: str | None = None, *, embedder: EmbedderInfo | None = None) -> Snapshot:
        """Open a version for searching, the live one by default.

        Raises:
            ArchiveNotFoundError: where there is no index, or no such version; says how to go on.
            ArchiveDamagedError: where a file is not what was published.
            ArchiveMismatchError: where `embedder` did not make its vectors, or a newer release made it.
        """
        if version is not None and version not in self._store.names():
            raise ArchiveNotFoundError(
                f"the index has no version {version!r}: `dateline index versions` lists those there are"
            )
        while True:
            name = version or self._store.current()
            try:
                manifest = self._manifest(name)
                if embedder:
                    check_embedder(manifest, embedder)
                return Snapshot.open(self.root, self._store.folder(manifest.version), manifest)
            except ArchiveDamagedError:
                if version is not None or self._store.current() == name:
                    raise  # else it was replaced, and cleared away, while it was being opened

    def info(self) -> ArchiveInfo:
        """Return what the live version holds, and what it was made with.

        Raises:
            ArchiveNotFoundError: where there is no index.
            ArchiveDamagedError: where it cannot be read.
        """
        manifest = self._manifest(None)
        with Catalogue.open(self.root) as catalogue:
            groups = published_contents(self._store, catalogue, manifest).edition.groups().values()
        days = [group[0].day for group in groups if group[0].day]
        outlets = (source for group in groups for source in {entry.source for entry in group})
        return ArchiveInfo(
            path=str(self.root),
            version=manifest.version,
            articles=manifest.articles,
            chunks=manifest.chunks,
            embedding_model=manifest.embedder.name,
            dimension=manifest.embedder.dimension,
            max_tokens=manifest.chunking.max_tokens,
            overlap_sentences=manifest.chunking.overlap_sentences,
            created=manifest.created,
            size_bytes=manifest.size_bytes + (self.root / CATALOGUE_NAME).stat().st_size,
            newest_published=date.fromordinal(max(days)).isoformat() if days else None,
            oldest_published=date.fromordinal(min(days)).isoformat() if days else None,
            undated=len(groups) - len(days),
            sources=dict(Counter(outlets).most_common()),
        )

    def list_articles(self, *, limit: int | None = None, offset: int = 0) -> list[ArticleRecord]:
        """Return the live version's articles, newest published first, undated last.

        Raises:
            ArchiveNotFoundError: where there is no index.
            ArchiveDamagedError: where it cannot be read.
        """
        manifest = self._manifest(None)
        with Catalogue.open(self.root) as catalogue:
            groups = sorted(
                published_contents(self._store, catalogue, manifest).edition.groups().values(),
                key=lambda group: (-group[0].day, group[0].article_id),
            )
            page = groups[offset : None if limit is None else offset + limit]
            ids = [group[0].revision_id for group in page]
            revisions = revisions_of(self.root, catalogue, [group[0] for group in page])
            chunks = catalogue.chunk_counts(manifest.number, ids)
        return [
            article_record(
                revisions[group[0].revision_id],
                chunks[group[0].revision_id],
                [entry.source for entry in group],
            )
            for group in page
        ]

    def article(self, article_id: str) -> StoredArticle:
        """Return an article of the live version with its text.

        Raises:
            ArticleNotFoundError: where it has none of that id.
            ArchiveNotFoundError: where there is no index.
        """
        manifest = self._manifest(None)
        with Catalogue.open(self.root) as catalogue:
            found = [pair for pair in catalogue.find(manifest.number, article_id) if pair[0] == article_id]
            if not found:
                raise self._no_article(catalogue, manifest, article_id)
            return stored_article(self._store, catalogue, manifest, *found[0])

    def check_article(self, article_id: str) -> None:
        """Make sure that the live version has an article of this id; its text is not read.

        Raises:
            ArticleNotFoundError: where it has none, and `ArticleRemovedError` where it once had.
            ArchiveNotFoundError: where there is no index.
        """
        manifest = self._manifest(None)
        with Catalogue.open(self.root) as catalogue:
            if not any(found == article_id for found, _ in catalogue.find(manifest.number, article_id)):
                raise self._no_article(catalogue, manifest, article_id)

    def find(self, reference: str) -> StoredArticle:
        """Return the article of the live version that an id, an address or a path names.

        Raises:
            ArticleNotFoundError: where it names none, or several.
            ArchiveNotFoundError: where there is no index.
        """
        manifest = self._manifest(None)
        with Catalogue.open(self.root) as catalogue:
            for name in spellings(reference):
                found = catalogue.find(manifest.number, name)
                if len(found) > 1:
                    raise ArticleNotFoundError(
                        f"{reference!r} names {len(found):,} articles: give the id of one "
                        "(`dateline index list`)"
                    )
                if found:
                    return stored_article(self._store, catalogue, manifest, *found[0])
            raise self._no_article(catalogue, manifest, reference)

    def verify(self) -> list[Damage]:
        """Read every byte of the index and return what is not as it was written; empty is good.

        Raises:
            ArchiveNotFoundError: where there is no index.
        """
        if not self._store.names() and not (self.root / CATALOGUE_NAME).exists():
            raise not_found(self.root)
        return verify_archive(self.root, self._store)

    def _no_article(self, catalogue: Catalogue, manifest: Manifest, reference: str) -> ArticleNotFoundError:
        """Return the error that says that an article was removed, or that there never was one.

        Raises:
            ArchiveDamagedError: where it may be that the article is not found for damage.
        """
        recorded_contents(self.root, catalogue, manifest)
        return _no_article(catalogue, reference)

    def _manifest(self, version: str | None) -> Manifest:
        name = version or self._store.current()
        if name is None:
            raise not_found(self.root)
        return self._store.manifest(name)


def _no_article(catalogue: Catalogue, reference: str) -> ArticleNotFoundError:
    """Return the error that says that an article was removed, or that there never was one.

    Raises:
        ArchiveDamagedError: where it may be that the article is not found for damage.
    """
    if altered := catalogue.altered_articles():
        raise ArchiveDamagedError(f"{altered[0]}: {SALVAGE}")
    removal = catalogue.removal(reference)
    if removal is not None:
        version, day = removal
        return ArticleRemovedError(
            f"the article {reference!r} was removed in version {version_name(version)} on {day[:10]}: "
            "add its source again to have it back"
        )
    return ArticleNotFoundError(
        f"no article of the index is {reference!r}: `dateline index list` shows what it holds"
    )
