"""Build an index, add to it, remove from it: each makes a new version and swaps it in."""

import os
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain
from pathlib import Path

from index.article import Article, Skipped
from index.config import ChunkingConfig
from index.edition import copies_of
from index.embedding import Embedder, EmbedderInfo
from index.errors import ArticleNotFoundError, DatelineError
from index.ingest import Ingest
from index.progress import BuildReport, Meter, ProgressListener, Stage
from index.publish import Publisher, report_of
from index.space import build_bytes, free_space, megabytes, require_space
from index.versions import VersionStore
from index.writing import check_embedder, live_manifest, not_found, writing


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
    unchanged: int = 0,
    characters: int | None = None,
    locked: bool = False,
    progress: ProgressListener | None = None,
) -> BuildReport:
    """Make a version of the index at `root` out of `articles` and publish it.

    `unchanged` articles were not read, since they are known not to have changed: with some of them an
    addition of nothing is no failure. `characters` says about how many there are to come at most, where
    `articles` is not held in memory: the disk that is needed is told before anything is written. `locked`
    says that the caller holds the writer's lock (`index.lock`) already. What was
    embedded before is not embedded again, also by a build that did not end. Until the new version is
    published the old one serves. An addition that changes nothing publishes nothing.

    Raises:
        DatelineError: where not one article could be read; nothing is changed then.
        ArchiveLockedError: where another process is writing.
        ArchiveMismatchError: where an addition uses another embedding model than the index.
        ArchiveDamagedError: where an addition finds the current version damaged.
    """
    meter = Meter(progress, len(articles) if isinstance(articles, Sequence) else None)
    meter.tell(Stage.READ)
    readable, skipped = _first_readable(articles)
    if readable is None:
        return _nothing_new(root, unchanged if mode is BuildMode.ADD else 0, skipped, meter)
    _tell_space(root, articles, characters, embedder.info.dimension, meter)
    with writing(root, afresh=mode is BuildMode.REPLACE, locked=locked) as (store, ledger):
        parent = live_manifest(store, strict=mode is BuildMode.ADD)
        if parent and mode is BuildMode.ADD:
            check_embedder(parent, embedder.info)
        ingest = Ingest(ledger, embedder, chunking, meter)
        taken = ingest.take(readable)
        if not taken:
            raise _nothing_read(meter.skipped)
        publisher = Publisher(store, ledger, embedder.info, chunking, ingest.settings_id, meter)
        if mode is BuildMode.REPLACE or parent is None:
            current, history = ledger.settle(taken, parent=None)
            return publisher.publish(
                mode="replace",
                parent=None,
                changes=dict(current),
                history=history,
                before=ledger.membership(parent.number) if parent else {},
                live=parent,
            )
        before = ledger.membership(parent.number, taken)
        current, history = ledger.settle(taken, parent=parent.number)
        changes = {key: revision for key, revision in current.items() if before.get(key) != revision}
        if ledger.version_settings(parent.number) != ingest.settings_id:
            ingest.embed([member.revision_id for member in ledger.members(parent.number)])
        elif not changes and not history:
            return publisher.unchanged(parent, len(taken) + unchanged)
        return publisher.publish(
            mode="add",
            parent=parent,
            changes=dict(changes),
            history=history,
            before=before,
            unchanged=len(taken) - len(changes) + unchanged,
        )


def remove(
    root: Path,
    references: Sequence[str],
    *,
    embedder_info: EmbedderInfo | None = None,
    progress: ProgressListener | None = None,
) -> BuildReport:
    """Publish a version without the articles that `references` name, or change nothing at all.

    A reference is an article's id, its URL, or the path it was read from. An id removes the article
    with all sources that have the same text, a URL or path only that source. Nothing is embedded;
    `embedder_info` is checked against the index where it is given.

    Raises:
        ArticleNotFoundError: where one of them names no article.
        ArchiveNotFoundError: where there is no index.
        ArchiveLockedError: where another process is writing.
    """
    meter = Meter(progress)
    if VersionStore(root).current() is None:
        raise not_found(root)
    with writing(root) as (store, ledger):
        parent = live_manifest(store, strict=True)
        if parent is None:
            raise not_found(root)
        if embedder_info:
            check_embedder(parent, embedder_info)
        gone: dict[str, int | None] = {}
        for reference in references:
            found = next(
                filter(None, (ledger.find(parent.number, name) for name in spellings(reference))), []
            )
            if not found:
                raise ArticleNotFoundError(
                    f"no article of the index is {reference!r}: `dateline index list` shows what it holds"
                )
            gone |= {article_id: None for article_id, _ in found}
            if reference.strip() in gone:
                gone |= dict.fromkeys(copies_of(ledger, parent.number, reference.strip()))
        settings_id, _ = ledger.settings(parent.embedder, parent.chunking)
        settings_id = ledger.version_settings(parent.number) or settings_id
        publisher = Publisher(store, ledger, parent.embedder, parent.chunking, settings_id, meter)
        if not gone:
            return publisher.unchanged(parent, 0)
        before = ledger.membership(parent.number, gone)
        return publisher.publish(mode="remove", parent=parent, changes=gone, history={}, before=before)


def _first_readable(
    articles: Iterable[Article | Skipped],
) -> tuple[Iterator[Article | Skipped] | None, list[Skipped]]:
    """Read up to the first article, so that nothing is made on disk where there is none.

    Returns all items again, None where there is no article, and what was skipped before it.
    """
    iterator = iter(articles)
    skipped: list[Skipped] = []
    for item in iterator:
        if isinstance(item, Article):
            return chain(skipped, [item], iterator), skipped
        skipped.append(item)
    return None, skipped


def _tell_space(
    root: Path,
    articles: Iterable[Article | Skipped],
    characters: int | None,
    dimension: int,
    meter: Meter,
) -> None:
    """Say how much disk a build takes, and require it where that is known for sure.

    Raises:
        ArchiveError: where there is too little.
    """
    if isinstance(articles, Sequence):
        needed = build_bytes(sum(len(item.text) for item in articles if isinstance(item, Article)), dimension)
        free = require_space(root, needed)
    elif characters is not None:
        needed, free = build_bytes(characters, dimension), free_space(root)
    else:
        return
    enough = "" if needed <= free else ": that may be too little"
    meter.tell(Stage.READ, f"about {megabytes(needed)} of disk at most, {megabytes(free)} are free{enough}")


def _nothing_new(root: Path, unchanged: int, skipped: Sequence[Skipped], meter: Meter) -> BuildReport:
    """Return the report of an addition for which nothing had changed.

    Raises:
        DatelineError: where no article is known either.
    """
    store = VersionStore(root)
    current = store.current()
    if not unchanged or current is None:
        raise _nothing_read(skipped)
    meter.skipped += skipped
    return report_of(store.manifest(current), meter, unchanged=unchanged, changed=False)


def _nothing_read(skipped: Sequence[Skipped]) -> DatelineError:
    if not skipped:
        return DatelineError("no article was found in what was given: name files or folders that hold some")
    return DatelineError(f"no article could be read from {skipped[0].origin!r}: {skipped[0].reason}")


def spellings(reference: str) -> list[str]:
    """Return a reference as it may stand in the catalogue: as given, and as paths are written."""
    text = reference.strip()
    if not text or "\0" in text:
        return [text]
    absolute = os.path.abspath(text)  # noqa: PTH100 - a URL must not be resolved, only tried
    real, relative = os.path.realpath(text), os.path.relpath(absolute)
    return list(dict.fromkeys([text, relative, absolute, real, Path(absolute).as_uri()]))
