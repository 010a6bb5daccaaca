"""Links, pickles and pipes that somebody put into the folder of an index: never followed, never loaded."""

import hashlib
import json
import os
import pickle
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fault_news import CHUNKING, MarkedEmbedder, article, articles, expected
from fault_process import Tell, run
from fault_result import Result

from index.archive import Archive
from index.article import Article
from index.build import BuildMode, build, remove
from index.catalogue import CATALOGUE_NAME
from index.errors import DatelineError
from index.filters import Filter
from index.integrity import file_record
from index.lock import LOCK_NAME
from index.manifest import MANIFEST_NAME, parse_manifest
from index.readers.web import FETCHES_NAME
from index.repair import repair
from index.salvage import salvage
from index.sync.state_file import SYNC_NAME, StateFile
from index.versions import CURRENT_NAME, LEXICAL_NAME, VECTORS_NAME, VERSIONS_NAME

SIZE = 12
SECRET = b"the canary's own words, which belong to no index"
CHANGED, TAKEN, LOADED = "canaries changed", "canaries' words taken in", "pickles loaded"
FOLLOWED, WRONG, RAW = "links followed", "wrong answers", "errors that are not the project's"
FAULTS = (CHANGED, TAKEN, LOADED, FOLLOWED, WRONG, RAW)
LIVE = f"{VERSIONS_NAME}/000002"
EDITIONS = dict.fromkeys(range(SIZE), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """Something planted at `root`, with canaries in `outside`; `refused` operations must not succeed."""

    name: str
    put: Callable[[Path, Path], None]
    refused: tuple[str, ...] = ()


class Bomb:
    """A pickle of this makes a file where it is loaded."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self._path,)


def _bomb(outside: Path) -> bytes:
    return pickle.dumps(Bomb(outside.parent / "loaded"))


def _link(path: Path, target: Path) -> None:
    """Put a link in the place of a file or folder, which goes to where the link points."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.rename(target)
    path.symlink_to(target)


def _moved(name: str) -> Callable[[Path, Path], None]:
    return lambda root, outside: _link(root / name, outside / Path(name).name)


def _stray(name: str) -> Callable[[Path, Path], None]:
    return lambda root, outside: (root / name).symlink_to(outside / "secret.txt")


def _forge(root: Path, files: Callable[[dict[str, Any]], None]) -> None:
    """Write the live version's manifest anew, with another list of files and a right checksum."""
    path = root / LIVE / MANIFEST_NAME
    manifest = parse_manifest(path.read_bytes(), path.parent.name)
    listed: dict[str, Any] = dict(manifest.files)
    files(listed)
    path.write_bytes(manifest.model_copy(update={"files": listed}).render())


def _out_of_the_folder(root: Path, outside: Path) -> None:
    name = os.path.relpath(outside / "secret.txt", root / LIVE)
    _forge(root, lambda files: files.update({name: file_record(outside / "secret.txt")}))


def _pickled_vectors(root: Path, outside: Path) -> None:
    (root / LIVE / VECTORS_NAME).write_bytes(_bomb(outside))


def _forged_vectors(root: Path, outside: Path) -> None:
    _pickled_vectors(root, outside)
    _forge(root, lambda files: files.update({VECTORS_NAME: file_record(root / LIVE / VECTORS_NAME)}))


def _locked_elsewhere(root: Path, outside: Path) -> None:
    (root / LOCK_NAME).unlink(missing_ok=True)
    (root / LOCK_NAME).symlink_to(outside / "secret.txt")


def _log_elsewhere(root: Path, outside: Path) -> None:
    (root / f"{CATALOGUE_NAME}-wal").symlink_to(outside / "secret.txt")


def _half_written_elsewhere(root: Path, outside: Path) -> None:
    (root / VERSIONS_NAME / ".partial-000003-1").symlink_to(outside)


def _damaged_elsewhere(root: Path, outside: Path) -> None:
    _moved(f"{VERSIONS_NAME}/000001")(root, outside)


def _pipe(root: Path, outside: Path) -> None:  # noqa: ARG001 - as all plants are called
    os.mkfifo(root / LIVE / LEXICAL_NAME / "pipe")


PLANTS = (
    Plant(
        name="a pickle in a version's folder",
        put=lambda root, outside: (root / LIVE / "index.pkl").write_bytes(_bomb(outside)) and None,
    ),
    Plant(
        name="a pickle among the lexical files",
        put=lambda root, outside: (
            (root / LIVE / LEXICAL_NAME / "docs.pkl").write_bytes(_bomb(outside)) and None
        ),
    ),
    Plant(name="a pickle for vectors.faiss", put=_pickled_vectors, refused=("read",)),
    Plant(
        name="a pickle for vectors.faiss, and a manifest with its checksum",
        put=_forged_vectors,
        refused=("read",),
    ),
    Plant(name="a manifest that names a file outside", put=_out_of_the_folder, refused=("read",)),
    Plant(name="a link for the live version", put=_moved(LIVE), refused=("read",)),
    Plant(name="a link for an older version", put=_damaged_elsewhere, refused=("rollback",)),
    Plant(name="a link for versions", put=_moved(VERSIONS_NAME), refused=("read", "add", "remove", "gc")),
    Plant(name="a link for manifest.json", put=_moved(f"{LIVE}/{MANIFEST_NAME}"), refused=("read",)),
    Plant(name="a link for vectors.faiss", put=_moved(f"{LIVE}/{VECTORS_NAME}"), refused=("read",)),
    Plant(name="a link for the lexical folder", put=_moved(f"{LIVE}/{LEXICAL_NAME}"), refused=("read",)),
    Plant(name="a link for CURRENT", put=_moved(CURRENT_NAME), refused=("read", "add", "remove")),
    Plant(
        name="a link for catalogue.db",
        put=_moved(CATALOGUE_NAME),
        refused=("read", "add", "remove", "gc", "rollback", "pin", "salvage"),
    ),
    Plant(name="a link for the catalogue's log", put=_log_elsewhere),
    Plant(name="a link for writer.lock", put=_locked_elsewhere),
    Plant(name="a link for sync.db", put=_moved(SYNC_NAME), refused=("caches",)),
    Plant(name="a link for fetches.db", put=_moved(FETCHES_NAME), refused=("caches",)),
    Plant(name="a link in a version's folder", put=_stray(f"{LIVE}/more.txt")),
    Plant(name="a link among the lexical files", put=_stray(f"{LIVE}/{LEXICAL_NAME}/more.txt")),
    Plant(
        name="a pipe among the lexical files",
        put=_pipe,
    ),
    Plant(name="a link for a half-written version", put=_half_written_elsewhere),
)


def operate(tell: Tell, root: Path, operation: str) -> dict[str, str] | None:
    """Do one thing with an index; return its answers then (text by address), where they are asked."""
    tell(operation)
    archive = Archive(root)
    if operation in _QUIET:
        _QUIET[operation](root)
        return None
    if operation in _WRITES:
        _WRITES[operation](root)
    return _texts(archive)


def _build(root: Path, given: list[Article], mode: BuildMode) -> None:
    build(root, given, embedder=MarkedEmbedder(), chunking=CHUNKING, mode=mode)


def _salvage(root: Path) -> None:
    found = list(salvage(root))
    if not any(isinstance(one, Article) for one in found):
        raise DatelineError(f"nothing was salvaged: {found[0] if found else 'no article'}")


def _touch_caches(root: Path) -> None:
    from contextlib import closing

    from index.fetch.memory_file import open_memory_file

    with closing(StateFile.open(root)) as state:
        state.run("INSERT OR REPLACE INTO swept VALUES (?)", b"/news")
    with closing(open_memory_file(root / FETCHES_NAME)) as connection, connection:
        connection.execute("INSERT OR REPLACE INTO pages (url) VALUES ('https://quay.example/new')")


def _texts(archive: Archive) -> dict[str, str]:
    archive.list_articles()
    with archive.open(embedder=MarkedEmbedder().info) as snapshot:
        hits = snapshot.search_lexical("harbour", 1_000, Filter())
        return {passage.url: passage.text for passage in snapshot.passages([hit.row for hit in hits])}


def _right(operation: str) -> dict[str, str]:
    """Return what an index answers after an operation that went well."""
    editions = dict(EDITIONS)
    if operation == "add":
        editions[SIZE] = 0
    elif operation == "remove":
        editions.pop(0)
    elif operation == "rollback":
        editions.pop(SIZE - 1)
    return expected(editions)


def _prepare(tell: Tell, root: Path) -> None:
    tell("build")
    first = articles(EDITIONS)[:-1]
    build(root, first, embedder=MarkedEmbedder(), chunking=CHUNKING, mode=BuildMode.REPLACE)
    last = articles(EDITIONS)[-1:]
    build(root, last, embedder=MarkedEmbedder(), chunking=CHUNKING, mode=BuildMode.ADD)
    _touch_caches(root)


_WRITES: dict[str, Callable[[Path], Any]] = {
    "add": lambda root: _build(root, [article(SIZE)], BuildMode.ADD),
    "build": lambda root: _build(root, articles(EDITIONS), BuildMode.REPLACE),
    "remove": lambda root: remove(root, [article(0).id]),
    "gc": lambda root: Archive(root).collect_garbage(keep=1),
    "rollback": lambda root: Archive(root).rollback("000001"),
    "pin": lambda root: Archive(root).pin("000001", pinned=True),
    "repair": repair,
}
_QUIET: dict[str, Callable[[Path], Any]] = {
    "verify": lambda root: Archive(root).verify(),
    "salvage": _salvage,
    "caches": _touch_caches,
}
OPERATIONS = ("read", *_WRITES, *_QUIET)


def plant_all(folder: Path) -> Result:
    """Plant everything under every operation, each in a fresh copy, and return what was touched."""
    result = Result(scenario="planted things")
    result.expect_none(*FAULTS)
    sound = folder / "sound"
    run(_prepare, sound)
    outcomes: Counter[str] = Counter()
    for plant in PLANTS:
        for operation in OPERATIONS:
            outcomes[_try(result, plant, operation, sound, folder / "trial")] += 1
    result.figures |= dict(outcomes)
    return result


def _try(result: Result, plant: Plant, operation: str, sound: Path, folder: Path) -> str:
    """Plant one thing and do one operation; return how it ended."""
    shutil.rmtree(folder, ignore_errors=True)
    root, outside = folder / "index", folder / "outside"
    outside.mkdir(parents=True)
    shutil.copytree(sound, root)
    (outside / "secret.txt").write_bytes(SECRET)
    plant.put(root, outside)
    before = _state(outside)
    ending = run(operate, root, operation)
    where = f"{plant.name}, {operation}"
    result.trials += 1
    if _state(outside) != before:
        result.blame(CHANGED, f"{where}: {_difference(before, _state(outside))}")
    if (folder / "loaded").exists():
        result.blame(LOADED, where)
    if any(
        SECRET in path.read_bytes() for path in root.rglob("*") if path.is_file() and not path.is_symlink()
    ):
        result.blame(TAKEN, where)
    if ending.raw:
        result.blame(RAW, f"{where}: {ending.raw}")
        return "other errors"
    if not ending.returned:
        if "\n" in ending.error:
            result.blame(RAW, f"{where}: more than one line: {ending.error}")
        return "refused with a project error"
    if operation in plant.refused:
        result.blame(FOLLOWED, where)
    if ending.value is not None and not _agree(ending.value, _right(operation)):
        result.blame(WRONG, f"{where}: {len(ending.value)} articles")
    return "done without touching it"


def _agree(found: dict[str, str], right: dict[str, str]) -> bool:
    return found.keys() == right.keys() and all(right[url].startswith(text) for url, text in found.items())


def _state(folder: Path) -> dict[str, str]:
    """Return what every file of a folder holds, and when it was written."""
    found = {}
    for path in sorted(folder.rglob("*")):
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path.relative_to(folder))] = json.dumps([content, path.lstat().st_mtime_ns])
    return found


def _difference(before: dict[str, str], after: dict[str, str]) -> str:
    names = sorted({*before, *after})
    return ", ".join(name for name in names if before.get(name) != after.get(name))[:200]
