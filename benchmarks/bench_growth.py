"""What a change costs in archives of growing size.

For each size it makes a synthetic archive and measures, each in a process of its own as the command
line would: adding 10 articles, the same 10 again, 10 changed ones, removing 10, opening, opening the
next version in a process that has the one before open, and both searches. The embedder of the base is
a stand-in; the time that the real one takes for 10 articles is measured once and shown beside. An
addition is split by stage: the product's own functions are timed from outside, each without what
it calls of the others.

By default 10,000 and 30,000 chunks; --full goes on to 1,000,000 (about 12 GB of disk and 4 GB of
memory). --keep DIR makes the archives there and takes those that it finds there. Prints a table and
writes bench-results/growth.json, or --json FILE.
"""

import argparse
import contextlib
import importlib
import json
import multiprocessing
import resource
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from growth_archive import CHUNKING, CheapEmbedder, article, make_archive, query_words

from index.archive import Archive
from index.build import BuildMode, build, remove
from index.filters import Filter
from index.versions import VersionStore

ROOT = Path(__file__).parent.parent
SHORT, FULL = (10_000, 30_000), (10_000, 30_000, 100_000, 300_000, 1_000_000)
ADDED = 10
ROUNDS = 3
FEW, MANY = 100, 500
QUERIES = 30
MEGABYTE = 1_000_000

STAGES = {
    "lock, recover": ["index.writing:writer_lock", "index.writing:_recover", "index.ledger:Ledger.open"],
    "read, store, cut": ["index.ingest:Ingest.take"],
    "settle": ["index.ledger:Ledger.settle", "index.membership:VersionCatalogue.membership"],
    "check the version before": ["index.compose:are_unaltered"],
    "copies": ["index.compose:fingerprint_texts", "index.compose:find_near_copies"],
    "contents": [
        "index.compose:contents_of",
        "index.compose:amend",
        "index.compose:load_contents",
        "index.derive:save_contents",
        "index.entries:Contents.digest",
    ],
    "vectors": ["index.derive:write_change", "index.derive:write_whole"],
    "words": ["index.compose:write_difference", "index.compose:write_all"],
    "checksums": ["index.publish:version_files"],
    "fsync": ["index.versions:fsync_tree"],
    "publish": ["index.versions:VersionStore.publish"],
    "log": ["index.ledger:Ledger.settle_log"],
}
"""What each stage of a change is called here, and the functions that do it."""


