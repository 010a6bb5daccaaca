"""Build an index, add to it, remove from it: each makes a new version and swaps it in."""

import contextlib
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain
from pathlib import Path

from index.article import Article, Skipped
from index.catalogue import CATALOGUE_NAME
from index.config import ChunkingConfig
from index.embedding import Embedder, EmbedderInfo
from index.errors import (
    ArchiveDamagedError,
    ArchiveError,
    ArchiveMismatchError,
    ArchiveNotFoundError,
    ArticleNotFoundError,
    DatelineError,
)
from index.ingest import Ingest
from index.ledger import Ledger
from index.lock import writer_lock
from index.manifest import Manifest
from index.progress import BuildReport, Meter, ProgressListener, Stage
from index.publish import Publisher
from index.verify import check_catalogue
from index.versions import VersionStore, version_name

logger = logging.getLogger(__name__)


class BuildMode(StrEnum):
    """What becomes of the articles that are there: `REPLACE` starts afresh, `ADD` keeps them."""

    REPLACE = "replace"
    ADD = "add"


def build(
    root: Path,
    articles: Iterable[Article | Skipped],
    *,
    embedder: Embedder,
    chunking: ChunkingConfig,
    mode: BuildMode,
    progress: ProgressListener | None = None,
) -> BuildReport:
    """Make a version of the index at `root` out of `articles` and publish it.

    What was embedded before is not embedded again, also by a build that did not end. Until the new
    version is published the old one serves. An addition that changes nothing publishes nothing.

    Raises:
        DatelineError: where not one article could be read; nothing is changed then.
        ArchiveLockedError: where another process is writing.
        ArchiveMismatchError: where an addition uses another embedding model than the index.
        ArchiveDamagedError: where an addition finds the current version damaged.
    """
    meter = Meter(progress, len(articles) if isinstance(articles, Sequence) else None)
    meter.tell(Stage.READ)
    readable = _first_readable(articles)
    with _writing(root, afresh=mode is BuildMode.REPLACE) as (store, ledger):
        parent = _parent(store, strict=mode is BuildMode.ADD)
        if parent and mode is BuildMode.ADD:
            check_embedder(parent, embedder.info)
        before = ledger.membership(parent.number) if parent else {}
        ingest = Ingest(ledger, embedder, chunking, meter)
        taken = ingest.take(readable)
        if not taken:
            raise _nothing_read(meter.skipped)
        publisher = Publisher(store, ledger, embedder.info, chunking, ingest.settings_id, meter)
        if mode is BuildMode.REPLACE or parent is None:
            return publisher.publish(mode="replace", parent=None, changes=dict(taken), before=before)
        changes = {key: revision for key, revision in taken.items() if before.get(key) != revision}
        if ledger.version_settings(parent.number) != ingest.settings_id:
            ingest.embed([revision for key, revision in before.items() if key not in changes])
        elif not changes:
            return publisher.unchanged(parent, len(taken))
        return publisher.publish(
            mode="add",
            parent=parent,
            changes=dict(changes),
            before=before,
            unchanged=len(taken) - len(changes),
        )


def remove(
    root: Path,
    references: Sequence[str],
    *,
    embedder_info: EmbedderInfo | None = None,
    progress: ProgressListener | None = None,
) -> BuildReport:
    """Publish a version without the articles that `references` name, or change nothing at all.

    A reference is an article's id, its URL, or the path it was read from. Nothing is embedded;
    `embedder_info` is checked against the index where it is given.

    Raises:
        ArticleNotFoundError: where one of them names no article.
        ArchiveNotFoundError: where there is no index.
        ArchiveLockedError: where another process is writing.
    """
    meter = Meter(progress)
    if VersionStore(root).current() is None:
        raise not_found(root)
    with _writing(root) as (store, ledger):
        parent = _parent(store, strict=True)
        if parent is None:
            raise not_found(root)
        if embedder_info:
            check_embedder(parent, embedder_info)
        gone: dict[str, int | None] = {}
        for reference in references:
            found = next(
                filter(None, (ledger.find(parent.number, name) for name in _spellings(reference))), []
            )
            if not found:
                raise ArticleNotFoundError(
                    f"no article of the index is {reference!r}: `dateline index list` shows what it holds"
                )
            gone |= {article_id: None for article_id, _ in found}
        settings_id, _ = ledger.settings(parent.embedder, parent.chunking)
        settings_id = ledger.version_settings(parent.number) or settings_id
        publisher = Publisher(store, ledger, parent.embedder, parent.chunking, settings_id, meter)
        if not gone:
            return publisher.unchanged(parent, 0)
        before = ledger.membership(parent.number)
        return publisher.publish(mode="remove", parent=parent, changes=gone, before=before)


