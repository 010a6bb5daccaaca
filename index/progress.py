"""How a build tells where it is, and what it did."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from index.article import Skipped


class Stage(StrEnum):
    """What a build is doing."""

    READ = "read"
    EMBED = "embed"
    COMPARE = "compare"
    WRITE = "write"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Counts so far. `total_articles` is None where the sources do not say; `seconds` since the start."""

    stage: Stage
    articles: int
    chunks: int
    embedded: int
    skipped: int
    total_articles: int | None
    seconds: float
    message: str = ""

    @property
    def total_chunks(self) -> int | None:
        """About how many chunks there will be, by those of the articles done so far; None while unknown."""
        if not self.total_articles or not self.articles:
            return None
        return max(self.chunks, round(self.chunks / self.articles * self.total_articles))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self) | {"stage": self.stage.value}


ProgressListener = Callable[[Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build, an addition or a removal did.

    `articles` and `chunks` are those of the version; `added`, `updated`, `unchanged` and `removed`
    count articles against the version before; `embedded` vectors were computed now and `reused`
    ones were known. `changed` is False where no new version was needed.
    """

    version: str | None
    articles: int
    chunks: int
    added: int
    updated: int
    unchanged: int
    removed: int
    embedded: int
    reused: int
    skipped: tuple[Skipped, ...]
    seconds: float
    changed: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self) | {"skipped": [asdict(item) for item in self.skipped]}


class Meter:
    """Counts what a build has done and tells the listener."""

    def __init__(self, listener: ProgressListener | None, total_articles: int | None = None) -> None:
        self._listener = listener
        self._started = time.monotonic()
        self.total_articles = total_articles
        self.articles = 0
        self.chunks = 0
        self.embedded = 0
        self.reused = 0
        self.skipped: list[Skipped] = []

    @property
    def seconds(self) -> float:
        """Seconds since the build began."""
        return time.monotonic() - self._started

    def tell(self, stage: Stage, message: str = "") -> None:
        """Hand the counts so far to the listener."""
        if self._listener is None:
            return
        self._listener(
            Progress(
                stage=stage,
                articles=self.articles,
                chunks=self.chunks,
                embedded=self.embedded,
                skipped=len(self.skipped),
                total_articles=self.total_articles,
                seconds=self.seconds,
                message=message,
            )
        )
