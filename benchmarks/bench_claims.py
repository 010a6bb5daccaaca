"""How well the verifier tells a rephrased claim that its sentence supports from one that it does not.

    python benchmarks/bench_claims.py [--show] [--json FILE]

Each pair of `tests/data/paraphrases.jsonl` is a sentence and a claim: the same in another order, voice or
word, or something else that looks like it. Prints the share of true claims that are supported (higher is
better), and of false ones (lower is better): by the verifier; by its checks of names, quantities, quotations
and negation with the cosine of claim and sentence in place of the words; and by the verifier with words
that are near by their vectors as words of the same meaning. Half of the pairs were held out while the
verifier was made. --show prints the pairs that it gets wrong. Writes bench-results/claims.json, or --json
FILE.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from index.adapters.minilm import MiniLMEmbedder
from rag.evidence import Sentence
from rag.paraphrase import restates
from rag.restated import in_digits
from rag.verify import Support, support_of

ROOT = Path(__file__).parent.parent
PAIRS = ROOT / "tests" / "data" / "paraphrases.jsonl"
SUPPORT = 0.9
COSINES = (0.8, 0.9, 0.95)
WORD_COSINE = 0.6


def support(pair: dict[str, Any]) -> Support:
    """Return what the verifier makes of a pair."""
    text = pair["sentence"]
    sentence = Sentence(
        at=0,
        start=0,
        end=len(text),
        text=text,
        similarity=1.0,
        coverage=1.0,
        fits=True,
        unnamed=(),
        score=1.0,
    )
    found = support_of(pair["claim"], [sentence], [pair["context"]], literal=False)
    return found or Support(position=0, degree=0.0)


def ways(embedder: MiniLMEmbedder) -> dict[str, Callable[[dict[str, Any]], bool]]:
    """Return by its name how each way decides whether a pair's claim is supported."""

    @cache
    def cosine(one: str, other: str) -> float:
        vectors = embedder.embed_documents([one, other])
        return float(vectors[0] @ vectors[1])

    def holds(pair: dict[str, Any]) -> bool:
        return support(pair).fault is None

    def verified(pair: dict[str, Any]) -> bool:
        return support(pair).degree >= SUPPORT

    def near(one: str, other: str) -> bool:
        return cosine(one, other) >= WORD_COSINE

    def verified_by_words(pair: dict[str, Any]) -> bool:
        claim, sentence = in_digits(pair["claim"]), in_digits(pair["sentence"])
        return verified(pair) or (holds(pair) and restates(claim, sentence, near))

    def alike(at_least: float) -> Callable[[dict[str, Any]], bool]:
        return lambda pair: holds(pair) and cosine(pair["claim"], pair["sentence"]) >= at_least

    found = {"verifier": verified, "checks": holds}
    found |= {f"checks, cosine {limit}": alike(limit) for limit in COSINES}
    return found | {f"verifier, words {WORD_COSINE}": verified_by_words}


def print_table(title: str, results: Sequence[dict[str, Any]], names: Sequence[str]) -> None:
    """Print the shares of claims found supported, by what was done to the sentence."""
    by_kind: dict[tuple[bool, str], list[dict[str, Any]]] = defaultdict(list)
    for result in results:
        by_kind[not result["supported"], result["kind"]].append(result)
        by_kind[not result["supported"], "~all"].append(result)
    print(f"\n{title}\n{'claims':<24}{'n':>4}" + "".join(f"{name:>22}" for name in names))
    for (false, kind), rows in sorted(by_kind.items()):
        shares = [sum(row[name] for row in rows) / len(rows) for name in names]
        heading = f"{'false' if false else 'true'}, {kind.removeprefix('~')}"
        print(f"{heading:<24}{len(rows):>4}" + "".join(f"{share:>22.2f}" for share in shares))


def main() -> None:
    """Decide each pair in each way, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--json", type=Path, default=ROOT / "bench-results" / "claims.json")
    arguments = parser.parse_args()
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    deciders = ways(MiniLMEmbedder())
    results = [pair | {name: decides(pair) for name, decides in deciders.items()} for pair in pairs]
    for title, held_out in (("pairs that the verifier was made with", False), ("pairs held out", True)):
        print_table(title, [one for one in results if one["held_out"] is held_out], list(deciders))
    if arguments.show:
        for one in results:
            if one["verifier"] is not one["supported"]:
                print(f"\n{one['kind']}: {one['sentence']}\n  {one['claim']}")
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(f"\nwritten: {arguments.json}")


if __name__ == "__main__":
    main()
