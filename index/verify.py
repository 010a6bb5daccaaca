"""Read every byte of an index and say what is not as it was written."""

from pathlib import Path

from index.catalogue import CATALOGUE_NAME, Catalogue
from index.edition import contents_of
from index.errors import ArchiveDamagedError, ArchiveError
from index.integrity import check_contents, file_problem, is_lock
from index.manifest import MANIFEST_NAME, Manifest
from index.records import Damage
from index.snapshot import Snapshot
from index.versions import CURRENT_NAME, VersionStore

REBUILD = "save what is sound with `dateline index repair --salvage`, or build the index anew"
REPUBLISH = "write it anew from the catalogue with `dateline index repair`"


def verify_archive(root: Path, store: VersionStore) -> list[Damage]:
    """Return the damage of an index: pointer, catalogue, and every version with every file."""
    found = _pointer(root, store)
    try:
        catalogue_damage = check_catalogue(root)
    except ArchiveError as error:
        catalogue_damage = [Damage(path=str(root / CATALOGUE_NAME), problem=str(error), mend=REBUILD)]
    found += catalogue_damage
    for name in store.names():
        found += _version(root, store, name, counts=not catalogue_damage)
    return found


def _pointer(root: Path, store: VersionStore) -> list[Damage]:
    """Check that `CURRENT` names a version that is there."""
    path = str(root / CURRENT_NAME)
    try:
        current = store.current()
        if current is None:
            return [Damage(path=path, problem="is missing", mend=REBUILD)]
        store.folder(current)
    except ArchiveError as error:
        return [Damage(path=path, problem=str(error), mend=REBUILD)]
    return []


def check_catalogue(root: Path) -> list[Damage]:
    """Run SQLite's own check, and compare every row that says what it must be with that.

    Raises:
        ArchiveMismatchError: where another release made it.
        ArchiveError: where it cannot be read just now, which says nothing about it.
    """
    path = str(root / CATALOGUE_NAME)
    try:
        with Catalogue.open(root) as catalogue:
            problems = catalogue.problems() or [
                *catalogue.altered_revisions(),
                *catalogue.altered_rows(),
                *catalogue.altered_articles(),
                *catalogue.altered_raw_texts(),
            ]
    except ArchiveDamagedError as error:
        problems = [str(error)]
    return [Damage(path=path, problem=problem, mend=REBUILD) for problem in problems]


def version_damage(root: Path, store: VersionStore, name: str) -> list[str]:
    """Return what is wrong with one version, a line for each place; empty is good."""
    return [f"{damage.path} {damage.problem}" for damage in _version(root, store, name, counts=True)]


def _version(root: Path, store: VersionStore, name: str, *, counts: bool) -> list[Damage]:
    """Check a version's manifest and files, and, where all are good, that their counts agree."""
    try:
        folder, manifest = store.folder(name), store.manifest(name)
    except ArchiveError as error:
        return [Damage(path=f"{root}/versions/{name}", problem=str(error), mend=REPUBLISH)]
    found = []
    for file, record in manifest.files.items():
        problem = file_problem(folder, file, record, thorough=True)
        if problem:
            found.append(Damage(path=str(folder / file), problem=problem, mend=REPUBLISH))
    found += [
        Damage(
            path=str(path),
            problem="does not belong to the version",
            mend="remove the file, or run `dateline index repair`",
        )
        for path in strangers(folder, manifest)
    ]
    if not found and counts:
        try:
            Snapshot.open(root, folder, manifest).close()
            with Catalogue.open(root) as catalogue:
                check_contents(root, manifest, contents_of(catalogue, manifest.number).digest())
        except ArchiveError as error:
            found.append(Damage(path=str(folder), problem=str(error), mend=REPUBLISH))
    return found


def strangers(folder: Path, manifest: Manifest) -> list[Path]:
    """Return what lies in a version's folder and was not published; nothing ever reads it."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if (path.is_symlink() or not path.is_dir())
        and path.relative_to(folder).as_posix() not in {*manifest.files, MANIFEST_NAME}
        and not is_lock(path)
    ]