class Stopwatch:
    """Times functions from outside; time in a timed function that another one calls counts for it alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._inner: list[float] = []

    def wrap(self, place: str, stage: str) -> None:
        """Time a function or method given as `module:name` or `module:Class.name`."""
        module, _, path = place.partition(":")
        owner: Any = importlib.import_module(module)
        *parents, name = path.split(".")
        for parent in parents:
            owner = getattr(owner, parent)
        static = vars(owner)[name] if name in vars(owner) else getattr(owner, name)
        if isinstance(static, classmethod):
            setattr(owner, name, classmethod(self._timed(static.__func__, stage)))
        else:
            setattr(owner, name, self._timed(static, stage))

    def _timed(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            began = time.perf_counter()
            self._inner.append(0.0)
            try:
                return function(*arguments, **named)
            finally:
                took = time.perf_counter() - began
                self.seconds[stage] += took - self._inner.pop()
                if self._inner:
                    self._inner[-1] += took

        return timed


def measure_change(root: Path, kind: str, first: int) -> dict[str, Any]:
    """Add, refresh, change or remove ten articles; return seconds, seconds by stage, and megabytes."""
    watch = Stopwatch()
    for stage, places in STAGES.items():
        for place in places:
            watch.wrap(place, stage)
    numbers = range(first, first + ADDED)
    began = time.perf_counter()
    if kind == "remove":
        report = remove(root, [article(number).url for number in numbers])
    else:
        items = [article(number, edition=int(kind == "update")) for number in numbers]
        began = time.perf_counter()
        report = build(root, items, embedder=CheapEmbedder(), chunking=CHUNKING, mode=BuildMode.ADD)
    seconds = time.perf_counter() - began
    stages = dict(watch.seconds) | {"other": seconds - sum(watch.seconds.values())}
    return {"seconds": seconds, "stages": stages, "peak_mb": _peak_mb(), "changed": report.changed}


def measure_reading(root: Path) -> dict[str, Any]:
    """Open an archive and search it; return seconds, milliseconds (p50) and megabytes."""
    began = time.perf_counter()
    snapshot = Archive(root).open()
    opened = time.perf_counter() - began
    embedder = CheapEmbedder()
    filters = {
        "all": Filter(),
        "10%": Filter(since=date(2010, 1, 1), until=date(2011, 8, 1)),
        "0.3%": Filter(since=date(2012, 3, 1), until=date(2012, 3, 31)),
    }
    words = query_words()
    found: dict[str, Any] = {"open_s": opened, "open_peak_mb": _peak_mb()}
    for name, where in filters.items():
        found[f"dense_{name}_ms"] = _p50(
            lambda n, where=where: snapshot.search_dense(embedder.embed_query(f"q{n}"), 50, where)
        )
        found[f"words_{name}_ms"] = _p50(
            lambda n, where=where: snapshot.search_lexical(" ".join(words[n % 7 :: 7]), 50, where)
        )
    snapshot.close()
    return found | {"search_peak_mb": _peak_mb()}


def measure_moving_over(root: Path, first: int) -> dict[str, Any]:
    """Open a version, have another process add to it, and return the seconds to open the new one."""
    with Archive(root).open() as snapshot:
        before = snapshot.version
        in_a_process(measure_change, root, "add", first)
        began = time.perf_counter()
        with Archive(root).open() as after:
            if after.version == before:
                raise RuntimeError("nothing was published")
            return {"seconds": time.perf_counter() - began, "peak_mb": _peak_mb()}


def measure_model() -> float:
    """Return the seconds that the real embedding model takes for the chunks of ten articles (median of 3)."""
    from index.adapters.minilm import MiniLMEmbedder
    from index.chunking import Chunker

    embedder = MiniLMEmbedder()
    words = [" ".join(["The harbour report was read in full today."] * 17)] * 4
    chunker = Chunker(CHUNKING, embedder.info.max_tokens, embedder.count_tokens)
    cut = chunker.cut([("Report", "\n\n".join(words))] * ADDED)
    texts = [f"{number} {chunk.embedded}" for number, chunks in enumerate(cut) for chunk in chunks]
    embedder.embed_documents(texts[:4])
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        embedder.embed_documents(texts)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def measure_versions(root: Path, count: int) -> dict[str, Any]:
    """Add one article `count` times; return the seconds of the first and last ten additions (median)."""
    start = time.time_ns() // 1_000_000 % 10**9 + 10**9
    times = []
    for number in range(start, start + count):
        item = [article(number)]
        began = time.perf_counter()
        build(root, item, embedder=CheapEmbedder(), chunking=CHUNKING, mode=BuildMode.ADD)
        times.append(time.perf_counter() - began)
    began = time.perf_counter()
    Archive(root).open().close()
    return {
        "versions": count,
        "first_s": statistics.median(times[1:11]),
        "last_s": statistics.median(times[-10:]),
        "open_s": time.perf_counter() - began,
    }


def in_a_process(run: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function returns in a fresh process."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(sender, run, arguments))
    process.start()
    sender.close()
    answer = receiver.recv()
    process.join()
    return answer


def measure(root: Path, chunks: int) -> dict[str, Any]:
    """Return everything that is measured of one archive, to which versions are added by it."""
    count = json.loads((root.parent / f"{root.name}.json").read_text())["articles"]
    start = time.time_ns() // 1_000_000 % 10**9 + 10**9
    row: dict[str, Any] = {"chunks": chunks, "articles": count}
    rounds = [in_a_process(measure_change, root, "add", start + n * ADDED) for n in range(ROUNDS)]
    row["add"] = _median(rounds)
    row["version_bytes"] = _new_bytes(root)
    row["again"] = in_a_process(measure_change, root, "add", start)
    row["update"] = _median(
        [in_a_process(measure_change, root, "update", start + n * ADDED) for n in range(ROUNDS)]
    )
    row["remove"] = _median(
        [in_a_process(measure_change, root, "remove", start + n * ADDED) for n in range(ROUNDS)]
    )
    row["reading"] = in_a_process(measure_reading, root)
    row["moving_over"] = in_a_process(measure_moving_over, root, start + 10**6)
    row["catalogue_bytes"] = (root / "catalogue.db").stat().st_size
    return row


def prepared(folder: Path, chunks: int) -> tuple[Path, float]:
    """Return an archive of so many chunks in `folder`, and the seconds it took to make (0: it was there)."""
    root, note = folder / f"growth-{chunks}", folder / f"growth-{chunks}.json"
    if note.exists():
        return root, 0.0
    began = time.perf_counter()
    count = in_a_process(make_archive, root, chunks)
    note.write_text(json.dumps({"articles": count}))
    return root, time.perf_counter() - began


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--full", action="store_true", help="up to 1,000,000 chunks")
    parser.add_argument("--sizes", type=int, nargs="+", help="these sizes instead")
    parser.add_argument("--keep", type=Path, help="folder of the archives")
    parser.add_argument("--no-model", action="store_true", help="leave the embedding model out")
    parser.add_argument("--json", type=Path, default=ROOT / "bench-results" / "growth.json")
    options = parser.parse_args()
    model_s = None if options.no_model else measure_model()
    rows = []
    with _folder(options.keep) as folder:
        for chunks in options.sizes or (FULL if options.full else SHORT):
            root, made_s = prepared(folder, chunks)
            print(f"-- {chunks:,} chunks{f', made in {made_s:,.0f} s' if made_s else ''}", flush=True)
            rows.append(measure(root, chunks) | {"made_s": made_s})
            if not options.keep and len(rows) > 1:
                shutil.rmtree(root)
        versions = in_a_process(
            measure_versions, prepared(folder, rows[0]["chunks"])[0], MANY if options.full else FEW
        )
    print(table(rows, model_s))
    print(
        f"{versions['versions']} versions of one article each, on {rows[0]['chunks']:,} chunks: "
        f"{versions['first_s']:.3f} s for each at first, {versions['last_s']:.3f} s at the end, "
        f"{versions['open_s']:.3f} s to open"
    )
    options.json.parent.mkdir(parents=True, exist_ok=True)
    result = {"model_10_articles_s": model_s, "sizes": rows, "versions": versions}
    options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def table(rows: list[dict[str, Any]], model_s: float | None) -> str:
    """Return the results as text, a column for each size."""
    lines: list[tuple[str, list[str]]] = [("chunks", [f"{row['chunks']:,}" for row in rows])]
    for kind in ("add", "again", "update", "remove"):
        lines.append((f"{kind} {ADDED} articles, s", [f"{row[kind]['seconds']:.3f}" for row in rows]))
        if kind == "add":
            stages = sorted({name for row in rows for name in row["add"]["stages"]})
            for stage in stages:
                cells = [f"{row['add']['stages'].get(stage, 0):.3f}" for row in rows]
                lines.append((f"    {stage}", cells))
            if model_s is not None:
                lines.append(("  and the embedding model, s", [f"{model_s:.3f}"] * len(rows)))
    lines.append(("new bytes of an added version, MB", [_mb(row["version_bytes"]) for row in rows]))
    lines.append(("catalogue, MB", [_mb(row["catalogue_bytes"]) for row in rows]))
    lines.append(("peak memory of an add, MB", [f"{row['add']['peak_mb']:,.0f}" for row in rows]))
    lines.append(("moving to a new version, s", [f"{row['moving_over']['seconds']:.3f}" for row in rows]))
    lines += [
        (key.replace("_", " "), [f"{row['reading'][key]:,.2f}" for row in rows]) for key in rows[0]["reading"]
    ]
    width = max(len(name) for name, _ in lines)
    return "\n".join(f"{name:<{width}}" + "".join(f"{cell:>12}" for cell in cells) for name, cells in lines)


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _answer(sender: Any, run: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    sender.send(run(*arguments))
    sender.close()


def _median(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the round that took the median time."""
    found: dict[str, Any] = sorted(rounds, key=lambda one: one["seconds"])[len(rounds) // 2]
    return found


def _new_bytes(root: Path) -> int:
    """Return the bytes of the live version's files that no other version has."""
    folder = VersionStore(root).folder(VersionStore(root).current() or "")
    statuses = [path.stat() for path in folder.rglob("*") if path.is_file()]
    return sum(status.st_size for status in statuses if status.st_nlink == 1)


def _p50(run: Callable[[int], object]) -> float:
    times = []
    for number in range(QUERIES):
        began = time.perf_counter()
        run(number)
        times.append((time.perf_counter() - began) * 1_000)
    return statistics.median(times)


def _peak_mb() -> float:
    """Return the most memory that this process has held, where the system tells it without its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / MEGABYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE


def _mb(size: int) -> str:
    return f"{size / MEGABYTE:,.1f}"


if __name__ == "__main__":
    main()
