"""The folder of an index, as the rest of the project sees it."""

import logging
from collections import Counter
from pathlib import Path

from index.build import check_embedder, not_found
from index.catalogue import CATALOGUE_NAME, Catalogue, Revision
from index.embedding import EmbedderInfo
from index.errors import (
    ArchiveDamagedError,
    ArchiveMismatchError,
    ArchiveNotFoundError,
    ArticleNotFoundError,
)
from index.manifest import Manifest
from index.records import ArchiveInfo, ArticleRecord, Damage, StoredArticle, published_day
from index.snapshot import Snapshot
from index.verify import verify_archive
from index.versions import VersionStore

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
        manifest = self._manifest(version)
        if embedder:
            check_embedder(manifest, embedder)
        return Snapshot.open(self.root, self._store.folder(manifest.version), manifest)

    def info(self) -> ArchiveInfo:
        """Return what the live version holds, and what it was made with.

        Raises:
            ArchiveNotFoundError: where there is no index.
            ArchiveDamagedError: where it cannot be read.
        """
        manifest = self._manifest(None)
        with Catalogue.open(self.root) as catalogue:
            members = catalogue.members(manifest.number)
        days = sorted(day.isoformat() for member in members if (day := published_day(member.published)))
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
            newest_published=days[-1] if days else None,
            oldest_published=days[0] if days else None,
            sources=dict(Counter(member.source for member in members).most_common()),
        )

    def list_articles(self, *, limit: int | None = None, offset: int = 0) -> list[ArticleRecord]:
        """Return the live version's articles, newest published first, undated last.

        Raises:
            ArchiveNotFoundError: where there is no index.
            ArchiveDamagedError: where it cannot be read.
        """
        manifest = self._manifest(None)
        with Catalogue.open(self.root) as catalogue:
            page = catalogue.page(manifest.number, limit, offset)
            revisions = catalogue.revisions(revision_id for revision_id, _ in page)
        return [_record(revisions[revision_id], chunks) for revision_id, chunks in page]

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
                raise ArticleNotFoundError(
                    f"no article of the index has the id {article_id!r}: `dateline index list`"
                )
            revision = catalogue.revisions([found[0][1]])[found[0][1]]
            chunks = catalogue.chunk_count(manifest.number, revision.id)
        article = revision.article
        return StoredArticle(
            record=_record(revision, chunks),
            text=article.text,
            authors=article.authors,
            language=article.language,
            origin=article.origin,
        )

    def verify(self) -> list[Damage]:
        """Read every byte of the index and return what is not as it was written; empty is good.

        Raises:
            ArchiveNotFoundError: where there is no index.
        """
        if not self._store.names() and not (self.root / CATALOGUE_NAME).exists():
            raise not_found(self.root)
        return verify_archive(self.root, self._store)

    def _manifest(self, version: str | None) -> Manifest:
        name = version or self._store.current()
        if name is None:
            raise not_found(self.root)
        return self._store.manifest(name)


def _record(revision: Revision, chunks: int) -> ArticleRecord:
    article = revision.article
    day = published_day(article.published)
    return ArticleRecord(
        id=revision.article_id,
        title=article.title,
        url=article.url,
        source=article.source,
        published=day.isoformat() if day else None,
        published_from=article.published_from.value,
        updated=article.updated,
        ingested=revision.ingested,
        revision=revision.number,
        chunks=chunks,
    )
