"""Whether each part of a question gets evidence of its own: questions of several parts over the samples.

    python benchmarks/bench_parts.py [--all] [--show] [--json FILE]

Each question of `tests/data/multi_part.jsonl` names, for every part, the articles of which one has to be
cited. It is asked twice, quoting: as one question, and planned into parts. Prints by kind the share of parts
that are cited (parts), of questions with all parts cited (whole), and of those where exactly the parts that
the archive has nothing on are said to be missing (said). The questions were written before the rules; those
held out were not looked at while the rules were made, and are a table of their own with --all. --show prints
the questions that fall short. Writes bench-results/parts.json, or --json FILE.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.adapters.minilm import MiniLMEmbedder
from index.build import BuildMode, build
from index.config import ChunkingConfig
from index.readers import read_sources
from rag.config import Settings
from rag.engine import Engine

ROOT = Path(__file__).parent.parent
QUESTIONS = ROOT / "tests" / "data" / "multi_part.jsonl"
WAYS = {"as one": False, "in parts": True}
MEASURES = ("parts", "whole", "said")


def measure(engine: Engine, question: dict[str, Any], origins: dict[str, str]) -> dict[str, Any]:
    """Return which parts of a question are cited, and whether what is missing is said."""
    answer = engine.ask(question["question"], as_of=question["as_of"])
    cited = (
        {origins.get(citation.url, "") for citation in answer.citations} if not answer.abstained else set()
    )
    parts = [not cited.isdisjoint(wanted) for wanted in question["parts"].values()]
    missing = question.get("not_found", [])
    said = len(answer.not_found) == len(missing) and all(
        any(name in one for one in answer.not_found) for name in missing
    )
    return {
        "parts": sum(parts) / len(parts),
        "whole": float(all(parts)),
        "said": float(said),
        "answer": answer.answer,
        "not_found": answer.not_found,
    }


def print_table(title: str, results: Sequence[dict[str, Any]]) -> None:
    """Print the shares by kind, and over all."""
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for result in results:
        by_kind[result["kind"]].append(result)
        by_kind["all"].append(result)
    print(f"\n{title}\n{'':<12}{'n':>4}  " + "".join(f"{way:^24}" for way in WAYS))
    print(f"{'kind':<12}{'':>4}  " + "".join(f"{name:>8}" for name in MEASURES) * len(WAYS))
    for kind in sorted(by_kind, key=lambda kind: (kind == "all", kind)):
        rows = by_kind[kind]
        shares = [sum(row[way][name] for row in rows) / len(rows) for way in WAYS for name in MEASURES]
        print(f"{kind:<12}{len(rows):>4}  " + "".join(f"{share:>8.2f}" for share in shares))


def main() -> None:
    """Build the samples' index, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--json", type=Path, default=ROOT / "bench-results" / "parts.json")
    arguments = parser.parse_args()
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [one for one in map(json.loads, lines) if arguments.all or not one.get("held_out")]
    embedder = MiniLMEmbedder()
    articles = list(read_sources([str(ROOT / "examples" / "articles")]))
    origins = {article.url: Path(article.origin).name for article in articles}
    results: list[dict[str, Any]] = [dict(question) for question in questions]
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder, "index")
        build(index, articles, embedder=embedder, chunking=ChunkingConfig(), mode=BuildMode.REPLACE)
        for way, decomposition in WAYS.items():
            fields = {
                "index": index,
                "generate": {"model": "none"},
                "retrieval": {"decomposition": decomposition},
            }
            with Engine(Settings.model_validate(fields), embedder=embedder) as engine:
                for result in results:
                    result[way] = measure(engine, result, origins)
    print_table(
        "questions that the rules were written with", [one for one in results if "held_out" not in one]
    )
    if arguments.all:
        print_table("questions held out", [one for one in results if "held_out" in one])
    if arguments.show:
        for one in results:
            if not (one["in parts"]["whole"] and one["in parts"]["said"]):
                print(f"\n{one['id']}: {one['question']}\n  {one['in parts']['answer']}")
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(f"written: {arguments.json}")


if __name__ == "__main__":
    main()
