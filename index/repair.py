"""Make an index whole again from its catalogue; nothing is embedded for it."""

import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.edition import contents_of
from index.errors import ArchiveDamagedError, ArchiveError, ArchiveMismatchError
from index.integrity import SALVAGE, check_contents
from index.ledger import Ledger
from index.manifest import DERIVED_FORM, Manifest
from index.progress import Meter, ProgressListener
from index.publish import Publisher
from index.verify import check_catalogue, strangers, version_damage
from index.versions import VersionStore, version_name
from index.writing import not_found, writing

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairReport:
    """What a repair did: the live version afterwards, what was wrong, and which versions were removed.

    `rebuilt` says that the live version's files were written anew. `restored` are pinned versions whose
    files were written anew in their own place.
    """

    version: str
    rebuilt: bool
    problems: tuple[str, ...]
    removed: tuple[str, ...]
    restored: tuple[str, ...]
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)


def repair(root: Path, *, progress: ProgressListener | None = None) -> RepairReport:
    """Write the live version's files anew where they are damaged, and remove other damaged versions.

    Of those that are pinned the files are written anew too, in their own place. A live version that
    an older release wrote is brought to the form of this one.

    Raises:
        ArchiveNotFoundError: where there is no index.
        ArchiveDamagedError: where the catalogue itself is damaged; says how to save what is sound.
        ArchiveLockedError: where another process is writing.
    """
    store = VersionStore(root)
    if not root.is_dir() or (not store.names() and not list(root.glob("catalogue.db"))):
        raise not_found(root)
    meter = Meter(progress)
    with writing(root) as (store, ledger):
        damage = check_catalogue(root)
        if damage:
            raise _damaged_catalogue(root, damage[0].problem)
        live = _live_number(store, ledger)
        if live is None:
            raise not_found(root)
        name = version_name(live)
        _check_contents(store, ledger, name)
        said = _remove_strangers(store)
        problems = {other: version_damage(root, store, other) for other in store.names()}
        pinned = {version_name(number) for number in ledger.pins() & ledger.published()}
        for other in (name, *sorted(pinned)):
            problems.setdefault(other, ["its folder is missing"])
        outdated = _is_outdated(store, name)
        rebuilt = bool(problems[name]) or outdated
        if rebuilt:
            name = _write_anew(store, ledger, live, meter).version
        elif _pointer_is_broken(store):
            store.point_to(name)
        damaged = sorted(other for other, found in problems.items() if found and other != name)
        restored = tuple(other for other in damaged if other in pinned)
        removed = tuple(other for other in damaged if other not in pinned)
        for other in removed:
            store.discard(other)
        for other in restored:
            _restore(store, ledger, other, meter)
        said += [f"version {other}: {problem}" for other, found in problems.items() for problem in found]
        return RepairReport(
            version=name,
            rebuilt=rebuilt,
            problems=tuple(said),
            removed=removed,
            restored=restored,
            seconds=meter.seconds,
        )


def _damaged_catalogue(root: Path, problem: str) -> ArchiveDamagedError:
    return ArchiveDamagedError(f"the catalogue in {str(root)!r} is damaged ({problem}): {SALVAGE}")


def _check_contents(store: VersionStore, ledger: Ledger, name: str) -> None:
    """Make sure that the catalogue holds what a version's manifest, if it is sound, says that it does.

    Raises:
        ArchiveDamagedError: where it does not.
    """
    manifest = _sound_manifest(store, name)
    if manifest:
        check_contents(store.root, manifest, contents_of(ledger, manifest.number).digest())


def _remove_strangers(store: VersionStore) -> list[str]:
    """Remove what lies in the folders of versions and was never published; return a line for each."""
    found = []
    for name in store.names():
        try:
            folder, manifest = store.folder(name), store.manifest(name)
        except (ArchiveDamagedError, ArchiveMismatchError):
            continue
        for path in strangers(folder, manifest):
            path.unlink(missing_ok=True)
            found.append(f"version {name}: {path} does not belong to the version")
    return found


def _live_number(store: VersionStore, ledger: Ledger) -> int | None:
    """Return the version that `CURRENT` names, or, where it names none that is known, the newest one."""
    published = ledger.published()
    try:
        current = store.current()
    except ArchiveDamagedError as error:
        logger.warning("%s", error)
        current = None
    if current is not None and int(current) in published:
        return int(current)
    return max(published, default=None)


def _write_anew(store: VersionStore, ledger: Ledger, number: int, meter: Meter) -> Manifest:
    settings_id, info, chunking = ledger.settings_of(number)
    publisher = Publisher(store, ledger, info, chunking, settings_id, meter)
    return publisher.republish(number)


def _restore(store: VersionStore, ledger: Ledger, name: str, meter: Meter) -> None:
    """Write a pinned version's files anew in their own place.

    Raises:
        ArchiveDamagedError: where the catalogue does not hold what its manifest, if sound, says.
    """
    _check_contents(store, ledger, name)
    settings_id, info, chunking = ledger.settings_of(int(name))
    publisher = Publisher(store, ledger, info, chunking, settings_id, meter)
    publisher.restore(int(name), _sound_manifest(store, name))


def _sound_manifest(store: VersionStore, name: str) -> Manifest | None:
    try:
        return store.manifest(name)
    except (ArchiveDamagedError, ArchiveMismatchError):
        return None


def _is_outdated(store: VersionStore, name: str) -> bool:
    manifest = _sound_manifest(store, name)
    return manifest is not None and manifest.derived != DERIVED_FORM


def _pointer_is_broken(store: VersionStore) -> bool:
    try:
        current = store.current()
        return current is None or not store.folder(current).is_dir()
    except ArchiveError:
        return True
