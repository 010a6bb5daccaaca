"""What a published version holds, by its own file, and by the catalogue where that cannot be used."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from index.catalogue import Catalogue, Revision
from index.contents_file import CONTENTS_NAME, load_contents
from index.edition import contents_of
from index.entries import Contents, Entry
from index.errors import ArchiveDamagedError
from index.integrity import SALVAGE, check_contents, file_problem
from index.manifest import DERIVED_FORM, Manifest
from index.records import ArticleRecord, StoredArticle, published_day
from index.relations import Relations
from index.versions import VersionStore


def published_contents(store: VersionStore, catalogue: Catalogue, manifest: Manifest) -> Contents:
    """Return what a version holds, as it was when it was published.

    Its own file says so at a cost of milliseconds. Where that file is not what was published, or an older
    release wrote the version, the catalogue is asked, whole.

    Raises:
        ArchiveDamagedError: where the catalogue holds other articles, as far as it was asked.
    """
    if not catalogue.knows(manifest.number):
        raise ArchiveDamagedError(
            f"the catalogue in {str(store.root)!r} does not know version {manifest.version}: {SALVAGE}"
        )
    return _saved_contents(store, manifest) or recorded_contents(store.root, catalogue, manifest)


def recorded_contents(root: Path, catalogue: Catalogue, manifest: Manifest) -> Contents:
    """Return what the catalogue says that a version holds.

    Raises:
        ArchiveDamagedError: where that is not what it was published with.
    """
    contents = contents_of(catalogue, manifest.number)
    check_contents(root, manifest, contents.digest())
    return contents


def revisions_of(root: Path, catalogue: Catalogue, entries: list[Entry]) -> dict[int, Revision]:
    """Return the revisions that entries of a version stand for, by their ids.

    Raises:
        ArchiveDamagedError: where the catalogue lacks one, or has another article's in its place.
    """
    revisions = catalogue.revisions(entry.revision_id for entry in entries)
    for entry in entries:
        found = revisions.get(entry.revision_id)
        if found is None or (found.article_id, found.article.source) != (entry.article_id, entry.source):
            raise ArchiveDamagedError(
                f"the catalogue in {str(root)!r} lacks a text of the article {entry.article_id!r}: {SALVAGE}"
            )
    return revisions


def stored_article(
    store: VersionStore, catalogue: Catalogue, manifest: Manifest, article_id: str, revision_id: int
) -> StoredArticle:
    """Return an article of a version, whose text is this revision, with all that the catalogue has of it.

    Raises:
        ArchiveDamagedError: where the catalogue does not hold what the version was published with.
    """
    contents = published_contents(store, catalogue, manifest)
    past = contents.edition.of_article(article_id)
    if all(entry.revision_id != revision_id for entry in past):
        recorded_contents(store.root, catalogue, manifest)
    numbers = revisions_of(store.root, catalogue, past)
    revision = catalogue.revisions([revision_id])[revision_id]
    article = revision.article
    exact, near = Relations(catalogue, manifest.number, contents).copies(revision.id)
    chunks = catalogue.chunk_count(manifest.number, revision.id)
    return StoredArticle(
        record=article_record(
            revision, chunks, (article.source, *dict.fromkeys(one.source for one in exact))
        ),
        text=article.text,
        authors=article.authors,
        language=article.language,
        origin=article.origin,
        raw=catalogue.raw_text(revision.id) or article.text,
        notices=catalogue.notices_of(revision.id),
        copies=tuple(exact),
        near_copies=tuple(near),
        revisions=tuple(
            (
                numbers[entry.revision_id].number,
                date.fromordinal(entry.first).isoformat() if entry.first else None,
            )
            for entry in past
        ),
    )


def article_record(revision: Revision, chunks: int, sources: Sequence[str]) -> ArticleRecord:
    """Return what is listed of an article; `sources` are the outlets that carry its text."""
    article = revision.article
    day = published_day(article.published)
    return ArticleRecord(
        id=revision.article_id,
        title=article.title,
        url=article.url,
        source=article.source,
        published=day.isoformat() if day else None,
        published_from=article.published_from.value,
        published_confidence=article.published_confidence,
        updated=article.updated,
        ingested=revision.ingested,
        revision=revision.number,
        chunks=chunks,
        section=article.section,
        language=article.language,
        sources=tuple(dict.fromkeys(sources)),
    )


def _saved_contents(store: VersionStore, manifest: Manifest) -> Contents | None:
    """Return what the version's file says; None where it is not what was published."""
    record = manifest.files.get(CONTENTS_NAME)
    if record is None or manifest.derived != DERIVED_FORM:
        return None
    try:
        folder = store.folder(manifest.version)
        if file_problem(folder, CONTENTS_NAME, record, thorough=False):
            return None
        return load_contents(folder / CONTENTS_NAME)[0]
    except ArchiveDamagedError:
        return None
