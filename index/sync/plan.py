"""What a pass would do, as far as it can be known without reading or fetching anything."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from index.article import Skipped
from index.catalogue import Catalogue
from index.config import ReadingConfig
from index.errors import ReadError
from index.readers.sources import SourceReader
from index.sync.files import Folder, stamped
from index.sync.intake import check_folder, check_not_emptied, check_there
from index.sync.reading import UNSTAMPED, read_with
from index.sync.removal import Removal, note_gone
from index.sync.report import Failure, Plan, SourcePlan
from index.sync.source import Source
from index.sync.state import SyncState
from index.sync.state_file import StateFile
from index.sync.waiting import Waiting
from index.versions import VersionStore


def plan(
    root: Path,
    sources: Sequence[Source],
    *,
    reading: ReadingConfig,
    now: Callable[[], datetime] | None = None,
) -> Plan:
    """Return what a pass over the sources would do; writes nothing, and asks no address.

    Which records are gone from a changed file is not known without reading it, nor what is new in a feed.
    """
    versions = VersionStore(root)
    file = StateFile.open(root, dry=True)
    try:
        state, waiting = SyncState(file), Waiting(file, now=now)
        state.follow(versions)
        live = versions.current()
        planned = tuple(_one(root, source, state, waiting, live, reading) for source in sources)
    finally:
        file.close()
    return Plan(sources=planned, version=live)


def _one(
    root: Path, source: Source, state: SyncState, waiting: Waiting, live: str | None, reading: ReadingConfig
) -> SourcePlan:
    if source.is_address:
        failed = waiting.earlier(source)
        return SourcePlan(name=source.name, source=source.place, asks=failed is None, failed=failed)
    try:
        check_there(source.place)
        return _files(root, source, state, live, reading)
    except ReadError as error:
        return SourcePlan(name=source.name, source=source.place, failed=Failure(reason=str(error)))


def _files(
    root: Path, source: Source, state: SyncState, live: str | None, reading: ReadingConfig
) -> SourcePlan:
    """Compare a folder or file with what was noted of it.

    Raises:
        ReadError: it cannot be listed, or is empty and was not.
    """
    folder = Folder(Path(source.place), without=root) if Path(source.place).is_dir() else None
    if folder:
        check_folder(source.place)
    walked = folder.walk(SourceReader(reading)) if folder else [Path(source.place)]
    paths = [path for path in walked if not isinstance(path, Skipped)]
    as_now = read_with(reading)
    known = {path: state.file(source.place, str(path)) for path in paths}
    changed = [path for path, file in known.items() if file and not file.is_still(_stamp(path), as_now)]
    removed, kept = 0, ""
    gone: list[str] = []
    if folder:
        check_not_emptied(source, state, len(paths))
        there = frozenset(file.id for file in known.values() if file)
        gone, kept = note_gone(source, state, folder, there)
    if source.remove_missing and live:
        with Catalogue.open(root) as catalogue:
            removed = Removal(catalogue, int(live), source, state).count_known()
    return SourcePlan(
        name=source.name,
        source=source.place,
        new=tuple(str(path) for path, file in known.items() if file is None),
        changed=tuple(map(str, changed)),
        unchanged=sum(file is not None for file in known.values()) - len(changed),
        gone=tuple(gone),
        removed=removed,
        kept=(kept or None) if source.remove_missing else None,
    )


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        return stamped(path).stamp
    except OSError:
        return UNSTAMPED
