"""A full disk, a read-only one, a clock that was set back: a clear error, and the old version serves."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from fault_kills import Kind, Operation, State, answers, work
from fault_news import CHUNKING, MarkedEmbedder, articles, expected
from fault_process import Ending, Tell, run
from fault_result import Result

from index.build import BuildMode, build

SIZE, NEW = 150, 600
KINDS: tuple[Kind, ...] = ("build", "add", "remove", "gc", "rollback")
UNCLEAR, WRONG, UNSOUND = "errors that are not clear", "old version does not serve", "damage left behind"
STUCK, REFUSED = "writes that fail afterwards", "refused for the clock"
BLOCK = 1 << 16
BEFORE: State = dict.fromkeys(range(SIZE), 0)


def fill_all(folder: Path, *, trials: int, seed: int) -> list[Result]:
    """Let writes meet a limit on files, a full disk, a read-only one, and a clock that was set back."""
    chance = random.Random(seed)  # noqa: S311 - trials that repeat
    sound = folder / "sound"
    _value(run(prepare, sound, False))
    return [
        _limited(sound, folder / "trial", trials, chance),
        _full(sound, folder / "mounted", trials // 2, chance),
        _read_only(sound, folder / "mounted"),
        _set_back(folder / "ahead"),
    ]


def prepare(tell: Tell, root: Path, ahead: bool) -> None:
    """Build two versions, the clock a year ahead if asked."""
    if ahead:
        _move_clock(365)
    tell("build")
    for part in (articles(BEFORE)[:-1], articles(BEFORE)[-1:]):
        build(root, part, embedder=MarkedEmbedder(), chunking=CHUNKING, mode=BuildMode.ADD)


def operation(kind: Kind) -> Operation:
    """Return what is tried, on an index that holds `BEFORE`."""
    new = dict.fromkeys(range(SIZE, SIZE + NEW), 0)
    match kind:
        case "build":
            return Operation(kind=kind, given=new, after=new)
        case "add":
            return Operation(kind=kind, given=new, after=BEFORE | new)
        case "remove":
            gone = articles({0: 0})[0].id
            return Operation(kind=kind, references=(gone,), after={n: e for n, e in BEFORE.items() if n})
        case "rollback":
            first = dict.fromkeys(range(SIZE - 1), 0)
            return Operation(kind=kind, version="000001", after=first)
        case _:
            return Operation(kind=kind, after=BEFORE)


def limited_work(tell: Tell, root: Path, log: Path, what: Operation, limit: int) -> str | None:
    """Do it with no file growing beyond so many bytes."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        return work(tell, root, log, what)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _limited(sound: Path, folder: Path, trials: int, chance: random.Random) -> Result:
    result, outcomes = _new_result("files that must not grow (RLIMIT_FSIZE)"), Counter[str]()
    for number in range(trials):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(sound, folder / "index")
        what = operation(KINDS[number % len(KINDS)])
        limit = int(2 ** chance.uniform(9, 21))  # 512 bytes to 2 MB
        ending = run(limited_work, folder / "index", folder / "log", what, limit)
        _judge(result, outcomes, folder / "index", what, ending, f"{what.kind}, {limit:,} bytes")
    result.figures |= dict(sorted(outcomes.items()))
    return result


def _full(sound: Path, folder: Path, trials: int, chance: random.Random) -> Result:
    result, outcomes = _new_result("a full disk (tmpfs)"), Counter[str]()
    for number in range(trials):
        with _mounted(folder) as mounted:
            if not mounted:
                result.skipped = "no tmpfs may be mounted here"
                break
            root = folder / "index"
            shutil.copytree(sound, root)
            what = operation(KINDS[number % len(KINDS)])
            _fill(folder, left=int(2 ** chance.uniform(10, 22)))
            ending = run(work, root, folder.with_name("log"), what)
            checked = run(answers, root, [])
            (folder / "ballast").unlink()
            _judge(result, outcomes, root, what, ending, f"{what.kind}, trial {number}", full=checked)
    result.figures |= dict(sorted(outcomes.items()))
    return result


