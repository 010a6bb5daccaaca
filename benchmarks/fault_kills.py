"""SIGKILL at random moments of everything that writes: what was acknowledged is there, and nothing else."""

import random
import statistics
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from fault_news import CHUNKING, MarkedEmbedder, articles, expected, log_calls
from fault_process import Child, Ending, Tell, run
from fault_result import Result

from index.archive import Archive
from index.article import Article
from index.build import BuildMode, build, remove
from index.errors import ArticleNotFoundError
from index.filters import Filter
from index.ingest import TEXTS_PER_COMMIT
from index.progress import Progress
from index.repair import repair

Kind = Literal["build", "add", "remove", "gc", "repair", "rollback"]
State = dict[int, int]
"""The articles of a version: number to edition."""

WRITES: tuple[Kind, ...] = ("build", "add", "remove", "add", "build")
UPKEEP: tuple[Kind, ...] = ("gc", "repair", "rollback")
LOST, DIFFERS, CLOSED = "acknowledged articles lost", "answers from removed text", "indexes that do not open"
TWICE, UNSOUND = "vectors embedded twice", "other versions left damaged"
RAW = "errors that are not the project's"
FAULTS = (LOST, CLOSED, DIFFERS, TWICE, UNSOUND, RAW)
PAUSE_S = 0.01
CALIBRATIONS = 2
KEPT = 2
GC_EVERY = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Something that writes: what it is given, and the state of the index when it is done."""

    kind: Kind
    after: State
    given: State = field(default_factory=dict)
    references: tuple[str, ...] = ()
    version: str = ""


def work(tell: Tell, root: Path, log: Path, operation: Operation) -> str | None:
    """Do an operation in this process, and return the version that is live then: that acknowledges it."""
    stages: set[str] = set()

    def progress(now: Progress) -> None:
        if now.stage not in stages:
            stages.add(now.stage)
            tell(str(now.stage))

    embedder = MarkedEmbedder(log=log, pause_s=PAUSE_S)
    given = articles(operation.given)
    tell("begun")
    match operation.kind:
        case "build" | "add":
            mode = BuildMode.REPLACE if operation.kind == "build" else BuildMode.ADD
            build(root, given, embedder=embedder, chunking=CHUNKING, mode=mode, progress=progress)
        case "remove":
            remove(root, operation.references, progress=progress)
        case "gc":
            Archive(root).collect_garbage(keep=KEPT)
        case "rollback":
            Archive(root).rollback(operation.version)
        case "repair":
            repair(root, progress=progress)
    return Archive(root).current_version()


def answers(tell: Tell, root: Path, removed: Sequence[str]) -> dict[str, Any]:
    """Return what the live version answers with (text by address), and what `verify` finds."""
    tell("answers")
    embedder, archive = MarkedEmbedder(), Archive(root)
    damage = [f"{one.path}: {one.problem}" for one in archive.verify()]
    found: list[dict[str, str]] = []
    with archive.open(embedder=embedder.info) as snapshot:
        size = snapshot.chunk_count + 10
        dense = snapshot.search_dense(embedder.embed_query("harbour"), size, Filter())
        lexical = snapshot.search_lexical("harbour", size, Filter())
        for hits in (dense, lexical):
            passages = snapshot.passages([hit.row for hit in hits])
            found.append({passage.url: passage.text for passage in passages})
        version = snapshot.version
    listed = {record.id for record in archive.list_articles()}
    shown = []
    for article_id in removed:
        try:
            shown.append(archive.article(article_id).record.url)
        except ArticleNotFoundError:
            continue
    return {
        "version": version,
        "dense": found[0],
        "lexical": found[1],
        "listed": listed,
        "shown": shown,
        "damage": damage,
    }


class Kills:
    """One index that is written to and killed again and again, and what is known to be in it."""

    def __init__(self, folder: Path, chance: random.Random, size: int, result: Result) -> None:
        self.root, self.log = folder / "index", folder / "embedded.log"
        self.result = result
        self.states: dict[str, State] = {}
        self.live = ""
        self.stages: Counter[tuple[str, str]] = Counter()
        self.kills = self.acknowledged = self.open_ends = self.repeated = 0
        self._chance = chance
        self._size = size
        self._next = 0
        self._calls_seen = 0
        self._safe: set[str] = set()
        self._took: dict[Kind, float] = {}
        self._again: Operation | None = None

    @property
    def state(self) -> State:
        """What the live version holds."""
        return self.states.get(self.live, {})

    def begin(self, kinds: Sequence[Kind]) -> None:
        """Make the first version, and measure how long each kind of operation takes."""
        for kind in ("build", *dict.fromkeys(kinds)):
            took = [self._whole(self.invent(kind)) for _ in range(CALIBRATIONS)]
            self._took[kind] = statistics.median(took)

    def _whole(self, operation: Operation) -> float:
        """Run an operation to its end and return how many seconds it took."""
        child = Child(work, self.root, self.log, operation)
        child.await_message()
        began = time.monotonic()
        ending = child.wait()
        took = time.monotonic() - began
        self._settle(operation, ending)
        return took

    def strike(self, kind: Kind) -> bool:
        """Begin an operation, kill it at a random moment, and check the index; return whether it was hit."""
        again = self._again if self._chance.random() < 1 / 2 else None
        operation = again or self.invent(kind)
        child = Child(work, self.root, self.log, operation)
        child.await_message()
        time.sleep(self._chance.uniform(0, self._took[operation.kind] * 1.05))
        ending = child.kill()
        hit = not ending.returned
        if hit and not ending.error:
            self.kills += 1
            self.stages[operation.kind, ending.told[-1] if ending.told else "start"] += 1
        self._again = operation if hit and operation.kind in ("build", "add") else None
        self._settle(operation, ending)
        return hit

    def _settle(self, operation: Operation, ending: Ending) -> None:
        """Check what an operation left against what it acknowledged."""
        self.result.trials += 1
        self.acknowledged += ending.returned
        if ending.error or ending.hung:
            self.result.blame(RAW, f"{operation.kind}: {ending.raw or ending.error}")
        self._count_embedded(killed=not ending.returned)
        if operation.kind == "repair" and not ending.returned:  # what it began has to be done to the end
            ending = run(work, self.root, self.log, operation)
        if operation.kind == "gc":  # what only cleared versions had is rightly embedded again
            self._safe = set()
        if not self.states and not ending.returned:
            return  # nothing was ever acknowledged
        gone = [one.id for one in articles({n: e for n, e in self.state.items() if n not in operation.after})]
        checked = run(answers, self.root, gone if ending.returned else [])
        if not checked.returned:
            self.result.blame(CLOSED, f"after {_said(operation, ending)}: {checked.error or checked.raw}")
            return
        self._compare(operation, ending, checked.value)

    def _compare(self, operation: Operation, ending: Ending, found: Mapping[str, Any]) -> None:
        version = str(found["version"])
        if ending.returned:
            state = operation.after
            if version != ending.value:
                self.result.blame(LOST, f"{ending.value} was acknowledged, {version} is live")
        elif version in self.states:
            state = self.states[version]
            if version not in (self.live, operation.version):
                self.result.blame(
                    LOST, f"{version} is live, {self.live} was before {_said(operation, ending)}"
                )
        else:
            state = operation.after
        self.live = version
        self.states[version] = state
        right = expected(state)
        for kind in ("dense", "lexical"):
            self._compare_texts(right, found[kind], f"{kind} search after {_said(operation, ending)}")
        if found["listed"] != {one.id for one in articles(state)}:
            self.result.blame(LOST, f"the list of articles differs after {_said(operation, ending)}")
        for url in found["shown"]:
            self.result.blame(DIFFERS, f"{url} is still shown after {_said(operation, ending)}")
        for damage in found["damage"]:
            self.result.blame(UNSOUND, f"after {_said(operation, ending)}: {damage[-200:]}")

    def _compare_texts(self, right: Mapping[str, str], found: Mapping[str, str], where: str) -> None:
        lost = [url for url, text in right.items() if not text.startswith(found.get(url, "-"))]
        wrong = [url for url, text in found.items() if not right.get(url, "").startswith(text)]
        if lost:
            self.result.blame(LOST, f"{len(lost)} articles in {where}")
        if wrong:
            self.result.blame(DIFFERS, f"{len(wrong)} articles in {where}")

    def _count_embedded(self, *, killed: bool) -> None:
        """Count the texts that were embedded though an earlier batch of theirs had been kept."""
        calls = log_calls(self.log)[self._calls_seen :]
        self._calls_seen += len(calls)
        for place, call in enumerate(calls):
            for mark in self._safe.intersection(call):
                self.result.blame(TWICE, f"text {mark}")
            if not (killed and place == len(calls) - 1):
                self._safe.update(call)
            else:
                self.open_ends += len(call)
                if len(call) > TEXTS_PER_COMMIT:
                    self.result.blame(TWICE, f"a batch of {len(call)} texts was open")

    def invent(self, kind: Kind) -> Operation:
        """Return a new operation of a kind, for the index as it is now."""
        state = dict(self.state)
        match kind:
            case "build":
                return self._new_build(state)
            case "add":
                return self._new_addition(state)
            case "remove":
                return self._new_removal(state)
            case "repair":
                return self._new_repair(state)
            case "rollback":
                return self._new_rollback()
            case "gc":
                return Operation(kind="gc", after=state)

    def _new_build(self, state: State) -> Operation:
        kept = self._some(state, self._size // 3)
        given = {number: state[number] for number in kept} | self._new(self._size - len(kept))
        return Operation(kind="build", given=given, after=given)

    def _new_addition(self, state: State) -> Operation:
        changed = {number: state[number] + 1 for number in self._some(state, self._size // 10)}
        given = changed | self._new(self._size // 2)
        return Operation(kind="add", given=given, after=state | given)

    def _new_removal(self, state: State) -> Operation:
        gone = self._some(state, max(1, len(state) // 8))
        references = [self._name(one) for one in articles({number: state[number] for number in gone})]
        left = {number: edition for number, edition in state.items() if number not in gone}
        return Operation(kind="remove", references=tuple(references), after=left)

    def _new_repair(self, state: State) -> Operation:
        path = self.root / "versions" / self.live / "vectors.faiss"
        data = bytearray(path.read_bytes())
        data[self._chance.randrange(len(data))] ^= 0x10
        path.write_bytes(data)
        return Operation(kind="repair", after=state)

    def _new_rollback(self) -> Operation:
        there = [one.version for one in Archive(self.root).versions() if one.version in self.states]
        version = self._chance.choice([name for name in there if name != self.live] or there)
        return Operation(kind="rollback", version=version, after=self.states[version])

    def _some(self, state: State, count: int) -> list[int]:
        return self._chance.sample(sorted(state), min(count, len(state)))

    def _new(self, count: int) -> State:
        self._next += count
        return dict.fromkeys(range(self._next - count, self._next), 0)

    def _name(self, one: Article) -> str:
        return self._chance.choice([one.id, one.url, one.origin])

    def clear(self) -> None:
        """Remove old versions, so that the disk does not fill up."""
        self._whole(self.invent("gc"))


def _said(operation: Operation, ending: Ending) -> str:
    stage = f" killed in {ending.told[-1]!r}" if not ending.returned and ending.told else ""
    return f"{operation.kind}{stage or ' (acknowledged)'}"


def strike_all(
    name: str, kinds: Sequence[Kind], folder: Path, *, kills: int, seed: int, size: int = 300
) -> Result:
    """Kill operations of these kinds in turn until so many were hit, and return what was found."""
    result = Result(scenario=name)
    result.expect_none(*FAULTS)
    trial = Kills(folder, random.Random(seed), size, result)  # noqa: S311 - trials that repeat
    trial.begin(kinds)
    rounds = 0
    while trial.kills < kills and rounds < kills * 4 and trial.result.faults[CLOSED] < kills:
        trial.strike(kinds[rounds % len(kinds)])
        rounds += 1
        if rounds % GC_EVERY == 0:
            trial.clear()
    for kind in dict.fromkeys(kinds):
        counts = {stage: count for (one, stage), count in sorted(trial.stages.items()) if one == kind}
        result.figures[f"{kind} killed in"] = ", ".join(f"{stage} {count}" for stage, count in counts.items())
    result.figures |= {
        "killed": trial.kills,
        "ended first, and acknowledged": trial.acknowledged,
        "vectors embedded": len([mark for call in log_calls(trial.log) for mark in call]),
        "vectors of the last batches": trial.open_ends,
    }
    return result
