"""Which versions are kept: going back to one, keeping one for good, and clearing the others away."""

import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.catalogue import CATALOGUE_NAME
from index.edition import contents_of
from index.errors import ArchiveNotFoundError
from index.integrity import check_contents, check_version, file_identity
from index.leases import unread
from index.manifest import check_form
from index.purge import purge, unreferenced
from index.versions import VersionStore
from index.writing import not_found, writing

KEPT_VERSIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackReport:
    """What a rollback did. `restored` articles are live again, `withdrawn` ones are not any more."""

    version: str
    previous: str | None
    articles: int
    restored: int
    withdrawn: int

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class GcReport:
    """What was cleared away, or would be: versions, and the texts and vectors that only they had.

    `kept` are the versions that stay, `in_use` those of them that only a reader keeps.
    """

    removed: tuple[str, ...]
    kept: tuple[str, ...]
    in_use: tuple[str, ...]
    revisions: int
    vectors: int
    freed_bytes: int
    dry_run: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)


def rollback(root: Path, version: str, *, dry_run: bool = False) -> RollbackReport:
    """Make an earlier version the live one, at once; the ones after it stay until they are cleared away.

    What is added next is added to it. With `dry_run` nothing is changed.

    Raises:
        ArchiveNotFoundError: where there is no index, or no such version.
        ArchiveDamagedError: where a file of it is not what was published.
        ArchiveLockedError: where another process is writing.
    """
    if VersionStore(root).current() is None:
        raise not_found(root)
    with writing(root) as (store, ledger):
        name = _known(store, version)
        manifest = store.manifest(name)
        check_form(manifest)
        check_version(store.folder(name), manifest, thorough=True)
        check_contents(root, manifest, contents_of(ledger, manifest.number).digest())
        previous = store.current()
        before = ledger.membership(int(previous)) if previous else {}
        after = ledger.membership(manifest.number)
        if not dry_run:
            store.point_to(name)
        return RollbackReport(
            version=name,
            previous=previous,
            articles=manifest.articles,
            restored=len(after.keys() - before.keys()),
            withdrawn=len(before.keys() - after.keys()),
        )


def pin(root: Path, version: str, *, pinned: bool) -> None:
    """Keep a version whatever is cleared away, or no longer.

    Raises:
        ArchiveNotFoundError: where there is no index, or no such version.
    """
    if VersionStore(root).current() is None:
        raise not_found(root)
    with writing(root) as (store, ledger), ledger.transaction(durable=True):
        ledger.pin(int(_known(store, version)), pinned=pinned)


def collect_garbage(root: Path, *, keep: int = KEPT_VERSIONS, dry_run: bool = False) -> GcReport:
    """Remove all versions but the newest `keep`, the live one, pinned ones and those that are being read.

    Texts and vectors that no remaining version has go from the catalogue too. With `dry_run` nothing
    is removed.

    Raises:
        ArchiveNotFoundError: where there is no index.
        ArchiveLockedError: where another process is writing.
    """
    if VersionStore(root).current() is None:
        raise not_found(root)
    with writing(root) as (store, ledger):
        names = store.names()
        kept = {*names[-keep:], *(name for name in names if int(name) in ledger.pins())}
        kept |= {current} if (current := store.current()) else set()
        doomed, in_use = _doomed(store, [name for name in names if name not in kept])
        size = _size(root, store, doomed)
        lost = ledger.pins() & ledger.published() - {int(name) for name in names}
        remaining = [*sorted(lost), *(int(name) for name in names if name not in doomed)]
        revisions, vectors = unreferenced(ledger, remaining)
        if not dry_run:
            for name in doomed:
                store.discard(name)
            if doomed or revisions or vectors:
                purge(ledger, remaining)
            size -= _size(root, store, [])
        return GcReport(
            removed=tuple(doomed),
            kept=tuple(name for name in names if name not in doomed),
            in_use=tuple(in_use),
            revisions=revisions,
            vectors=vectors,
            freed_bytes=max(size, 0) if not dry_run else max(_folders(store, doomed), 0),
            dry_run=dry_run,
        )


def _doomed(store: VersionStore, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return those of the versions that nobody reads, and those that somebody does."""
    doomed: list[str] = []
    in_use: list[str] = []
    for name in names:
        with unread(store.folder(name)) as free:
            (doomed if free else in_use).append(name)
    return doomed, in_use


def _size(root: Path, store: VersionStore, names: Sequence[str]) -> int:
    """Return the bytes of the catalogue's files and of some versions."""
    files = root.glob(f"{CATALOGUE_NAME}*")
    return sum(path.stat().st_size for path in files) + _folders(store, names)


def _folders(store: VersionStore, names: Sequence[str]) -> int:
    """Return the bytes that are free when these versions are gone: files that others share stay."""
    paths = (path for name in names for path in store.folder(name).rglob("*"))
    statuses = [status for path in paths if stat.S_ISREG((status := path.lstat()).st_mode)]
    links = Counter(file_identity(status) for status in statuses)
    sizes = {
        file_identity(status): status.st_size
        for status in statuses
        if links[file_identity(status)] >= status.st_nlink
    }
    return sum(sizes.values())


def _known(store: VersionStore, version: str) -> str:
    """Return a version's name, also where it is given without its zeros."""
    name = f"{int(version):06d}" if version.isascii() and version.isdigit() else version
    if name not in store.names():
        raise ArchiveNotFoundError(
            f"the index has no version {version!r}: `dateline index versions` lists those there are"
        )
    return name