def _read_only(sound: Path, folder: Path) -> Result:
    result, outcomes = _new_result("a read-only folder"), Counter[str]()
    for kind in KINDS:
        with _mounted(folder) as mounted:
            if not mounted:
                result.skipped = "no tmpfs may be mounted here"
                break
            root = folder / "index"
            shutil.copytree(sound, root)
            _mount("-o", "remount,ro", str(folder))
            ending = run(work, root, folder.with_name("log"), operation(kind))
            checked = run(answers, root, [])
            _mount("-o", "remount,rw", str(folder))
            if ending.returned:
                result.blame(WRONG, f"{kind} on a read-only folder says that it is done")
            _judge(result, outcomes, root, operation(kind), ending, f"{kind}, read-only", full=checked)
    result.figures |= dict(sorted(outcomes.items()))
    return result


def _set_back(root: Path) -> Result:
    """Write an index with the clock a year ahead, and go on with it as the time is now."""
    result, outcomes = _new_result("a clock set back by a year"), Counter[str]()
    result.expect_none(REFUSED)
    for kind in KINDS:
        shutil.rmtree(root, ignore_errors=True)
        _value(run(prepare, root, True))
        late = (datetime.now() + timedelta(days=365)).timestamp()
        for path in root.rglob("*"):
            os.utime(path, (late, late))
        what = operation(kind)
        ending = run(work, root, root.with_name("log"), what)
        if not ending.returned:
            result.blame(REFUSED, f"{kind}: {ending.error}")
        _judge(result, outcomes, root, what, ending, f"{kind}, clock set back")
    result.figures |= dict(sorted(outcomes.items()))
    return result


def _new_result(name: str) -> Result:
    result = Result(scenario=name)
    result.expect_none(UNCLEAR, WRONG, UNSOUND, STUCK)
    return result


def _judge(
    result: Result,
    outcomes: Counter[str],
    root: Path,
    what: Operation,
    ending: Ending,
    where: str,
    full: Ending | None = None,
) -> None:
    """Compare the answers with what they must be, while the disk is `full` and after; then add an article."""
    result.trials += 1
    if ending.raw or "\n" in ending.error:
        result.blame(UNCLEAR, f"{where}: {ending.raw or ending.error}")
    state = what.after if ending.returned else BEFORE
    outcomes["done" if ending.returned else "refused with one clear line"] += 1
    for checked in filter(None, (full, run(answers, root, []))):
        if not checked.returned:
            result.blame(WRONG, f"{where}: {checked.raw or checked.error}")
        elif checked.value["dense"] != expected(state) or checked.value["lexical"] != expected(state):
            result.blame(WRONG, f"{where}: other articles than before, after {ending.error or 'done'}")
        elif checked.value["damage"]:
            result.blame(UNSOUND, f"{where}: {checked.value['damage'][0]}")
    new = {SIZE + NEW: 0}
    again = run(work, root, root.with_name("log"), Operation(kind="add", given=new, after=state | new))
    if not again.returned:
        result.blame(STUCK, f"{where}: {again.raw or again.error}")
    elif (last := run(answers, root, [])).returned and last.value["dense"] != expected(state | new):
        result.blame(WRONG, f"{where}: other articles after the next addition")


@contextmanager
def _mounted(folder: Path) -> Iterator[bool]:
    """Mount a tmpfs of 16 MB; tells whether that was allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = sys.platform == "linux" and _mount("-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder))
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607 - the folder above


def _mount(*arguments: str) -> bool:
    try:
        done = subprocess.run(["mount", *arguments], check=False, capture_output=True)  # noqa: S603, S607
    except OSError:
        return False
    return done.returncode == 0


def _fill(folder: Path, left: int) -> None:
    """Write ballast until about so many bytes are left."""
    with (folder / "ballast").open("wb") as stream:
        while (free := shutil.disk_usage(folder).free) > left:
            stream.write(bytes(min(BLOCK, max(free - left, 1))))
            stream.flush()


def _move_clock(days: int) -> None:
    """Let the time that the project's modules see be so many days from now, in this process."""

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=days)

    for name, module in list(sys.modules.items()):
        if name.startswith("index.") and getattr(module, "datetime", None) is datetime:
            module.datetime = Moved  # type: ignore[attr-defined]


def _value(ending: Ending) -> Any:
    if not ending.returned:
        raise RuntimeError(f"the index cannot be prepared: {ending.raw or ending.error}")
    return ending.value