def check_embedder(manifest: Manifest, info: EmbedderInfo) -> None:
    """Make sure that a version's vectors were made by this embedding model.

    Raises:
        ArchiveMismatchError: where they were not.
    """
    made = manifest.embedder
    if made == info:
        return
    raise ArchiveMismatchError(
        f"the index was made with the embedding model {_model(made)}, the configuration says {_model(info)}: "
        f"build it anew with `dateline index build SOURCE...`, or set `embedding.model` to {made.name!r}"
    )


def not_found(root: Path) -> ArchiveNotFoundError:
    """Return the error that says how to make an index at `root`."""
    return ArchiveNotFoundError(
        f"there is no index in {str(root)!r}: make one with `dateline index build SOURCE...` "
        "(`--index DIR` names another folder)"
    )


def _model(info: EmbedderInfo) -> str:
    return f"{info.name!r} ({info.dimension} dimensions, weights {info.weights_sha256[:12]})"


@contextlib.contextmanager
def _writing(root: Path, *, afresh: bool = False) -> Iterator[tuple[VersionStore, Ledger]]:
    """Hold the lock on a folder that is ready for writing, and clear up after writers that died.

    `afresh` puts a damaged catalogue aside and begins a new one; versions that only it could explain
    go when the new one is published.
    """
    if root.exists() and not root.is_dir():
        raise ArchiveError(f"{str(root)!r} is a file: choose a folder with `--index DIR`")
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(
            f"cannot make {str(root)!r} ({error.strerror}): choose another with `--index`"
        ) from error
    with writer_lock(root), contextlib.ExitStack() as stack:
        store = VersionStore(root)
        orphans = store.names() if afresh and _put_aside(root) else []
        ledger = stack.enter_context(contextlib.closing(Ledger.open(root)))
        _recover(store, ledger)
        try:
            yield store, ledger
            for name in orphans:
                store.discard(name)
        except OSError as error:
            raise ArchiveError(
                f"writing to {str(root)!r} failed ({error.strerror or error}); the index is as it was: "
                "free some space or check the permissions, and run it again"
            ) from error


def _put_aside(root: Path) -> bool:
    """Rename a damaged catalogue, so that nothing of it is used again; return whether it was damaged."""
    catalogue = root / CATALOGUE_NAME
    if not catalogue.exists():
        return False
    damage = check_catalogue(root)
    if not damage:
        return False
    suffix = f".damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    for path in [catalogue, *(root / f"{CATALOGUE_NAME}{end}" for end in ("-wal", "-shm"))]:
        if path.exists():
            path.rename(path.with_name(path.name + suffix))
    logger.warning("%s: %s; it was put aside as *%s", catalogue, damage[0].problem, suffix)
    return True


def _recover(store: VersionStore, ledger: Ledger) -> None:
    """Finish or undo what a writer that was killed had begun to publish."""
    store.sweep()
    drafts = ledger.drafts()
    if not drafts:
        return
    try:
        current = int(store.current() or 0)
    except ArchiveDamagedError:
        return  # which draft was published cannot be told: keep them all
    with ledger.transaction(durable=True):
        for number in drafts:
            if number == current:
                ledger.mark_published(number)
            else:
                store.discard(version_name(number))
                ledger.drop_draft(number)


def _parent(store: VersionStore, *, strict: bool) -> Manifest | None:
    """Return the live version's manifest; where it is damaged and `strict` is off, None."""
    try:
        current = store.current()
        return store.manifest(current) if current else None
    except ArchiveDamagedError:
        if strict:
            raise
        return None


def _first_readable(articles: Iterable[Article | Skipped]) -> Iterator[Article | Skipped]:
    """Read up to the first article, so that nothing is made on disk where there is none.

    Raises:
        DatelineError: where there is none.
    """
    iterator = iter(articles)
    skipped: list[Article | Skipped] = []
    for item in iterator:
        skipped.append(item)
        if isinstance(item, Article):
            return chain(skipped, iterator)
    raise _nothing_read([item for item in skipped if isinstance(item, Skipped)])


def _nothing_read(skipped: Sequence[Skipped]) -> DatelineError:
    if not skipped:
        return DatelineError("no article was found in what was given: name files or folders that hold some")
    return DatelineError(f"no article could be read from {skipped[0].origin!r}: {skipped[0].reason}")


def _spellings(reference: str) -> list[str]:
    """Return a reference as it may stand in the catalogue: as given, and as paths are written."""
    text = reference.strip()
    if not text or "\0" in text:
        return [text]
    absolute = os.path.abspath(text)  # noqa: PTH100 - a URL must not be resolved, only tried
    real, relative = os.path.realpath(text), os.path.relpath(absolute)
    return list(dict.fromkeys([text, relative, absolute, real, Path(absolute).as_uri()]))
