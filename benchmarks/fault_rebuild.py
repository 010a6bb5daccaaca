"""All derived files written anew from the catalogue of a large index, without embedding anything."""

import time
from pathlib import Path
from typing import Any

from fault_news import SyntheticEmbedder, stream
from fault_result import Result

from index.archive import Archive
from index.build import BuildMode, build
from index.config import ChunkingConfig
from index.errors import DatelineError
from index.filters import Filter
from index.progress import Progress
from index.repair import repair
from index.verify import check_catalogue

DIMENSION = 384
SENTENCES = 28
CHUNKS_PER_ARTICLE = 4
CHUNKING = ChunkingConfig(max_tokens=150, overlap_sentences=0)
FAILED, WRONG = "rebuilds that fail", "wrong answers afterwards"


def rebuild(folder: Path, *, chunks: int) -> Result:
    """Damage every derived file of an index of about so many chunks, and time its repair."""
    result = Result(scenario="rebuild of all derived files", trials=1)
    result.expect_none(FAILED, WRONG)
    root = folder / "index"
    made = make(root, chunks // CHUNKS_PER_ARTICLE)
    before = ask(root)
    for path in (root / "versions" / "000001").rglob("*"):
        if path.is_file():
            path.write_bytes(b"damaged")
    try:
        seconds, checking, stages = mend(root)
    except DatelineError as error:
        result.blame(FAILED, str(error))
        return result
    if ask(root) != before:
        result.blame(WRONG, f"{before} before")
    result.figures |= {
        "chunks": made,
        "catalogue, MB": round((root / "catalogue.db").stat().st_size / 1e6),
        "seconds": round(seconds, 1),
        "of it the catalogue's own check": round(checking, 1),
        "stages begun at, s": ", ".join(f"{stage} {at:.1f}" for stage, at in stages.items()),
    }
    return result


def make(root: Path, articles: int) -> int:
    """Build the index and return how many chunks it has."""
    embedder = SyntheticEmbedder(dimension=DIMENSION)
    given = stream(range(articles), sentences=SENTENCES)

    report = build(root, given, embedder=embedder, chunking=CHUNKING, mode=BuildMode.REPLACE)
    return report.chunks


def mend(root: Path) -> tuple[float, float, dict[str, float]]:
    """Repair the index; return the seconds it took, those of the catalogue's check, and when stages began."""
    began = time.monotonic()
    check_catalogue(root)
    checking = time.monotonic() - began
    stages: dict[str, float] = {}
    began = time.monotonic()

    def progress(now: Progress) -> None:
        stages.setdefault(str(now.stage), time.monotonic() - began)

    repair(root, progress=progress)
    return time.monotonic() - began, checking, stages


def ask(root: Path) -> list[Any]:
    """Return what an index answers to some questions."""
    embedder = SyntheticEmbedder(dimension=DIMENSION)
    found: list[Any] = []
    with Archive(root).open(embedder=embedder.info) as snapshot:
        for question in ("harbour report n7", "n4711 edition", "ba dor el"):
            dense = snapshot.search_dense(embedder.embed_query(question), 10, Filter())
            lexical = snapshot.search_lexical(question, 10, Filter())
            found.append([hit.row for hit in dense])
            found.append(sorted(round(hit.score, 4) for hit in lexical))
    return found
