"""The same questions and articles through other tools for retrieval, and through Dateline.

    python benchmarks/retrieval_peers.py DATASET [--peers NAME...] [--limit N] [--dates none|as-of|both]

DATASET is a folder that `dateline eval` reads. Each tool is installed in a virtual environment of its own
(pinned in benchmarks/peers/requirements-*.txt, kept in the user's cache), loads the same MiniLM weights
from the folder of their package, and runs alone, with two threads, in the way that its documentation shows
first (benchmarks/peers). Prints two tables in Markdown and writes bench-results/retrieval_peers.json, or
--json FILE.

- `hit@k` and `MRR@10` count passages as `dateline eval` does: is one of the first k of one of the question's
  articles, with the answer in its title or in its first 220 words?
- `article@k` and `article MRR` count articles, each once: is one of the question's among the first k?
- In brackets stands how likely so large a difference to Dateline, as of the day, is by chance.
- `later` is the share of questions with something newer than their as-of day among the first 10 passages;
- `date filter` says whether the tool was told the as-of day, in the way that it offers; without a filter
  the later articles of the archive are found too;
- a search that is timed returns 10 passages; the ranks are those of one for 40. `CPU` is the time of the
  cores, which other programs on the machine disturb less: in seconds for the index, in milliseconds for
  the median search. Memory is the peak of the process that indexed and searched. The weights (87 MiB) and
  the language model count for Dateline only, which installs them.
"""

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from peers_environment import WORKERS, Environment, installed_with, worker_variables
from peers_process import PeerError, run
from peers_scores import Known, Row, compared, ranks_of, tables
from platformdirs import user_cache_path

from index.adapters.packaged_weights import MINILM_WEIGHTS
from index.article import Article
from index.errors import DatelineError
from rag.evaluate.beir import open_dataset
from rag.evaluate.dataset import EvalQuestion

ROOT = Path(__file__).parent.parent
OURS = "dateline"
PEERS = (OURS, "langchain", "llamaindex", "haystack", "txtai")
KINDS = {"none": ["open"], "as-of": ["dated"], "both": ["open", "dated"]}
THREADS = 2
INTERRUPTED = 130
_ISO_DAY = 10


@dataclass(frozen=True, kw_only=True)
class Task:
    """The data set as every tool gets it: answerable questions, and where the files of the job are."""

    dataset: Path
    questions: list[EvalQuestion]
    articles: dict[str, Known]
    folder: Path
    kinds: list[str]
    environments: Path
    timeout_s: float


@dataclass(kw_only=True)
class Found:
    """What came of the run so far."""

    rows: list[Row]
    failed: dict[str, str]
    versions: dict[str, dict[str, str]]


