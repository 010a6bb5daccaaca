"""The same questions and articles answered by other tools' usual chains, and by Dateline.

    python benchmarks/answer_peers.py DATASET [--peers NAME...] [--limit N] [--resume]

DATASET is a folder that `dateline eval` reads; unanswerable questions are asked too. Each tool has the
environment and the embedding model that `retrieval_peers.py` gives it, and answers by the chain and the
prompt that its documentation shows (benchmarks/peers/answer_*.py). All ask one server, a process of its
own, which serves Dateline's packaged language model over the OpenAI protocol, on one core less than there
are; it writes at temperature 0, and for the other tools up to 256 tokens (Dateline's own limit is 120).
Prints a table in Markdown and writes bench-results/answer_peers.json, or --json FILE; the answers themselves
go to --answers DIR as they come, and --resume asks only for those that are not there yet.

- `contains` and `token F1` are over the answerable questions, an abstention being without words; in
  brackets stands how likely so large a difference to Dateline is by chance.
- `citation precision` and `citation recall` are those of `dateline eval`: of citations, those whose passage
  has the claim's names and numbers; of sentences, those with a citation. A tool that cites nothing has no
  precision and a recall of 0.
- `borne out` is kinder to such a tool: of its sentences, those whose names and numbers all stand in one of
  the passages that its chain gave to the model, which it returns beside the answer, and `passages` is how
  many of them the reader has to check. For Dateline both are of the passages that the answer cites.
- `abstained` is Dateline's own flag; the other tools have none, and abstain where the first sentence has one
  of a few phrases such as "don't know" or "cannot answer" (`peers_answers.ABSTAINING`).
- `leaks` is the share of questions with a passage behind the answer that is of later than their as-of day,
  `unfiltered` the same where the tool is not told the day (Dateline: asked as of today).
- `p50 s` and `p95 s` are within how many seconds an answer was whole, of answered questions, one at a time.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from peers_answers import ABSTAINING, AnswerRow, compared, scored, tables
from peers_environment import WORKERS, worker_variables
from peers_scores import compared_to_ours
from peers_task import (
    INTERRUPTED,
    PEERS,
    RESULTS,
    ROOT,
    THREADS,
    Task,
    measure_all,
    parser,
    prepare,
    print_versions,
    run_worker,
    runner_of,
    tell,
    write_json,
)

from index.errors import DatelineError
from rag.evaluate.dataset import EvalQuestion

TIMEOUT_S = 14_400.0
ANSWER_TIMEOUT_S = 600.0
MAX_TOKENS = 256
Asked = tuple[str, str | None, bool]
"""A question's text, its day, and whether the tool was told the day."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """A run: what is asked, the model that all tools ask, where answers are kept, whether to go on."""

    task: Task
    model: dict[str, Any]
    answers: Path
    resume: bool


