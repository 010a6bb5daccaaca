"""What every worker shares: has a tool index the articles and search them, and tells what it found.

A worker runs in the environment of its tool, so this file needs nothing but the standard library. It tells
its parent one JSON object a line on the stream that was its standard output; what a library prints goes to
the standard error. It ends when its parent does.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol, TextIO

RETURNED = 10
"""Passages of a search that is timed."""
DEPTH = 40
"""Passages of the search that gives the ranks: an article may have several, and counts once."""
TOLD_EVERY = 25
_KIB_PER_MIB = 1024


@dataclass(frozen=True)
class Article:
    """An article as every tool gets it; `published` is an ISO day, empty where it is not known."""

    id: str
    title: str
    text: str
    published: str
    source: str

    @property
    def whole(self) -> str:
        """The title, then the text."""
        return f"{self.title}\n\n{self.text}"


@dataclass(frozen=True)
class Question:
    """A question and the day on which it is asked, an ISO day or None."""

    text: str
    as_of: str | None


Passage = tuple[str, str]
"""The id of the article, and the text."""
Search = Callable[[str, str | None, int], list[Passage]]
"""From a question, the newest day that may be found (None: any) and a number to passages, best first."""


@dataclass(frozen=True)
class Stage:
    """Something that can be searched: `name` says how; `dated` whether it can be bound to dates."""

    name: str
    passages: int
    search: Search
    dated: bool = True


class Tool(Protocol):
    """A tool with its model loaded. `packages` are those whose versions are told."""

    packages: tuple[str, ...]

    def stages(self, articles: list[Article]) -> Iterator[Stage]:
        """Index the articles and yield what can be searched; each stage builds upon those before it."""
        ...


class Job:
    """What the parent asks for, from the file that the command line names."""

    def __init__(self, path: Path) -> None:
        asked = json.loads(path.read_text(encoding="utf-8"))
        self.model = str(asked["model"])
        self.dataset = Path(asked["dataset"])
        self.scratch = Path(asked["scratch"])
        self.kinds: list[str] = asked["kinds"]
        self.articles = [Article(**record) for record in _records(Path(asked["articles"]))]
        self.questions = [Question(**record) for record in _records(Path(asked["questions"]))]


def serve(make: Callable[[Job], Tool]) -> None:
    """Do the job that the command line names with the tool that `make` gives."""
    told, job = begin(), Job(Path(sys.argv[1]))
    tell(told, kind="progress", text="loading")
    tool = make(job)
    tell_versions(told, tool.packages)
    _run(tool, job, told)
    tell(told, kind="done")


def begin() -> TextIO:
    """Return the stream to the parent; bind this process to as many cores as it is given, and to it."""
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    cores = int(os.environ.get("OMP_NUM_THREADS", "2"))
    if hasattr(os, "sched_setaffinity"):  # some libraries count cores and not what they are told
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    return told


def tell_versions(told: TextIO, packages: tuple[str, ...]) -> None:
    """Tell the parent which versions are measured."""
    tell(told, kind="versions", versions={name: version(name) for name in packages})


def _run(tool: Tool, job: Job, told: TextIO) -> None:
    tell(told, kind="progress", text=f"indexing {len(job.articles):,} articles")
    spent, began = 0.0, time.perf_counter()
    worked, began_work = 0.0, time.process_time()
    for stage in tool.stages(job.articles):
        spent += time.perf_counter() - began
        worked += time.process_time() - began_work
        for kind in job.kinds:
            if kind == "dated" and not stage.dated:
                continue
            searched = _ask(stage, job.questions, told, dated=kind == "dated")
            tell(
                told,
                kind="row",
                name=stage.name,
                dated=kind == "dated",
                passages=stage.passages,
                index_s=spent,
                index_cpu_s=worked,
                **searched,
                peak_mib=_peak_mib(),
            )
        began, began_work = time.perf_counter(), time.process_time()


def _ask(stage: Stage, questions: list[Question], told: TextIO, *, dated: bool) -> dict[str, Any]:
    """Return how long each search took, by the clock and of the cores, and what the deep one found.

    The first question is asked twice, to warm up.
    """
    ms: list[float] = []
    cpu_ms: list[float] = []
    found: list[list[Passage]] = []
    for number, question in enumerate([*questions[:1], *questions]):
        as_of = question.as_of if dated else None
        began, began_work = time.perf_counter(), time.process_time()
        stage.search(question.text, as_of, RETURNED)
        ms.append((time.perf_counter() - began) * 1_000)
        cpu_ms.append((time.process_time() - began_work) * 1_000)
        found.append(stage.search(question.text, as_of, DEPTH))
        if not number % TOLD_EVERY:
            tell(told, kind="progress", text=f"{stage.name}: question {number:,} of {len(questions):,}")
    return {"ms": ms[1:], "cpu_ms": cpu_ms[1:], "found": found[1:]}


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def tell(told: TextIO, **message: object) -> None:
    """Tell the parent something, as one line."""
    told.write(json.dumps(message) + "\n")
    told.flush()


def _peak_mib() -> float | None:
    """Return the most memory that this process has held, in MiB; None where the system does not say."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    line = next(one for one in status.read_text(encoding="ascii").splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / _KIB_PER_MIB


def _end_with_parent() -> None:
    os.read(0, 1)  # sys.stdin's lock, held here, would be missed when the interpreter ends
    os._exit(1)
