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
    ArchiveOutdatedError,
)
from index.integrity import SALVAGE
from index.ledger import Ledger
from index.lock import writer_lock
from index.manifest import Manifest
from index.verify import check_catalogue
from index.versions import VERSIONS_NAME, VersionStore, refuse_link, version_name

LOG_ENDINGS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside the catalogue while it is written to."""

ASIDE = ".damaged-"
"""Stands in the name of a catalogue that was put aside, before the time at which that was done."""

logger = logging.getLogger(__name__)


@contextlib.contextmanager
def writing(
    root: Path, *, afresh: bool = False, locked: bool = False
) -> Iterator[tuple[VersionStore, Ledger]]:
    """Hold the lock on a folder that is ready for writing, and clear up after writers that died.

    `afresh` puts a damaged catalogue aside and begins a new one; versions that only it could explain
    go when the new one is published. `locked` says that the caller holds the lock already.
    """
    if root.exists() and not root.is_dir():
        raise ArchiveError(f"{str(root)!r} is a file: choose a folder with `--index DIR`")
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(
            f"cannot make {str(root)!r} ({error.strerror}): choose another with `--index`"
        ) from error
    with contextlib.nullcontext() if locked else writer_lock(root), contextlib.ExitStack() as stack:
        store = VersionStore(root)
        for name in (VERSIONS_NAME, CATALOGUE_NAME, *(f"{CATALOGUE_NAME}{end}" for end in LOG_ENDINGS)):
            refuse_link(root / name)
        orphans = store.names() if afresh and not _is_usable(root) else []
        ledger = stack.enter_context(contextlib.closing(Ledger.open(root)))
        _recover(store, ledger)
        if not afresh:
            _check_known(store, ledger)
        try:
            yield store, ledger
            _settle_log(ledger)
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
        "embed its articles anew with `dateline index rebuild` (or build it anew with "
        f"`dateline index build SOURCE...`), or set `embedding.model` to {made.name!r}"
    )


def not_found(root: Path) -> ArchiveNotFoundError:
    """Return the error that says how to make an index at `root`."""
    return ArchiveNotFoundError(
        f"there is no index in {str(root)!r}: make one with `dateline index build SOURCE...` "
        "(`--index DIR` names another folder)"
    )


def _model(info: EmbedderInfo) -> str:
    return f"{info.name!r} ({info.dimension} dimensions, weights {info.weights_sha256[:12]})"


def _settle_log(ledger: Ledger) -> None:
    """Move SQLite's log into the catalogue; what was written is safe where that fails, say on a full disk."""
    try:
        ledger.settle_log()
    except ArchiveError as error:
        logger.warning("%s", error)


def _check_known(store: VersionStore, ledger: Ledger) -> None:
    """Make sure that the catalogue knows the live version, if it is sound.

    It does not where the end of SQLite's log was damaged: commits at the end of it are gone then.

    Raises:
        ArchiveDamagedError: where it does not.
    """
    manifest = live_manifest(store, strict=False)
    if manifest and ledger.version_settings(manifest.number) is None:
        raise ArchiveDamagedError(
            f"the catalogue in {str(store.root)!r} does not know version {manifest.version}, which is live: "
            f"{SALVAGE}"
        )


def _is_usable(root: Path) -> bool:
    """Say whether there is a sound catalogue; one that is damaged is put aside under another name.

    Raises:
        ArchiveMismatchError: where a newer release made it.
        ArchiveError: where it cannot be read just now.
    """
    catalogue = root / CATALOGUE_NAME
    if not catalogue.exists():
        return False
    try:
        damage = check_catalogue(root)
    except ArchiveOutdatedError:
        return True  # a writer brings it up to date
    if not damage:
        return True
    aside = f"{CATALOGUE_NAME}{ASIDE}{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    for ending in (*LOG_ENDINGS, ""):  # a log that stayed behind would be read into the new catalogue
        path = root / f"{CATALOGUE_NAME}{ending}"
        if path.exists():
            path.rename(root / f"{aside}{ending}")
    logger.warning("%s: %s; it was put aside as %s", catalogue, damage[0].problem, aside)
    return False


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
