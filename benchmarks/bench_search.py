"""How long a whole search takes, embedding the question included, over synthetic archives of growing size.

    python benchmarks/bench_search.py [--sizes 10000 100000] [--json FILE]

Prints p50 and p95 in milliseconds for searches without a filter and within a month (0.3 % of the archive).
Writes bench-results/search.json, or --json FILE.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from growth_archive import CheapEmbedder, make_archive, query_words
from numpy.typing import NDArray

from index.adapters.minilm import MiniLMEmbedder
from index.archive import Archive
from rag.config import RetrievalConfig
from rag.plan import make_plan
from rag.question import Question
from rag.retrieve import HybridRetriever

ROOT = Path(__file__).parent.parent
QUERIES, WARM_UP = 200, 10
TOP_K = 8
FILTERS: dict[str, dict[str, str]] = {"all": {}, "a month": {"since": "2012-03-01", "until": "2012-03-31"}}


class TimedEmbedder(CheapEmbedder):
    """Gives the archive's random vectors, and takes the time of the real model for each question."""

    def __init__(self) -> None:
        """Load the model."""
        super().__init__()
        self._model = MiniLMEmbedder()
        self._model.embed_query("warm")

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return a unit vector of shape (384,)."""
        self._model.embed_query(text)
        return super().embed_query(text)


def measure(root: Path) -> list[dict[str, Any]]:
    """Return the percentiles of each filter."""
    embedder, words, rows = TimedEmbedder(), query_words(), []
    with Archive(root).open() as snapshot:
        retriever = HybridRetriever(snapshot, embedder, RetrievalConfig())
        for name, bounds in FILTERS.items():
            spent = []
            for number in range(WARM_UP + QUERIES):
                text = " ".join([*words[number % 7 :: 7], str(number)])
                began = time.perf_counter()
                retriever.retrieve(make_plan(Question.parse(text, **bounds)), TOP_K)
                spent.append((time.perf_counter() - began) * 1_000)
            p50, p95 = np.percentile(spent[WARM_UP:], [50, 95])
            rows.append({"filter": name, "p50_ms": round(float(p50), 1), "p95_ms": round(float(p95), 1)})
    return rows


def main() -> None:
    """Make the archives, search them, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=int, default=[10_000, 30_000])
    parser.add_argument("--json", type=Path, default=ROOT / "bench-results" / "search.json")
    arguments = parser.parse_args()
    print(f"{'chunks':>10}  {'filter':<10}{'p50 ms':>8}{'p95 ms':>8}")
    found = []
    for chunks in arguments.sizes:
        with tempfile.TemporaryDirectory() as folder:
            make_archive(Path(folder, "index"), chunks)
            for row in measure(Path(folder, "index")):
                print(
                    f"{chunks:>10,}  {row['filter']:<10}{row['p50_ms']:>8.1f}{row['p95_ms']:>8.1f}",
                    flush=True,
                )
                found.append({"chunks": chunks, **row})
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"written: {arguments.json}")


if __name__ == "__main__":
    main()
