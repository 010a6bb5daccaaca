"""What every worker that answers shares: an index kept between runs, a chain, one question at a time.

As in `worker`, nothing but the standard library is needed. An index is made once for a set of articles and a
tool, in the folder that the parent names: only the answers are measured here.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, TextIO

from worker import Job, Passage, Question, begin, tell, tell_versions


@dataclass(frozen=True)
class Said:
    """What a tool answered.

    `passages` are those that its model was given, `cited` those that the answer lists, numbered from 1 as
    its marks are (of a tool that lists none: none). `claims` are the sentences with the numbers that each
    cites, None where the tool does not say; `abstained` likewise.
    """

    answer: str
    passages: list[Passage]
    cited: list[Passage]
    claims: list[tuple[str, list[int]]] | None = None
    abstained: bool | None = None


class Chain(Protocol):
    """A tool over its index. `name` says what is asked."""

    name: str

    def passages(self, question: str) -> list[Passage]:
        """Return the passages that the model would be given without a date filter."""
        ...

    def answer(self, question: str, as_of: str | None) -> Said:
        """Return the answer, from articles of `as_of` at the latest where that is given."""
        ...


class AnswerJob(Job):
    """What the parent asks for; `model_name` is served at `model_url` to whoever has `model_key`."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        asked = json.loads(path.read_text(encoding="utf-8"))
        self.model_url = str(asked["model_url"])
        self.model_name = str(asked["model_name"])
        self.model_key = str(asked["model_key"])
        self.max_tokens = int(asked["max_tokens"])
        self.timeout_s = float(asked["answer_timeout_s"])
        self.kept = Path(asked["kept"])

    def index(self, make: Callable[[Path], None]) -> Path:
        """Return the folder of the index; `make` fills it where it is not there yet."""
        if not self.kept.is_dir():
            begun = self.kept.with_suffix(".begun")
            shutil.rmtree(begun, ignore_errors=True)
            begun.mkdir(parents=True)
            make(begun)
            begun.rename(self.kept)
        return self.kept


class Tool(Protocol):
    """A tool with its embedding model loaded. `packages` are those whose versions are told."""

    packages: tuple[str, ...]

    def chain(self) -> Chain:
        """Return the chain over the job's articles."""
        ...


def serve_answers(make: Callable[[AnswerJob], Tool]) -> None:
    """Answer the questions of the job that the command line names with the tool that `make` gives."""
    told, job = begin(), AnswerJob(Path(sys.argv[1]))
    tell(told, kind="progress", text="loading")
    tool = make(job)
    tell_versions(told, tool.packages)
    if not job.kept.is_dir():
        tell(told, kind="progress", text=f"making the index of {len(job.articles):,} articles")
    chain = tool.chain()
    for kind in job.kinds:
        if job.questions:  # to warm up; not the first, whose prompt the server would then know
            _ask(chain, job.questions[-1], dated=kind == "dated")
        for number, question in enumerate(job.questions, start=1):
            _answer(chain, question, told, dated=kind == "dated")
            tell(told, kind="progress", text=f"answered {number:,} of {len(job.questions):,}")
    tell(told, kind="done")


def _answer(chain: Chain, question: Question, told: TextIO, *, dated: bool) -> None:
    said, seconds = _ask(chain, question, dated=dated)
    tell(
        told,
        kind="answer",
        name=chain.name,
        dated=dated,
        question=question.text,
        as_of=question.as_of,
        said=asdict(said),
        unfiltered=[article for article, _ in chain.passages(question.text)],
        seconds=seconds,
    )


def _ask(chain: Chain, question: Question, *, dated: bool) -> tuple[Said, float]:
    began = time.perf_counter()
    said = chain.answer(question.text, question.as_of if dated else None)
    return said, time.perf_counter() - began
