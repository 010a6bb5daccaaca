"""How fast articles are read and cleaned on one core, and how much memory that takes: nothing is embedded.

Reads DATA_DIR/articles.jsonl.gz (or .jsonl), if a folder is given, and the saved pages of
tests/data/pages. Each in a process of its own, bound to one core, so that the peak of its memory is
its own. Writes bench-results/reading.json, or --json FILE.
"""

import argparse
import json
import multiprocessing
import os
import resource
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from index.article import Article
from index.readers import read_sources

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "tests" / "data" / "pages"
ROUNDS = 3
KILOBYTE = 1024


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One run: articles, inputs skipped, characters kept, seconds, and the peak of memory in MB."""

    articles: int
    skipped: int
    characters: int
    seconds: float
    peak_mb: float

    @property
    def per_second(self) -> float:
        """Articles per second."""
        return self.articles / self.seconds


def read_all(sources: Sequence[str], result: Connection) -> None:
    """Read every article of `sources` once and send what it took."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    articles = skipped = characters = 0
    began = time.perf_counter()
    for item in read_sources(sources):
        if isinstance(item, Article):
            articles += 1
            characters += len(item.text)
        else:
            skipped += 1
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTE
    result.send(
        Reading(articles=articles, skipped=skipped, characters=characters, seconds=seconds, peak_mb=peak)
    )


def measure(sources: Sequence[str]) -> Reading:
    """Return the fastest of several runs, each in a fresh process; imports are part of the time."""
    context = multiprocessing.get_context("spawn")
    runs: list[Reading] = []
    for _ in range(ROUNDS):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=read_all, args=(sources, sender))
        process.start()
        runs.append(receiver.recv())
        process.join()
    return min(runs, key=lambda run: run.seconds)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "data", nargs="?", type=Path, help="a folder with articles.jsonl or articles.jsonl.gz"
    )
    parser.add_argument("--json", type=Path, default=ROOT / "bench-results" / "reading.json")
    arguments = parser.parse_args()
    inputs = {"saved pages": sorted(str(path) for path in PAGES.glob("*.html"))}
    if arguments.data:
        found = [
            path
            for name in ("articles.jsonl.gz", "articles.jsonl")
            if (path := arguments.data / name).exists()
        ]
        if not found:
            parser.error(f"there is no articles.jsonl.gz or articles.jsonl in {arguments.data}")
        inputs = {f"{arguments.data.name}/{found[0].name}": [str(found[0])]} | inputs
    print(f"{'input':<40}{'articles':>10}{'skipped':>9}{'seconds':>9}{'articles/s':>12}{'peak MB':>9}")
    result = {}
    for name, sources in inputs.items():
        run = measure(sources)
        print(
            f"{name:<40}{run.articles:>10,}{run.skipped:>9,}{run.seconds:>9.2f}{run.per_second:>12,.0f}{run.peak_mb:>9.0f}"
        )
        result[name] = asdict(run) | {"articles_per_second": round(run.per_second, 1)}
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
