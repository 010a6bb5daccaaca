"""Small corpora, and short ways to build an index of them."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from index.archive import Archive
from index.article import Article, DateOrigin, Skipped
from index.build import BuildMode, build
from index.config import ChunkingConfig
from index.progress import BuildReport
from index.snapshot import Snapshot
from tests.fakes import FakeEmbedder

CHUNKING = ChunkingConfig(max_tokens=40, overlap_sentences=0)


def article(
    name: str,
    text: str,
    *,
    title: str = "",
    published: str | None = "2026-03-01",
    source: str = "example.com",
) -> Article:
    return Article(
        key=f"https://{source}/{name}",
        title=title or f"Title of {name}",
        text=text,
        url=f"https://{source}/{name}",
        source=source,
        published=published,
        published_from=DateOrigin.META if published else DateOrigin.UNKNOWN,
        origin=f"/articles/{name}.txt",
    )


def numbered(count: int) -> list[Article]:
    """Return articles that share the word "harbour"; number n is of day n of 2020 and on."""
    return [
        article(
            f"n{number}",
            f"The harbour report number{number} came out.",
            title=f"Report {number}",
            published=(date(2020, 1, 1) + timedelta(days=number)).isoformat(),
            source="even.example" if number % 2 == 0 else "odd.example",
        )
        for number in range(count)
    ]


def build_index(
    root: Path,
    articles: Iterable[Article | Skipped],
    embedder: FakeEmbedder,
    mode: BuildMode = BuildMode.REPLACE,
) -> BuildReport:
    return build(root, articles, embedder=embedder, chunking=CHUNKING, mode=mode)


def add(root: Path, articles: Iterable[Article | Skipped], embedder: FakeEmbedder) -> BuildReport:
    return build_index(root, articles, embedder, BuildMode.ADD)


def open_index(root: Path) -> Snapshot:
    return Archive(root).open()