@contextmanager
def served_model(log: Path) -> Iterator[dict[str, Any]]:
    """Serve the language model in a process of its own; yield where, and on how many threads."""
    variables = worker_variables(THREADS) | {"PYTHONPATH": str(ROOT)}
    with log.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - a script of this benchmark, no shell
            [sys.executable, str(WORKERS / "model_server.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=variables,
            text=True,
        )
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                sys.exit(f"the language model does not start: see {log}")
            yield json.loads(line)
        finally:
            process.kill()
            process.wait()


def measure(peer: str, session: Session) -> None:
    """Have one tool answer what it has not answered yet, each answer kept as it comes, with the versions.

    Raises:
        PeerError: where it cannot be installed or run; answers that it gave before are kept.
    """
    task, path = session.task, kept_answers(session, peer)
    known = answers_in(path) if session.resume else {}
    missing = [
        one
        for one in task.questions
        if any(key_of(one, dated=kind == "dated") not in known for kind in task.kinds)
    ]
    if not session.resume:
        path.unlink(missing_ok=True)
    if not missing:
        tell(f"{peer}: every answer is in {path}")
        return
    runner = runner_of(peer, task)
    versions: dict[str, str] = {}
    with path.open("a", encoding="utf-8") as lines:

        def hear(message: dict[str, Any]) -> None:
            if message["kind"] == "versions":
                versions.update(message["versions"])
            elif message["kind"] == "answer":
                lines.write(json.dumps({**message, "versions": versions}) + "\n")
                lines.flush()

        more = {
            "model_url": session.model["url"],
            "model_key": session.model["key"],
            "model_name": session.model["name"],
            "max_tokens": MAX_TOKENS,
            "answer_timeout_s": ANSWER_TIMEOUT_S,
            "kept": str(kept_index(peer, task)),
        }
        run_worker(runner, f"answer_{peer}.py", peer, task, missing, more=more, hear=hear)


def kept_answers(session: Session, peer: str) -> Path:
    """Return the file of a tool's answers to this data set."""
    return session.answers / f"{session.task.dataset.name}-{peer}.jsonl"


def kept_index(peer: str, task: Task) -> Path:
    """Return the folder of a tool's index, which goes by the articles, how they are cut, and the pins."""
    digest = hashlib.sha256(task.dataset.fingerprint().encode())
    for name in (f"peer_{peer}.py", f"requirements-{peer}.txt"):
        file = WORKERS / name
        digest.update(file.read_bytes() if file.is_file() else b"")
    return task.environments / "indexes" / f"{peer}-{digest.hexdigest()[:16]}"


def answers_in(path: Path) -> dict[Asked, dict[str, Any]]:
    """Return the answers that a file holds; a line that was cut off is none."""
    found: dict[Asked, dict[str, Any]] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            message = json.loads(line)
        except json.JSONDecodeError:
            continue
        found[message["question"], message["as_of"], message["dated"]] = message
    return found


def key_of(question: EvalQuestion, *, dated: bool) -> Asked:
    """Return the key of a question's answer."""
    return question.text, question.as_of.isoformat() if question.as_of else None, dated


def rows_of(peer: str, session: Session) -> list[AnswerRow]:
    """Return a tool's rows, for each kind to which all questions are answered."""
    known, rows = answers_in(kept_answers(session, peer)), []
    for dated in (kind == "dated" for kind in session.task.kinds):
        messages = [known.get(key_of(one, dated=dated)) for one in session.task.questions]
        given = [message for message in messages if message]
        if messages and len(given) == len(messages):
            pairs = zip(session.task.questions, given, strict=True)
            rows.append(
                AnswerRow(
                    peer=peer,
                    name=given[0]["name"],
                    dated=dated,
                    scored=tuple(scored(one, message, session.task.articles) for one, message in pairs),
                )
            )
    return rows


def versions_of(peer: str, session: Session) -> dict[str, str]:
    """Return the versions with which a tool answered last; {} where it has not."""
    found: dict[str, str] = {}
    for message in answers_in(kept_answers(session, peer)).values():
        found = message["versions"]
    return found


def parsed() -> argparse.Namespace:
    """Return the command line."""
    options = parser(__doc__, dates="as-of", timeout_s=TIMEOUT_S, json_name="answer_peers.json")
    options.add_argument("--answers", type=Path, default=RESULTS / "answer_peers", metavar="DIR")
    options.add_argument("--resume", action="store_true", help="ask only for answers that are not kept yet")
    return options.parse_args()


def main() -> None:
    """Run every tool, print the table of all whose answers are there."""
    arguments = parsed()
    arguments.answers.mkdir(parents=True, exist_ok=True)
    failed: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder, served_model(arguments.answers / "model.log") as model:
        try:
            task = prepare(arguments, Path(folder), answerable=False)
        except DatelineError as error:
            sys.exit(str(error))
        session = Session(task=task, model=model, answers=arguments.answers, resume=arguments.resume)
        complete = measure_all(arguments.peers, lambda peer: measure(peer, session), failed)
    rows = compared_to_ours([row for peer in PEERS for row in rows_of(peer, session)], compared)
    versions = {row.peer: versions_of(row.peer, session) for row in rows}
    answerable = sum(one.answerable for one in task.questions)
    asked = f"{len(task.questions):,} questions ({answerable:,} answerable)"
    print(f"{task.dataset.name}: {len(task.articles):,} articles, {asked}")
    print(f"model: {model['name']}, {model['threads']} of {os.cpu_count()} cores\n")
    print(tables(rows, failed) + "\n")
    print_versions(versions)
    write_json(
        arguments.json,
        {
            "dataset": task.dataset.name,
            "articles": len(task.articles),
            "questions": [one.id for one in task.questions],
            "model": {name: model[name] for name in ("name", "threads")},
            "abstaining": ABSTAINING,
            "versions": versions,
            "failed": failed,
            "rows": [{**asdict(row), "values": row.values()} for row in rows],
        },
    )
    if not complete:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
