"""An index, folders of news from Stellhaven and Orvale, and short ways to keep them in step."""

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from index.archive import Archive
from index.config import ReadingConfig
from index.errors import ArchiveNotFoundError
from index.fetch.config import FetchConfig
from index.sync.report import PassReport, Plan, SourceReport
from index.sync.run import Sync
from index.sync.source import Source, absolute
from tests.fakes import FakeEmbedder
from tests.index.corpus import CHUNKING

FETCHING = FetchConfig(
    allow_networks=("127.0.0.0/8",), delay_s=0, respect_robots=False, retries=0, timeout_s=10
)


def story(name: str, text: str = "") -> str:
    """A text file of one article, which has a date and no address of its own."""
    said = text or f"The {name} reopened on Tuesday after two years."
    return f"{name} reopens in Stellhaven\n\nMarch 3, 2026\n\n{said}\n"


def page(name: str, text: str = "", *, host: str = "courier.example", address: str = "") -> str:
    """A page of one article, which names its own address."""
    said = text or f"The {name} of Orvale opened on Tuesday after two years of repairs, the mayor said."
    return (
        f"<!DOCTYPE html><html><head><title>{name}</title>"
        '<meta property="article:published_time" content="2026-03-01T09:00:00Z"><link rel="canonical" '
        f'href="{address or f"https://{host}/{name}"}"></head><body><article><h1>The {name} opens</h1>'
        f"<p>{said}</p><p>{said.replace('The', 'Its')} Nobody had expected as much.</p>"
        "</article></body></html>"
    )


def records(*names: str) -> str:
    """Records as JSON Lines, each with its own address."""
    return "".join(
        json.dumps({"title": f"{name} opens", "text": story(name), "url": f"https://records.example/{name}"})
        + "\n"
        for name in names
    )


class World:
    """What a test works in: an index at `root`, a folder `news`, and a clock that it may move."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root = path / "index"
        self.news = path / "news"
        self.news.mkdir(exist_ok=True)
        self.embedder = FakeEmbedder()
        self.now = datetime.now(UTC)

    def write(self, name: str, content: str, *, age_s: float = 3600) -> Path:
        """Write a file below `news`, as if it had been there for a while."""
        path = self.news / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        self.set_age(path, age_s)
        return path

    def set_age(self, path: Path, age_s: float) -> None:
        when = time.time_ns() - int(age_s * 1e9)
        os.utime(path, ns=(when, when))

    def later(self, **passed: float) -> None:
        self.now += timedelta(**passed)

    def source(self, place: Path | str | None = None, **given: Any) -> Source:
        where = absolute(str(self.news if place is None else place))
        return Source(name=given.pop("name", where), place=where, **given)

    def keeper(self, **given: Any) -> Sync:
        settings: dict[str, Any] = {
            "embedder": lambda: self.embedder,
            "chunking": CHUNKING,
            "reading": ReadingConfig(),
            "fetch": FETCHING,
            "lock_wait_s": 0.0,
            "now": lambda: self.now,
        }
        return Sync(self.root, **settings | given)

    def sync(self, *sources: Source, urgent: bool = False, **given: Any) -> PassReport:
        return self.keeper(**given).run(sources or (self.source(),), urgent=urgent)

    def sync_one(self, source: Source | None = None, **given: Any) -> SourceReport:
        (report,) = self.sync(source or self.source(), **given).sources
        return report

    def plan(self, *sources: Source) -> Plan:
        return self.keeper().plan(sources or (self.source(),))

    def titles(self) -> list[str]:
        return sorted(record.title for record in Archive(self.root).list_articles())

    def version(self) -> str | None:
        return Archive(self.root).current_version()

    def holds(self, word: str) -> bool:
        """Whether some article's title has the word in it."""
        try:
            return any(word in title for title in self.titles())
        except ArchiveNotFoundError:
            return False


def counts(report: SourceReport) -> dict[str, int]:
    """What is not zero of a report."""
    found = {name: getattr(report, name) for name in ("added", "updated", "unchanged", "removed")}
    found["skipped"] = len(report.skipped)
    return {name: count for name, count in found.items() if count}


def everything_below(folder: Path) -> dict[str, bytes]:
    """The files below a folder with their content."""
    return {str(path): path.read_bytes() for path in _files(folder)}


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
