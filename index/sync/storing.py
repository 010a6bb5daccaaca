"""What was read is published a batch at a time, and only then noted."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from index.article import Article, Skipped
from index.build import BuildMode, build
from index.config import ChunkingConfig
from index.errors import ArchiveLockedError
from index.progress import BuildReport, Meter, ProgressListener, Stage
from index.sync.ancestry import identify
from index.sync.reading import Reading
from index.sync.state import SyncState
from index.sync.tally import Tally
from index.sync.withdrawal import withdraw
from index.versions import VersionStore

if TYPE_CHECKING:
    from index.embedding import Embedder

T = TypeVar("T")
_LOCK_POLL_S = 0.2
_MOST_CHARACTERS = 20_000_000  # held in memory until they are stored


class Storing:
    """Writes to one index; waits a while where another process writes."""

    def __init__(
        self,
        root: Path,
        *,
        embedder: "Callable[[], Embedder]",
        chunking: ChunkingConfig,
        lock_wait_s: float,
        progress: ProgressListener | None,
    ) -> None:
        self.root = root
        self.versions = VersionStore(root)
        self.progress = progress
        self._embedder = embedder
        self._chunking = chunking
        self._lock_wait_s = lock_wait_s

    def add(self, articles: Sequence[Article]) -> BuildReport:
        """Publish articles, added or refreshed.

        Raises:
            ArchiveLockedError: where another process writes for too long.
        """
        return self._when_free(
            lambda: build(
                self.root,
                articles,
                embedder=self._embedder(),
                chunking=self._chunking,
                mode=BuildMode.ADD,
                progress=self.progress,
            )
        )

    def withdraw(self, revisions: Mapping[str, int]) -> BuildReport:
        """Publish a version without some articles, given as revision ids by article id; raises as `add`."""
        return self._when_free(lambda: withdraw(self.root, revisions, progress=self.progress))

    def _when_free(self, write: Callable[[], T]) -> T:
        until = time.monotonic() + self._lock_wait_s
        while True:
            try:
                return write()
            except ArchiveLockedError:
                if time.monotonic() >= until:
                    raise
                time.sleep(_LOCK_POLL_S)


class Batches:
    """Collects what one source gives, and stores it a batch at a time."""

    def __init__(
        self,
        place: str,
        storing: Storing,
        state: SyncState,
        tally: Tally,
        *,
        most_articles: int,
        most_s: float,
        message: str,
        acknowledge_part: Callable[[], None],
    ) -> None:
        """Store what `place` gives.

        Args:
            place: The source.
            storing: Writes to the index.
            state: Notes what was stored.
            tally: Counts it.
            most_articles: How many articles are stored together at most.
            most_s: Seconds of reading after which what was read is stored.
            message: What progress says while it is read.
            acknowledge_part: Called when a batch is stored and more may follow, before it is noted.
        """
        self._place = place
        self._storing = storing
        self._state = state
        self._tally = tally
        self._most_articles = most_articles
        self._most_s = most_s
        self._message = message
        self._acknowledge_part = acknowledge_part
        self._articles: list[Article] = []
        self._characters = 0
        self._readings: dict[str, Reading] = {}
        self._began = time.monotonic()
        self._meter = Meter(storing.progress)

    def take(self, found: Article | Skipped, reading: Reading, name: str) -> None:
        """Take what was found in an input that is called `name`; a batch that is full is stored before."""
        if self._is_full():
            self.commit()
        if isinstance(found, Article) and not found.text.strip():
            found = Skipped(origin=found.origin or found.url, reason="it has no text")
        reading.take(found, name)
        self.note(reading)
        if isinstance(found, Article):
            self._articles.append(found)
            self._characters += len(found.text) + len(found.raw)
            self._meter.articles += 1
        else:
            self._tally.skipped.append(found)
        self._meter.skipped = self._tally.skipped
        self._meter.tell(Stage.READ, self._message)

    def note(self, reading: Reading) -> None:
        """Have a reading noted with the next batch."""
        self._readings[reading.path] = reading

    def commit(self, acknowledge: Callable[[], None] | None = None) -> None:
        """Publish what was collected, then acknowledge and note it: whatever is cut off is read again.

        `acknowledge` says that this was the last batch.
        """
        version = self._storing.versions.current()
        if self._articles:
            report = self._storing.add(self._articles)
            version = report.version
            self._tally.count(report)
        # Where somebody set the index back, or built it anew, the next pass finds out what is left of it.
        if version and self._readings and self._state.extends(self._storing.versions, version):
            (acknowledge or self._acknowledge_part)()
            identity = identify(self._storing.versions, version)
            self._state.record(self._place, self._readings.values(), identity)
        for reading in self._readings.values():
            reading.ids.clear()
        self._articles.clear()
        self._characters = 0
        self._readings.clear()
        self._began = time.monotonic()

    def _is_full(self) -> bool:
        many = len(self._articles) >= self._most_articles or self._characters >= _MOST_CHARACTERS
        return many or time.monotonic() - self._began >= self._most_s
