"""Bits flipped and files cut short, everywhere in an index: found, refused or mended, never answered from."""

import os
import random
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from fault_history import Past, add, make_past, unfinished_log
from fault_observation import observe, raw, refused, silent
from fault_process import Ending, Tell, run
from fault_result import Result

from index.archive import Archive
from index.article import Article
from index.catalogue import CATALOGUE_NAME
from index.errors import DatelineError
from index.repair import repair
from index.salvage import salvage
from index.versions import CURRENT_NAME, VERSIONS_NAME

SILENT, RAW, AFTER_REPAIR = (
    "answered from silently",
    "errors that are not the project's",
    "wrong after repair",
)
NOT_MENDED, AFTER_ADDITION = "derived files not mended", "wrong after an addition"
FORGED, REVIVED = "altered texts salvaged", "removed texts salvaged"
FAULTS = (SILENT, RAW, NOT_MENDED, AFTER_REPAIR, AFTER_ADDITION, FORGED, REVIVED)
LOG_NAME = f"{CATALOGUE_NAME}-wal"
CATALOGUE_SHARE, LOG_SHARE = 0.5, 0.1
WITH_LOG = 3
"""One trial in so many is made on an index whose newest version is only in SQLite's log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One bit of a file (`bit` counts from its start), or its length."""

    path: str
    bit: int | None = None
    length: int | None = None
    table: str = ""

    def __str__(self) -> str:
        what = f"bit {self.bit}" if self.bit is not None else f"cut to {self.length:,} bytes"
        return f"{self.path} {what}{f' (table {self.table})' if self.table else ''}"

    def apply(self, root: Path) -> None:
        """Do it to the index at `root`, leaving the file's time as it was."""
        path = root / self.path
        status = path.stat()
        with path.open("r+b") as stream:
            if self.bit is not None:
                stream.seek(self.bit // 8)
                byte = stream.read(1)[0]
                stream.seek(self.bit // 8)
                stream.write(bytes([byte ^ (1 << self.bit % 8)]))
            else:
                stream.truncate(self.length)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def damage_all(folder: Path, *, flip: int, cut: int, seed: int) -> list[Result]:
    """Flip bits and cut files, each in a fresh copy of an index; return a row for each kind."""
    chance = random.Random(seed)  # noqa: S311 - trials that repeat
    past = make_past(folder / "past")
    logged = unfinished_log(past, folder)
    return [
        _try_all(name, folder, [(past, make(past.root, chance, count - count // WITH_LOG)),
                                (logged, make(logged.root, chance, count // WITH_LOG))])
        for name, make, count in (("bits flipped", flips, flip), ("files cut short", cuts, cut))
    ]  # fmt: skip


def _try_all(name: str, folder: Path, damages: Sequence[tuple[Past, Sequence[Damage]]]) -> Result:
    result = Result(scenario=name)
    result.expect_none(*FAULTS)
    outcomes: Counter[str] = Counter()
    began = time.monotonic()
    for past, ones in damages:
        trial = _Trial(past, folder / "copies", result, outcomes)
        for damage in ones:
            trial.run(damage)
    result.figures |= dict(sorted(outcomes.items()))
    result.figures["files"] = max(len(_other_files(past.root)) + 1 for past, _ in damages)
    result.figures["seconds"] = round(time.monotonic() - began)
    return result


def examine(tell: Tell, root: Path, past: Past) -> dict[str, Any]:
    """Ask a damaged index everything, verify it, repair it, and ask again; else salvage it."""
    found: dict[str, Any] = {"seen": observe(tell, root, past.known), "salvage": ("returned", (0, 0, 0))}
    tell("verify")
    found["verify"] = _guarded(lambda: [damage.path for damage in Archive(root).verify()])
    tell("repair")
    found["repair"] = _guarded(lambda: repair(root).version)
    if found["repair"][0] == "returned":
        found["after"] = observe(tell, root, past.known, versions=False)
        found["sound"] = _guarded(lambda: [damage.path for damage in Archive(root).verify()])
    else:
        tell("salvage")
        found["salvage"] = _guarded(lambda: _saved(root, past))
    return found


def examine_addition(tell: Tell, root: Path, past: Past) -> dict[str, Any]:
    """Add an article to an index and ask what it answers then."""
    tell("add")
    ended = _guarded(lambda: add(root))
    seen = observe(tell, root, past.known, versions=False) if ended[0] == "returned" else {}
    return {"add": ended, "seen": seen}


def _guarded(work: Callable[[], Any]) -> tuple[str, Any]:
    """Return ("returned", value), or ("refused" | "raw", what was raised)."""
    try:
        return "returned", work()
    except DatelineError as error:
        return "refused", f"{type(error).__name__}: {error}"
    except Exception as error:  # noqa: BLE001 - whatever comes is what is to be seen
        return "raw", f"{type(error).__name__}: {error}"


def _saved(root: Path, past: Past) -> tuple[int, int, int]:
    """Return how many articles are salvaged, how many of them are altered, and how many had been removed."""
    found = [one for one in salvage(root) if isinstance(one, Article)]
    gone = sum(one.id in past.gone for one in found)
    return len(found), sum(one.text not in past.texts and one.id not in past.gone for one in found), gone


class _Trial:
    """Damages copies of one index, one thing at a time, and judges what is seen then."""

    def __init__(self, past: Past, folder: Path, result: Result, outcomes: Counter[str]) -> None:
        self._past, self._root = past, folder / "index"
        self._result, self._outcomes = result, outcomes
        sound = _value(self._examine(examine))
        self._right: Mapping[str, str] = sound["seen"]
        self._right_after: Mapping[str, str] = _value(self._examine(examine_addition))["seen"]
        if sound["verify"] != ("returned", []) or raw(self._right) or refused(self._right):
            raise RuntimeError(f"the index is not sound to begin with: {sound['verify']}")

    def run(self, damage: Damage) -> None:
        """Damage a copy and examine it in a process of its own; see what an addition does to it, too."""
        self._result.trials += 1
        ending = self._examine(examine, damage)
        if not ending.returned:
            self._blame(RAW, damage, f"{ending.raw} after {ending.told[-1:]}")
            return
        self._judge(damage, ending.value)
        if damage.path.startswith(CATALOGUE_NAME):
            self._judge_addition(damage, self._examine(examine_addition, damage))

    def _examine(self, how: Callable[..., Any], damage: Damage | None = None) -> Ending:
        shutil.rmtree(self._root.parent, ignore_errors=True)
        self._past.copy(self._root)
        if damage:
            damage.apply(self._root)
        return run(how, self._root, self._past)

    def _judge(self, damage: Damage, found: Mapping[str, Any]) -> None:
        seen, mended = found["seen"], found["repair"][0] == "returned"
        steps = [
            f"{step}: {found[step][1]}"
            for step in ("verify", "repair", "sound", "salvage")
            if found.get(step, ("", ""))[0] == "raw"
        ]
        for error in [*raw(seen), *steps][:1]:
            self._blame(RAW, damage, error)
        if wrong := silent(self._right, seen):
            self._blame(SILENT, damage, f"{len(wrong)} questions: {', '.join(wrong[:4])}")
        elif refused(seen):
            self._outcomes["refused, then mended" if mended else "refused"] += 1
        elif found["verify"] != ("returned", []):
            self._outcomes["right answers, found by verify"] += 1
        else:
            self._outcomes["right answers, in bytes without use"] += 1
        if mended:
            self._judge_mended(damage, found)
        else:
            self._judge_salvaged(damage, found)

    def _judge_salvaged(self, damage: Damage, found: Mapping[str, Any]) -> None:
        if damage.path.startswith(VERSIONS_NAME):
            self._blame(NOT_MENDED, damage, str(found["repair"][1]))
        saved, forged, revived = found["salvage"][1] if found["salvage"][0] == "returned" else (0, 0, 0)
        self._outcomes["salvages with articles"] += bool(saved)
        if forged:
            self._blame(FORGED, damage, f"{forged} articles")
        if revived:
            self._blame(REVIVED, damage, f"{revived} articles")

    def _judge_mended(self, damage: Damage, found: Mapping[str, Any]) -> None:
        wrong = [name for name, answer in found["after"].items() if self._right.get(name) != answer]
        if wrong:
            self._blame(AFTER_REPAIR, damage, f"{', '.join(wrong[:3])}: {found['after'][wrong[0]][:160]}")
        elif found["sound"][1]:
            self._blame(AFTER_REPAIR, damage, f"verify still finds {found['sound'][1]}")

    def _judge_addition(self, damage: Damage, ending: Ending) -> None:
        if not ending.returned:
            self._blame(RAW, damage, f"add: {ending.raw}")
        elif ending.value["add"][0] == "raw":
            self._blame(RAW, damage, f"add: {ending.value['add'][1]}")
        elif wrong := silent(self._right_after, ending.value["seen"]):
            self._blame(AFTER_ADDITION, damage, f"{len(wrong)} questions: {', '.join(wrong[:4])}")

    def _blame(self, kind: str, damage: Damage, example: str) -> None:
        self._result.blame(kind, f"{damage}: {example}")


def _value(ending: Ending) -> Any:
    if not ending.returned:
        raise RuntimeError(f"the sound index cannot be examined: {ending.raw or ending.error}")
    return ending.value


def flips(root: Path, chance: random.Random, count: int) -> list[Damage]:
    """Return single-bit flips: many in the catalogue, table by table, and the rest over all other files."""
    log = root / LOG_NAME
    in_log = round(count * LOG_SHARE * WITH_LOG) if log.exists() and log.stat().st_size else 0
    in_catalogue = round(count * CATALOGUE_SHARE)
    others = _other_files(root)
    paths = list(islice(cycle(chance.sample(others, len(others))), count - in_log - in_catalogue))
    paths += [LOG_NAME] * in_log
    return [_flip(root, path, chance) for path in paths] + list(_in_tables(root, chance, in_catalogue))


def cuts(root: Path, chance: random.Random, count: int) -> list[Damage]:
    """Return cuts of files: to nothing, by one byte, by half, and anywhere."""
    small = [path for path in _other_files(root) if path.endswith((CURRENT_NAME, "manifest.json"))]
    large = [
        name
        for name in (CATALOGUE_NAME, LOG_NAME)
        if (root / name).is_file() and (root / name).stat().st_size
    ]
    paths = large * 4 + chance.sample(small, min(4, len(small)))
    paths += chance.sample(_other_files(root), len(_other_files(root)))
    found = []
    for number, path in enumerate(islice(cycle(paths), count)):
        size = (root / path).stat().st_size
        found.append(Damage(path=path, length=(0, size - 1, size // 2, chance.randrange(size))[number % 4]))
    return found


def _flip(root: Path, path: str, chance: random.Random) -> Damage:
    return Damage(path=path, bit=chance.randrange((root / path).stat().st_size * 8))


def _other_files(root: Path) -> list[str]:
    """Return every file of an index but the catalogue's, those without a byte left out."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file() and path.stat().st_size)
    names = (path.relative_to(root).as_posix() for path in files)
    return [name for name in names if not name.startswith(CATALOGUE_NAME)]


def _in_tables(root: Path, chance: random.Random, count: int) -> Iterator[Damage]:
    """Yield flips in the catalogue: each table and index is hit about as often, and the header too."""
    path = root / CATALOGUE_NAME
    with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as database:
        size = int(database.execute("PRAGMA page_size").fetchone()[0])
        try:
            rows = database.execute("SELECT name, pageno FROM dbstat").fetchall()
        except sqlite3.Error:  # a build of SQLite without that table: pages are all that is known
            rows = [("", number + 1) for number in range(path.stat().st_size // size)]
    pages: dict[str, list[int]] = {}
    for name, page in rows:
        pages.setdefault(name, []).append(page)
    for name in islice(cycle(chance.sample(sorted(pages), len(pages))), count):
        start = (chance.choice(pages[name]) - 1) * size
        yield Damage(path=CATALOGUE_NAME, bit=start * 8 + chance.randrange(size * 8), table=name)
