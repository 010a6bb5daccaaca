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

import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from peers_scores import Row, compared, compared_to_ours, ranks_of, tables
from peers_task import (
    INTERRUPTED,
    Task,
    measure_all,
    parser,
    prepare,
    print_versions,
    run_worker,
    runner_of,
    write_json,
)

from index.errors import DatelineError

TIMEOUT_S = 3_600.0


@dataclass(kw_only=True)
class Found:
    """What came of the run so far."""

    rows: list[Row]
    failed: dict[str, str]
    versions: dict[str, dict[str, str]]


def measure(peer: str, task: Task, found: Found) -> None:
    """Have one tool index and search, and add its rows.

    Raises:
        PeerError: where it cannot be installed or run; rows that it gave before count.
    """
    runner = runner_of(peer, task)

    def hear(message: dict[str, Any]) -> None:
        if message["kind"] == "versions":
            found.versions[peer] = message["versions"]
        elif message["kind"] == "row":
            found.rows.append(row_of(peer, message, task, runner.installed_mib))

    run_worker(runner, f"peer_{peer}.py", peer, task, task.questions, more={}, hear=hear)


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


def document(task: Task, found: Found) -> dict[str, object]:
    """Return everything, with the ranks of every question."""
    return {
        "dataset": task.dataset.name,
        "articles": len(task.articles),
        "questions": [one.id for one in task.questions],
        "versions": found.versions,
        "failed": found.failed,
        "rows": [{**asdict(row), "values": row.values()} for row in found.rows],
    }


def main() -> None:
    """Run every tool, print the table."""
    options = parser(__doc__, dates="both", timeout_s=TIMEOUT_S, json_name="retrieval_peers.json")
    arguments = options.parse_args()
    found = Found(rows=[], failed={}, versions={})
    with tempfile.TemporaryDirectory() as folder:
        try:
            task = prepare(arguments, Path(folder), answerable=True)
        except DatelineError as error:
            sys.exit(str(error))
        complete = measure_all(arguments.peers, lambda peer: measure(peer, task, found), found.failed)
    found.rows = compared_to_ours(found.rows, compared)
    size = f"{len(task.articles):,} articles, {len(task.questions):,} answerable questions"
    print(f"{task.dataset.name}: {size}\n")
    print(tables(found.rows, found.failed) + "\n")
    print_versions(found.versions)
    write_json(arguments.json, document(task, found))
    if not complete:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
