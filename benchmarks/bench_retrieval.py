"""What each part of retrieval contributes: the questions of a data set, with one part changed at a time.

    python benchmarks/bench_retrieval.py DATA...

DATA is a folder that `dateline eval` reads, or one of such folders. Prints a table for each: the measures of
the defaults, and those of every variant with the paired difference of MRR@10 and its p value, and the p95 of
a search in milliseconds. Writes bench-results/retrieval.json, or --json FILE.
"""

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import ReadError
from rag.config import Settings
from rag.evaluate.beir import open_dataset
from rag.evaluate.compare import compare
from rag.evaluate.run import EvalOptions, Setup, measure

ROOT = Path(__file__).parent.parent
SHOWN = ("hit@1", "hit@4", "hit@10", "mrr@10")
DECIDES = "mrr@10"
VARIANTS: dict[str, dict[str, Any]] = {
    "only by meaning": {
        "lexical_weight": 0,
        "coverage_weight": 0,
        "recency_weight": 0,
        "period_weight": 0,
        "opening_weight": 0,
    },
    "only by words": {
        "dense_weight": 0,
        "coverage_weight": 0,
        "recency_weight": 0,
        "period_weight": 0,
        "opening_weight": 0,
    },
    "both by rank alone": {
        "fusion": "rank",
        "dense_weight": 1,
        "lexical_weight": 1,
        "coverage_weight": 0,
        "recency_weight": 0,
        "period_weight": 0,
        "opening_weight": 0,
    },
    "both by score alone": {
        "dense_weight": 1,
        "lexical_weight": 1,
        "coverage_weight": 0,
        "recency_weight": 0,
        "period_weight": 0,
        "opening_weight": 0,
    },
    "without the search by meaning": {"dense_weight": 0},
    "without the search by words": {"lexical_weight": 0},
    "without coverage": {"coverage_weight": 0},
    "without recency and period": {"recency_weight": 0, "period_weight": 0},
    "without the preference for openings": {"opening_weight": 0},
    "chunks that do not grow": {"passage_words": 1},
    "one passage of an article": {"per_article": 1},
    "ranks in place of scores": {"fusion": "rank"},
    "200 candidates of each search": {"candidates": 200},
    "with maximal marginal relevance": {"diversity": 0.5},
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One configuration on one data set; `differs` and `p` are of MRR@10 against the defaults."""

    variant: str
    values: dict[str, float]
    p95_ms: float
    differs: float = 0.0
    p: float = 1.0


def rows_of(dataset: Path, settings: Settings) -> list[Row]:
    """Return the defaults, then every variant."""
    options = EvalOptions(retrieval_only=True, sentences=False)
    report = measure(dataset, Setup(settings=settings), options)
    rows = [
        Row(
            variant="defaults",
            values={name: report.value(name) or 0.0 for name in SHOWN},
            p95_ms=report.search_ms["search"].p95,
        )
    ]
    print(line(rows[0]), flush=True)
    for name, changes in VARIANTS.items():
        retrieval = settings.retrieval.model_copy(update=changes)
        other = measure(
            dataset, Setup(settings=settings.model_copy(update={"retrieval": retrieval})), options
        )
        differences = compare(report, other, names=("defaults", name), seed=options.seed).differences
        decided = next(one for one in differences if one.name == DECIDES)
        rows.append(
            Row(
                variant=name,
                values={shown: other.value(shown) or 0.0 for shown in SHOWN},
                p95_ms=other.search_ms["search"].p95,
                differs=decided.difference,
                p=decided.p,
            )
        )
        print(line(rows[-1]), flush=True)
    return rows


def line(row: Row) -> str:
    """Return a row of the table."""
    values = "".join(f"{row.values[name]:>8.3f}" for name in SHOWN)
    return f"{row.variant:<38}{values}{row.differs:>+9.3f}{row.p:>7.3f}{row.p95_ms:>9.0f}"


def datasets_in(folder: Path) -> list[Path]:
    """Return the folder itself where it is a data set, else those in it that are."""
    found = []
    for candidate in [folder, *sorted(path for path in folder.iterdir() if path.is_dir())]:
        try:
            open_dataset(candidate)
        except ReadError:
            continue
        found.append(candidate)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", nargs="+", type=Path, metavar="DATA")
    parser.add_argument("--json", type=Path, default=ROOT / "bench-results" / "retrieval.json")
    arguments = parser.parse_args()
    found: dict[str, list[Row]] = {}
    for dataset in [one for folder in arguments.data for one in datasets_in(folder)]:
        heads = "".join(f"{name:>8}" for name in SHOWN)
        print(f"\n{dataset.name:<38}{heads}{'differs':>9}{'p':>7}{'p95 ms':>9}")
        found[dataset.name] = rows_of(dataset, Settings.load())
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    document = {name: [asdict(row) for row in rows] for name, rows in found.items()}
    arguments.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(f"\nwritten: {arguments.json}")


if __name__ == "__main__":
    main()
