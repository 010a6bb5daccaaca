"""What comparisons with other tools share: the data set as every tool gets it, how a worker is run."""

import argparse
import json
import signal
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peers_environment import WORKERS, Environment, installed_with, worker_variables
from peers_process import PeerError, run
from peers_scores import OURS, Known
from platformdirs import user_cache_path

from index.adapters.packaged_weights import MINILM_WEIGHTS
from index.article import Article
from rag.evaluate.beir import open_dataset
from rag.evaluate.dataset import Dataset, EvalQuestion

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "bench-results"
PEERS = (OURS, "langchain", "llamaindex", "haystack", "txtai")
KINDS = {"none": ["open"], "as-of": ["dated"], "both": ["open", "dated"]}
THREADS = 2
INTERRUPTED = 130
ISO_DAY = 10


@dataclass(frozen=True, kw_only=True)
class Task:
    """The data set as every tool gets it: its questions, and where the files of the job are."""

    dataset: Dataset
    path: Path
    questions: list[EvalQuestion]
    articles: dict[str, Known]
    folder: Path
    kinds: list[str]
    environments: Path
    timeout_s: float


@dataclass(frozen=True, kw_only=True)
class Runner:
    """The interpreter that runs a tool's worker, its variables, and what the tool takes on disk, in MiB."""

    python: Path
    variables: dict[str, str]
    installed_mib: float


def parser(
    description: str | None, *, dates: str, timeout_s: float, json_name: str
) -> argparse.ArgumentParser:
    """Return the command line that both comparisons take."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawTextHelpFormatter)
    made.add_argument("dataset", type=Path, metavar="DATASET")
    made.add_argument(
        "--peers", nargs="+", choices=PEERS, default=PEERS, metavar="NAME", help=", ".join(PEERS)
    )
    made.add_argument("--limit", type=int, help="only the first N questions")
    made.add_argument("--dates", choices=sorted(KINDS), default=dates, help="which rows")
    cache = user_cache_path("dateline", appauthor=False) / "peers"
    made.add_argument("--environments", type=Path, default=cache, metavar="DIR", help=f"default: {cache}")
    made.add_argument("--timeout", type=float, default=timeout_s, metavar="SECONDS", help="for each tool")
    made.add_argument("--json", type=Path, default=RESULTS / json_name)
    return made


def prepare(arguments: argparse.Namespace, folder: Path, *, answerable: bool) -> Task:
    """Read the data set and write the articles for the workers; `answerable` leaves other questions out."""
    dataset = open_dataset(arguments.dataset)
    articles = {one.id: one for one in dataset.articles() if isinstance(one, Article)}
    questions = dataset.questions()[: arguments.limit]
    days = {one.id: (one.published or "")[:ISO_DAY] for one in articles.values()}
    write_lines(
        folder / "articles.jsonl",
        (
            {
                "id": one.id,
                "title": one.title,
                "text": one.text,
                "published": days[one.id],
                "source": one.source,
            }
            for one in articles.values()
        ),
    )
    return Task(
        dataset=dataset,
        path=arguments.dataset.resolve(),
        questions=[one for one in questions if one.answerable or not answerable],
        articles={
            one.id: Known(title=one.title, published=days[one.id], source=one.source)
            for one in articles.values()
        },
        folder=folder,
        kinds=KINDS[arguments.dates],
        environments=arguments.environments,
        timeout_s=arguments.timeout,
    )


def runner_of(peer: str, task: Task) -> Runner:
    """Return what runs a tool's worker; its environment is made where it is not there.

    Raises:
        PeerError: where it cannot be made.
    """
    variables = worker_variables(THREADS)
    if peer == OURS:
        variables["PYTHONPATH"] = str(ROOT)
        return Runner(python=Path(sys.executable), variables=variables, installed_mib=installed_with(OURS))
    requirements = WORKERS / f"requirements-{peer}.txt"
    environment = Environment(folder=task.environments / peer, requirements=requirements)
    if not environment.is_ready():
        tell(f"{peer}: installing into {environment.folder}")
        environment.prepare()
    return Runner(python=environment.python, variables=variables, installed_mib=environment.installed_mib())


def run_worker(
    runner: Runner,
    script: str,
    peer: str,
    task: Task,
    questions: Sequence[EvalQuestion],
    *,
    more: Mapping[str, object],
    hear: Callable[[dict[str, Any]], None],
) -> None:
    """Run a tool's worker over the articles and some questions; hand over each of its messages.

    Raises:
        PeerError: where it fails or takes too long; what it told before was handed over.
    """
    scratch = task.folder / peer
    scratch.mkdir(exist_ok=True)
    asked = ({"text": one.text, "as_of": one.as_of.isoformat() if one.as_of else None} for one in questions)
    write_lines(scratch / "questions.jsonl", asked)
    job = {
        "model": str(MINILM_WEIGHTS.verified_path().parent),
        "dataset": str(task.path),
        "scratch": str(scratch),
        "articles": str(task.folder / "articles.jsonl"),
        "questions": str(scratch / "questions.jsonl"),
        "kinds": task.kinds,
        **more,
    }
    (scratch / "job.json").write_text(json.dumps(job), encoding="utf-8")

    def on_line(line: str) -> None:
        message = json.loads(line)
        if message["kind"] == "progress":
            tell(f"{peer}: {message['text']}")
        else:
            hear(message)

    task.environments.mkdir(parents=True, exist_ok=True)
    run(
        [str(runner.python), str(WORKERS / script), str(scratch / "job.json")],
        environment=runner.variables,
        timeout_s=task.timeout_s,
        log=task.environments / f"{peer}-run.log",
        on_line=on_line,
    )


def measure_all(peers: Sequence[str], measure: Callable[[str], None], failed: dict[str, str]) -> bool:
    """Have one tool after the other measured; return whether the run came to its end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for peer in peers:
        try:
            measure(peer)
        except PeerError as error:
            failed[peer] = str(error)
            tell(f"{peer}: {error}")
        except KeyboardInterrupt:
            failed[peer] = "interrupted"
            tell("interrupted: what is missing was not measured")
            return False
    return True


def print_versions(versions: Mapping[str, Mapping[str, str]]) -> None:
    """Print a line for each tool."""
    for peer, packages in versions.items():
        print(f"{peer}: " + ", ".join(f"{name} {number}" for name, number in packages.items()))


def write_json(path: Path, document: Mapping[str, object]) -> None:
    """Write a document and say where it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(f"written: {path}")


def write_lines(path: Path, records: Iterable[Mapping[str, object]]) -> None:
    """Write records as JSON lines."""
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def tell(text: str) -> None:
    """Say on the standard error how far it is."""
    print(text, file=sys.stderr, flush=True)
