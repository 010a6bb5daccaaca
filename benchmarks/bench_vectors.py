"""Kinds of vector indexes side by side: which one serves an archive of a given size?

Exact search over 32-bit floats beside 16-bit floats, 8-bit codes, inverted lists (with and without
exact refinement) and a graph; each under filters that leave 100%, 10%, 1% and 0.1% of the rows. For each
it tells the median milliseconds of a search for 100 in one thread, the recall of the first 50 and of all
100 against the exact ones, how many of the 100 came at all, the seconds to build it, its megabytes, and
the seconds to add 40 vectors and write it.

The vectors are random but shaped like those of news under all-MiniLM-L6-v2: chunks near their article,
articles near their story, stories near their topic, with a falling spectrum. --vectors FILE takes those of an
archive's `vectors.faiss` instead. 20,000 vectors by default; --sizes for others (1,000,000 take about
9 GB and half an hour). The kinds are searched in turn, so that a busy machine slows all of them. Prints
tables and writes bench-results/vectors.json, or --json FILE.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import faiss  # noqa: TID253 - it is what is measured
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent
DIMENSION = 384
TOP_K, TOP = 100, 50
QUERIES = 25
SHARES = (1.0, 0.1, 0.01, 0.001)
ADDED = 40
MOST_FOR_GRAPH = 200_000
PROBES, EFFORT = 32, 256
BATCH = 50_000

Vectors = NDArray[np.float32]


@dataclass(kw_only=True)
class Measured:
    """One kind of index at one size; the lists have a value for each share of the rows."""

    kind: str
    build_s: float
    megabytes: float
    add_s: float
    milliseconds: list[float] = field(default_factory=list)
    recall_50: list[float] = field(default_factory=list)
    recall_100: list[float] = field(default_factory=list)
    found: list[float] = field(default_factory=list)


def news_like(count: int, rng: np.random.Generator) -> Vectors:
    """Return unit vectors whose likeness falls with rank about as that of real passages of news.

    Measured on 38,682 passages: the nearest one has a cosine of 0.79, the tenth 0.66, the hundredth 0.50,
    the thousandth 0.33; any two have 0.10.
    """
    spectrum = np.exp(-np.arange(DIMENSION) / 90).astype(np.float32)
    spectrum /= np.linalg.norm(spectrum)

    def level(size: int, weight: float) -> Vectors:
        drawn: Vectors = rng.standard_normal((size, DIMENSION), dtype=np.float32) * (spectrum * weight)
        return drawn

    articles, stories, topics = max(count // 6, 1), max(count // 40, 1), max(count // 600, 1)
    mean = level(1, 0.31)
    topic = level(topics, 0.50)
    story = level(stories, 0.45) + topic[rng.integers(topics, size=stories)]
    article = level(articles, 0.45) + story[rng.integers(stories, size=articles)]
    found = np.empty((count, DIMENSION), dtype=np.float32)
    owner = rng.integers(articles, size=count)
    for start in range(0, count, BATCH):
        part = slice(start, min(start + BATCH, count))
        found[part] = mean + article[owner[part]] + level(part.stop - start, 0.48)
        found[part] /= np.linalg.norm(found[part], axis=1, keepdims=True)
    return found


def makers(count: int) -> dict[str, Callable[[Vectors], Any]]:
    """Return what makes each kind of index of some vectors, trained and filled."""
    lists = int(4 * np.sqrt(count))
    kinds = {
        "flat float32": "Flat",
        "flat float16": "SQfp16",
        "flat 8 bit": "SQ8",
        f"lists of 8 bit, {PROBES} probed": f"IVF{lists},SQ8",
        f"lists of float32, {PROBES} probed": f"IVF{lists},Flat",
        f"lists of 8 bit, {PROBES} probed, refined": f"IVF{lists},SQ8,RFlat",
    }
    if count <= MOST_FOR_GRAPH:
        kinds["graph (HNSW 32)"] = "HNSW32,Flat"
    return {name: _maker(factory, lists) for name, factory in kinds.items()}


def _maker(factory: str, lists: int) -> Callable[[Vectors], Any]:
    def make(vectors: Vectors) -> Any:
        index = faiss.index_factory(DIMENSION, factory, faiss.METRIC_INNER_PRODUCT)
        sample = vectors[:: max(len(vectors) // (40 * lists), 1)]
        index.train(sample)
        for start in range(0, len(vectors), BATCH):
            index.add(vectors[start : start + BATCH])
        return index

    return make


def parameters(kind: str, selector: Any) -> Any:
    """Return the parameters of a search within a filter."""
    if kind.startswith("lists"):
        probing = faiss.SearchParametersIVF(sel=selector, nprobe=PROBES)
        if kind.endswith("refined"):
            return faiss.IndexRefineSearchParameters(k_factor=4, base_index_params=probing)
        return probing
    if kind.startswith("graph"):
        return faiss.SearchParametersHNSW(sel=selector, efSearch=EFFORT)
    return faiss.SearchParameters(sel=selector)


def measure(vectors: Vectors, queries: Vectors, rng: np.random.Generator) -> list[Measured]:
    """Build every kind over the vectors and search all of them."""
    measured: dict[str, Measured] = {}
    indexes: dict[str, Any] = {}
    for kind, make in makers(len(vectors)).items():
        began = time.perf_counter()
        indexes[kind] = make(vectors)
        built = time.perf_counter() - began
        print(f"   {kind}: {built:,.1f} s", flush=True)
        measured[kind] = Measured(kind=kind, build_s=built, megabytes=0, add_s=0)
    threads = faiss.omp_get_max_threads()
    for share in SHARES:
        _search(indexes, measured, vectors, queries, rng.random(len(vectors)) < share)
    faiss.omp_set_num_threads(threads)
    for kind, index in indexes.items():
        began = time.perf_counter()
        index.add(queries[np.arange(ADDED) % len(queries)])
        with tempfile.NamedTemporaryFile() as file:
            faiss.write_index(index, file.name)
            measured[kind].megabytes = Path(file.name).stat().st_size / 1_000_000
        measured[kind].add_s = time.perf_counter() - began
    return list(measured.values())


def _search(
    indexes: dict[str, Any],
    measured: dict[str, Measured],
    vectors: Vectors,
    queries: Vectors,
    mask: NDArray[np.bool_],
) -> None:
    """Search within the rows of a mask by each kind in turn, and note how it went."""
    bits = np.packbits(mask, bitorder="little")
    selector = faiss.IDSelectorBitmap(bits.size, faiss.swig_ptr(bits))
    rows = np.flatnonzero(mask)
    faiss.omp_set_num_threads(1)  # on a busy machine the second thread is mostly waited for
    wanted = min(TOP_K, len(rows))
    times: dict[str, list[float]] = {kind: [] for kind in indexes}
    hits: dict[str, list[tuple[float, float, float]]] = {kind: [] for kind in indexes}
    for query in queries:
        exact = rows[np.argsort(-(vectors[rows] @ query), kind="stable")[:wanted]]
        for kind, index in indexes.items():
            search = parameters(kind, selector)
            began = time.perf_counter()
            _, found = index.search(query.reshape(1, -1), TOP_K, params=search)
            times[kind].append(1_000 * (time.perf_counter() - began))
            real = found[0][found[0] >= 0]
            hits[kind].append((_shared(real, exact, TOP), _shared(real, exact, TOP_K), len(real) / wanted))
    for kind, one in measured.items():
        one.milliseconds.append(statistics.median(times[kind]))
        recall_50, recall_100, share = np.mean(hits[kind], axis=0).tolist()
        one.recall_50.append(recall_50)
        one.recall_100.append(recall_100)
        one.found.append(share)


def _shared(found: NDArray[np.int64], exact: NDArray[np.int64], first: int) -> float:
    """Return the share of the first exact rows that are among as many that were found."""
    best = exact[:first]
    return len(np.intersect1d(found[:first], best)) / len(best)


def table(measured: Sequence[Measured]) -> str:
    """Return the results of one size as text."""
    shares = [f"{share:.1%}".replace(".0%", "%") for share in SHARES]
    heads = ["ms", "recall@50", "recall@100", "found"]
    lines = [
        f"{'':<38}{'build s':>9}{'MB':>8}{'add s':>8}"
        + "".join(
            f"{f'  {head} at {shares[0]}':>16}{''.join(f'{one:>8}' for one in shares[1:])}" for head in heads
        )
    ]
    for one in measured:
        cells = "".join(
            f"{values[0]:>16.{digits}f}" + "".join(f"{value:>8.{digits}f}" for value in values[1:])
            for values, digits in (
                (one.milliseconds, 2),
                (one.recall_50, 3),
                (one.recall_100, 3),
                (one.found, 2),
            )
        )
        lines.append(f"{one.kind:<38}{one.build_s:>9.1f}{one.megabytes:>8,.0f}{one.add_s:>8.2f}{cells}")
    return "\n".join(lines)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[20_000])
    parser.add_argument("--vectors", type=Path, help="a vectors.faiss, whose vectors are taken")
    parser.add_argument("--json", type=Path, default=ROOT / "bench-results" / "vectors.json")
    options = parser.parse_args()
    found = {}
    for size in [0] if options.vectors else options.sizes:
        rng = np.random.default_rng(7)
        drawn = _stored(options.vectors) if options.vectors else news_like(size + QUERIES, rng)
        vectors, queries = drawn[QUERIES:], drawn[:QUERIES]
        print(f"-- {len(vectors):,} vectors", flush=True)
        measured = measure(vectors, queries, rng)
        print(table(measured), flush=True)
        found[len(vectors)] = [asdict(one) for one in measured]
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def _stored(path: Path) -> Vectors:
    """Return the vectors of a file of an archive, in random order."""
    index = faiss.read_index(str(path)).index
    stored: Vectors = index.reconstruct_n(0, index.ntotal)
    return np.random.default_rng(3).permutation(stored)


if __name__ == "__main__":
    main()
