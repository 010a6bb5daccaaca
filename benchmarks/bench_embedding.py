"""The default embedder (int8 ONNX) beside the same weights through sentence-transformers, in one run.

Prints tokens per second of each (the median of several rounds, taken in turn), their ratio, and the
cosine of the two models' vectors; writes bench-results/embedding.json. The texts are the paragraphs
of the sample articles.
"""

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.adapters.minilm import MiniLMEmbedder
from index.adapters.packaged_weights import MINILM_WEIGHTS
from index.adapters.sentence_transformer import SentenceTransformerEmbedder
from index.article import Article
from index.readers import read_sources

if TYPE_CHECKING:
    from index.embedding import Embedder

ROOT = Path(__file__).parent.parent
ROUNDS = 5
TEXTS = 256
WORDS = 150


def passages() -> list[str]:
    """Return texts of about 150 words, as long as the chunks of an index."""
    articles = [
        item for item in read_sources([str(ROOT / "examples" / "articles")]) if isinstance(item, Article)
    ]
    words = " ".join(article.text for article in articles).split()
    starts = range(0, len(words) - WORDS, max((len(words) - WORDS) // TEXTS, 1))
    return [" ".join(words[start : start + WORDS]) for start in starts][:TEXTS]


def seconds(run: Callable[[], object]) -> float:
    """Return the wall time of one run."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def main() -> None:
    """Measure, print and write."""
    texts = passages()
    embedders: dict[str, Embedder] = {
        "int8 ONNX (default)": MiniLMEmbedder(),
        "sentence-transformers": SentenceTransformerEmbedder(str(MINILM_WEIGHTS.path().parent)),
    }
    tokens = sum(min(count, 256) for count in MiniLMEmbedder().count_tokens(texts))
    vectors = {name: embedder.embed_documents(texts) for name, embedder in embedders.items()}
    times: dict[str, list[float]] = {name: [] for name in embedders}
    for _ in range(ROUNDS):
        for name, embedder in embedders.items():
            times[name].append(seconds(lambda embedder=embedder: embedder.embed_documents(texts)))
    speed = {name: tokens / statistics.median(values) for name, values in times.items()}
    first, second = speed.values()
    cosine = np.sum(np.prod(list(vectors.values()), axis=0), axis=1)
    result = {
        "texts": len(texts),
        "tokens": tokens,
        "tokens_per_second": {name: round(value) for name, value in speed.items()},
        "ratio": round(first / second, 2),
        "cosine_mean": round(float(cosine.mean()), 4),
        "cosine_least": round(float(cosine.min()), 4),
    }
    for name, value in speed.items():
        print(f"{name:<24}{value:>10,.0f} tokens/s")
    print(f"{'ratio':<24}{result['ratio']:>10}")
    print(f"{'cosine, mean and least':<24}{result['cosine_mean']:>10} {result['cosine_least']}")
    folder = ROOT / "bench-results"
    folder.mkdir(exist_ok=True)
    (folder / "embedding.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
