"""Readers that ask all the time while versions are published, and cleared away, under them."""

import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Literal

from fault_news import CHUNKING, MarkedEmbedder, article
from fault_process import Child, Tell, describe
from fault_result import Result

from index.archive import Archive
from index.build import BuildMode, build
from index.embedding import Embedder
from index.filters import Filter
from rag.config import GenerateConfig, Settings
from rag.engine import Engine

READERS = 4
PHASES = 5
"""Quiet and busy times take turns, so that what else the machine does weighs on both alike."""

PAUSE_S = 0.2
SLOW_RATIO, LATE_S = 2.0, 2.0
FAILED, MIXED, OLD, HELD = (
    "failed requests",
    "mixed versions",
    "answers from an older version",
    "old versions held",
)
SLOW, LATE = f"p95 above {SLOW_RATIO:.0f} x the quiet one", f"moves after more than {LATE_S:.0f} s"
QUESTIONS = (
    "What did the harbour report n3 say?",
    "harbour report",
    "Which edition came out at the harbour?",
)
_EDITION = re.compile(r"edition e(\d+)\b")
_FOLDER = re.compile(r"/versions/(\d{6,})/")

Manner = Literal["servers", "servers with the real model", "commands"]
"""A server keeps an engine and moves over by itself; a command opens the index for its one question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question: when it began and ended (monotonic seconds), and the versions that its answer is from.

    `before` was live when it began; `said` is the version that the answer names, 0 where it names none.
    """

    began: float
    ended: float
    before: int
    said: int
    found: tuple[int, ...]
    error: str = ""

    @property
    def ms(self) -> float:
        """How long it took."""
        return (self.ended - self.began) * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A time without publishing and one with it (monotonic seconds), and when each version was live."""

    quiet: tuple[float, float]
    busy: tuple[float, float]
    published: dict[int, float]


def watch(manner: Manner, folder: Path, *, versions: int, size: int = 400, quiet_s: float = 2.0) -> Result:
    """Publish versions under four reader processes and return what they saw."""
    result = Result(scenario=f"4 readers: {manner}")
    result.expect_none(FAILED, MIXED, OLD, HELD, SLOW, LATE)
    folder.mkdir(parents=True)
    root, stop = folder / "index", folder / "stop"
    phases_of = min(PHASES, versions)
    numbers = [
        range(2 + part * versions // phases_of, 2 + (part + 1) * versions // phases_of)
        for part in range(phases_of)
    ]
    writer = Child(publish, folder, numbers, size, manner == "servers with the real model")
    begun = writer.await_message()
    readers = [Child(read, root, stop, manner) for _ in range(READERS)]
    ready = [reader.await_message() for reader in readers]
    if not begun or not all(ready):
        raise RuntimeError("the readers or the writer could not begin")
    phases = [_phase(folder, part, writer, quiet_s) for part in numbers]
    stop.touch()
    ended = writer.wait()
    if not ended.returned:
        result.blame(FAILED, f"the writer ended: {ended.raw or ended.error}")
    requests: list[Request] = []
    for ending in [reader.wait() for reader in readers]:
        if not ending.returned:
            result.blame(FAILED, f"a reader ended: {ending.raw or ending.error}")
            continue
        found, held = ending.value
        requests += found
        result.faults[HELD] += held
    _judge(result, requests)
    _measure(result, requests, phases)
    return result


def _phase(folder: Path, part: range, writer: Child, quiet_s: float) -> Phase:
    """Wait, then have the writer publish its next versions."""
    began = time.monotonic()
    time.sleep(quiet_s)
    between = time.monotonic()
    (folder / f"go-{part[0]}").touch()
    published = [writer.await_message() for _ in part]
    return Phase(
        quiet=(began, between), busy=(between, time.monotonic()), published=dict(filter(None, published))
    )


def read(tell: Tell, root: Path, stop: Path, manner: Manner) -> tuple[list[Request], int]:
    """Ask until the file `stop` is there; return what came, and how many old versions are still held."""
    if manner == "commands":
        tell("ready")
        return list(_ask_all(partial(_ask_once, root), root, stop)), 0
    settings = Settings(index=root, generate=GenerateConfig(model="none"))
    embedder = MarkedEmbedder() if manner == "servers" else None
    with Engine(settings, embedder=embedder) as engine:
        engine.warm_up()
        for number in range(len(QUESTIONS) * 2):
            _ask(engine, number)
        tell("ready")
        found = list(_ask_all(partial(_ask, engine), root, stop))
        engine.refresh()
        held = len(_held(root) - {int(Archive(root).current_version() or 0)})
    return found, held


Asked = tuple[int, tuple[int, ...]]


def _ask_all(ask: Callable[[int], Asked], root: Path, stop: Path) -> Iterator[Request]:
    for number in count():
        if stop.exists():
            return
        before = int(Archive(root).current_version() or 0)
        began, said, error = time.monotonic(), 0, ""
        found: tuple[int, ...] = ()
        try:
            said, found = ask(number)
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is a failed request
            error = str(describe(failure)["error"])
        yield Request(began=began, ended=time.monotonic(), before=before, said=said, found=found, error=error)


def _ask(engine: Engine, number: int) -> Asked:
    """Ask for passages and for answers by turns; return the version named and those found."""
    question = QUESTIONS[number % len(QUESTIONS)]
    if number % 2:
        answer = engine.ask(question)
        return int(answer.index_version or 0), _versions([one.passage for one in answer.citations])
    return 0, _versions([one.passage for one in engine.search(question, top_k=20)])


def _ask_once(root: Path, number: int) -> Asked:
    """Open the index for one question, as the command line does."""
    embedder = MarkedEmbedder()
    with Archive(root).open(embedder=embedder.info) as snapshot:
        question = QUESTIONS[number % len(QUESTIONS)]
        hits = snapshot.search_dense(embedder.embed_query(question), 20, Filter())
        hits += snapshot.search_lexical(question, 20, Filter())
        texts = [passage.text for passage in snapshot.passages([hit.row for hit in hits])]
        return int(snapshot.version), _versions(texts)


def _versions(texts: Sequence[str]) -> tuple[int, ...]:
    editions = (match for text in texts for match in _EDITION.findall(text))
    return tuple(sorted({int(edition) for edition in editions}))


def _held(root: Path) -> set[int]:
    """Return the versions whose files this process has open or mapped."""
    links = Path("/proc/self/fd")
    if not links.is_dir():
        return set()
    names = [str(path.readlink()) for path in links.iterdir() if path.is_symlink()]
    names += Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    return {int(match) for name in names if str(root) in name for match in _FOLDER.findall(name)}


def publish(tell: Tell, folder: Path, parts: Sequence[range], size: int, real: bool) -> None:
    """Publish a first version, and those of each part once its `go` file is there; tell when each was live.

    All articles change with each version, and all older versions are cleared away each time.
    """
    embedder = _embedder(real)
    _publish(folder / "index", 1, size, embedder)
    tell("ready")
    for part in parts:
        while not (folder / f"go-{part[0]}").exists():
            time.sleep(0.01)
        for version in part:
            tell((version, _publish(folder / "index", version, size, embedder)))
            time.sleep(PAUSE_S)


def _publish(root: Path, version: int, size: int, embedder: Embedder) -> float:
    """Publish the version of this number, and return when it was live."""
    given = [article(number, version) for number in range(size)]
    report = build(root, given, embedder=embedder, chunking=CHUNKING, mode=BuildMode.REPLACE)
    live = time.monotonic()
    if report.version != f"{version:06d}":
        raise RuntimeError(f"version {version} was published as {report.version}")
    Archive(root).collect_garbage(keep=1)
    return live


def _embedder(real: bool) -> Embedder:
    if not real:
        return MarkedEmbedder()
    from index.adapters.embedders import load_embedder

    return load_embedder(Settings().embedding)


def _judge(result: Result, requests: Sequence[Request]) -> None:
    result.trials = len(requests)
    for request in requests:
        if request.error:
            result.blame(FAILED, request.error)
        elif len(request.found) != 1 or (request.said and request.said != request.found[0]):
            result.blame(MIXED, f"passages of {request.found}, said {request.said}")
        elif request.found[0] < request.before:
            result.blame(OLD, f"{request.before} was live, the answer is from {request.found[0]}")


def _measure(result: Result, requests: Sequence[Request], phases: Sequence[Phase]) -> None:
    """Compare quiet times with busy ones, and say how late answers from an older version were begun."""
    quiet = [one.ms for one in requests if any(_within(one, phase.quiet) for phase in phases)]
    busy = [one.ms for one in requests if any(_within(one, phase.busy) for phase in phases)]
    if min(len(quiet), len(busy)) < READERS:
        result.figures["requests"] = f"{len(quiet)} quiet, {len(busy)} while publishing: too few to compare"
        return
    for percent in (50, 95, 99):
        before, during = _percentile(quiet, percent), _percentile(busy, percent)
        said = f"{before:.1f} / {during:.1f} (x {during / before:.2f})"
        result.figures[f"p{percent} quiet / publishing, ms"] = said
        if percent == 95 and during / before > SLOW_RATIO:
            result.blame(SLOW, said)
    late = 0.0
    for version, moment in (item for phase in phases for item in phase.published.items()):
        stale = [one.began - moment for one in requests if one.found and one.found[0] < version]
        late = max([late, *stale])
        if late > LATE_S:
            result.blame(LATE, f"version {version}")
    result.figures |= {
        "longest while publishing, ms": round(max(busy)),
        "versions published": sum(len(phase.published) for phase in phases),
        "last question to an old version, s after the swap": round(late, 2),
    }


def _within(request: Request, times: tuple[float, float]) -> bool:
    return times[0] <= request.began and request.ended <= times[1]


def _percentile(ms: Sequence[float], percent: int) -> float:
    return statistics.quantiles(ms, n=100, method="inclusive")[percent - 1]
