"""Holding the right to write to an index: the lock, what dead writers left, and the version to start from."""

import contextlib
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from index.catalogue import CATALOGUE_NAME
from index.embedding import EmbedderInfo
from index.errors import (
    ArchiveDamagedError,
    ArchiveError,
    ArchiveMismatchError,
    ArchiveNotFoundError,
)
from index.ledger import Ledger
from index.lock import writer_lock
from index.manifest import Manifest
from index.verify import check_catalogue
from index.versions import VersionStore, version_name

logger = logging.getLogger(__name__)


@contextlib.contextmanager
def writing(root: Path, *, afresh: bool = False) -> Iterator[tuple[VersionStore, Ledger]]:
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
            ledger.settle_log()
            for name in orphans:
                store.discard(name)
        except OSError as error:
            raise ArchiveError(
                f"writing to {str(root)!r} failed ({error.strerror or error}); the index is as it was: "
                "free some space or check the permissions, and run it again"
            ) from error


def live_manifest(store: VersionStore, *, strict: bool) -> Manifest | None:
    """Return the live version's manifest; where it is damaged and `strict` is off, None."""
    try:
        current = store.current()
        return store.manifest(current) if current else None
    except ArchiveDamagedError:
        if strict:
            raise
        return None


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