def prepare(arguments: argparse.Namespace, folder: Path) -> Task:
    """Read the data set and write the files that the workers read."""
    dataset = open_dataset(arguments.dataset)
    articles = {one.id: one for one in dataset.articles() if isinstance(one, Article)}
    questions = [one for one in dataset.questions()[: arguments.limit] if one.answerable]
    days = {one.id: (one.published or "")[:_ISO_DAY] for one in articles.values()}
    given = [
        {"id": one.id, "title": one.title, "text": one.text, "published": days[one.id], "source": one.source}
        for one in articles.values()
    ]
    asked = [{"text": one.text, "as_of": one.as_of.isoformat() if one.as_of else None} for one in questions]
    for name, records in (("articles", given), ("questions", asked)):
        lines = (json.dumps(record) + "\n" for record in records)
        (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    return Task(
        dataset=arguments.dataset.resolve(),
        questions=questions,
        articles={one.id: Known(title=one.title, published=days[one.id]) for one in articles.values()},
        folder=folder,
        kinds=KINDS[arguments.dates],
        environments=arguments.environments,
        timeout_s=arguments.timeout,
    )


def measure(peer: str, task: Task, found: Found) -> None:
    """Have one tool index and search, and add its rows.

    Raises:
        PeerError: where it cannot be installed or run; rows that it gave before count.
    """
    variables = worker_variables(THREADS)
    if peer == OURS:
        python, installed = Path(sys.executable), installed_with(OURS)
        variables["PYTHONPATH"] = str(ROOT)
    else:
        environment = environment_of(peer, task.environments)
        python, installed = environment.python, environment.installed_mib()
    scratch = task.folder / peer
    scratch.mkdir()
    job = {
        "model": str(MINILM_WEIGHTS.verified_path().parent),
        "dataset": str(task.dataset),
        "scratch": str(scratch),
        "articles": str(task.folder / "articles.jsonl"),
        "questions": str(task.folder / "questions.jsonl"),
        "kinds": task.kinds,
    }
    (scratch / "job.json").write_text(json.dumps(job), encoding="utf-8")

    def hear(line: str) -> None:
        message = json.loads(line)
        if message["kind"] == "progress":
            tell(f"{peer}: {message['text']}")
        elif message["kind"] == "versions":
            found.versions[peer] = message["versions"]
        elif message["kind"] == "row":
            found.rows.append(row_of(peer, message, task, installed))

    run(
        [str(python), str(WORKERS / f"peer_{peer}.py"), str(scratch / "job.json")],
        environment=variables,
        timeout_s=task.timeout_s,
        log=log_of(peer, task.environments),
        on_line=hear,
    )


def environment_of(peer: str, folder: Path) -> Environment:
    """Return the environment of a peer, made where it is not there."""
    environment = Environment(folder=folder / peer, requirements=WORKERS / f"requirements-{peer}.txt")
    if not environment.is_ready():
        tell(f"{peer}: installing into {environment.folder}")
        environment.prepare()
    return environment


def log_of(peer: str, folder: Path) -> Path:
    """Return where the errors of a worker go."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{peer}-run.log"


def row_of(peer: str, message: dict[str, Any], task: Task, installed_mib: float) -> Row:
    """Return the row that a worker's message makes."""
    p50, p95 = np.percentile(message["ms"], [50, 95])
    answers = zip(task.questions, message["found"], strict=True)
    return Row(
        peer=peer,
        name=message["name"],
        dated=message["dated"],
        ranks=tuple(ranks_of(question, passages, task.articles) for question, passages in answers),
        passages=message["passages"],
        index_s=message["index_s"],
        index_cpu_s=message["index_cpu_s"],
        p50_ms=float(p50),
        p95_ms=float(p95),
        cpu_ms=float(np.median(message["cpu_ms"])),
        peak_mib=message["peak_mib"],
        installed_mib=installed_mib,
    )


def compared_to_ours(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with their p values, where Dateline was asked as of the day."""
    ours = next((row for row in rows if row.peer == OURS and row.dated), None)
    return [compared(row, ours) if ours and row is not ours else row for row in rows]


def tell(text: str) -> None:
    """Say on the standard error how far it is."""
    print(text, file=sys.stderr, flush=True)


def write(path: Path, task: Task, found: Found) -> None:
    """Write everything as JSON, with the ranks of every question."""
    document = {
        "dataset": task.dataset.name,
        "articles": len(task.articles),
        "questions": [one.id for one in task.questions],
        "versions": found.versions,
        "failed": found.failed,
        "rows": [{**asdict(row), "values": row.values()} for row in found.rows],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def parsed() -> argparse.Namespace:
    """Return the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("dataset", type=Path, metavar="DATASET")
    parser.add_argument(
        "--peers", nargs="+", choices=PEERS, default=PEERS, metavar="NAME", help=", ".join(PEERS)
    )
    parser.add_argument("--limit", type=int, help="only the first N questions")
    parser.add_argument("--dates", choices=sorted(KINDS), default="both", help="which rows")
    cache = user_cache_path("dateline", appauthor=False) / "peers"
    parser.add_argument("--environments", type=Path, default=cache, metavar="DIR", help=f"default: {cache}")
    parser.add_argument("--timeout", type=float, default=3_600.0, metavar="SECONDS", help="for each tool")
    parser.add_argument("--json", type=Path, default=ROOT / "bench-results" / "retrieval_peers.json")
    return parser.parse_args()


def measure_all(peers: Sequence[str], task: Task, found: Found) -> bool:
    """Have one tool after the other measured; return whether the run came to its end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for peer in peers:
        try:
            measure(peer, task, found)
        except PeerError as error:
            found.failed[peer] = str(error)
            tell(f"{peer}: {error}")
        except KeyboardInterrupt:
            found.failed[peer] = "interrupted"
            tell("interrupted: what is missing was not measured")
            return False
    return True


def main() -> None:
    """Run every tool, print the table."""
    arguments = parsed()
    found = Found(rows=[], failed={}, versions={})
    with tempfile.TemporaryDirectory() as folder:
        try:
            task = prepare(arguments, Path(folder))
        except DatelineError as error:
            sys.exit(str(error))
        complete = measure_all(arguments.peers, task, found)
    found.rows = compared_to_ours(found.rows)
    size = f"{len(task.articles):,} articles, {len(task.questions):,} answerable questions"
    print(f"{task.dataset.name}: {size}\n")
    print(tables(found.rows, found.failed) + "\n")
    for peer, versions in found.versions.items():
        print(f"{peer}: " + ", ".join(f"{name} {number}" for name, number in versions.items()))
    write(arguments.json, task, found)
    print(f"written: {arguments.json}")
    if not complete:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
