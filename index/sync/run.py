"""One pass over the sources: each is read, stored and reported by itself, and none stops the others."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalogue import Catalogue
from index.config import ChunkingConfig, ReadingConfig
from index.errors import ArchiveLockedError, ReadError
from index.fetch.config import FetchConfig
from index.progress import ProgressListener
from index.readers.web import FETCHES_NAME
from index.sync.ancestry import identify
from index.sync.files import Folder
from index.sync.intake import Intake, check_there
from index.sync.pass_lock import pass_lock
from index.sync.patient_web import PatientWeb
from index.sync.plan import plan
from index.sync.reading import read_with
from index.sync.removal import Removal, note_gone
from index.sync.report import Failure, PassReport, Plan, SourceReport
from index.sync.source import Source
from index.sync.state import SyncState
from index.sync.state_file import StateFile
from index.sync.storing import Batches, Storing
from index.sync.tally import Tally
from index.sync.waiting import Waiting
from index.versions import VersionStore

if TYPE_CHECKING:
    from index.embedding import Embedder
    from index.fetch import Fetcher, FetchMemory

LOCK_WAIT_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Means:
    """What one pass works with."""

    state: SyncState
    waiting: Waiting
    storing: Storing
    fetcher: "Fetcher"
    memory: "FetchMemory"
    number: int


@dataclass(slots=True, kw_only=True)
class _Outcome:
    """What reading a source came to, so far."""

    source: Source
    tally: Tally = field(default_factory=Tally)
    folder: Folder | None = None
    failed: Failure | None = None
    seconds: float = 0.0


class Sync:
    """Keeps one index in step with its sources. Making one is cheap and touches nothing."""

    def __init__(
        self,
        root: Path,
        *,
        embedder: "Callable[[], Embedder]",
        chunking: ChunkingConfig,
        reading: ReadingConfig,
        fetch: FetchConfig,
        batch_articles: int = 2_000,
        batch_s: float = 120.0,
        lock_wait_s: float = LOCK_WAIT_S,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        """Keep what is needed; `embedder` is called where something is to be stored, and once.

        Args:
            root: Folder of the index; it need not exist.
            embedder: Makes the embedding model.
            chunking: How articles are cut.
            reading: How inputs are read.
            fetch: How addresses are fetched.
            batch_articles: How many articles are stored together at most.
            batch_s: Seconds of reading after which what was read is stored.
            lock_wait_s: How long to wait for another process that writes.
            now: Tells the time, in UTC; the system's clock by default.
        """
        self.root = root
        self._embedder = cache(embedder)
        self._chunking = chunking
        self._reading = reading
        self._fetch = fetch
        self._batch_articles = batch_articles
        self._batch_s = batch_s
        self._lock_wait_s = lock_wait_s
        self._now = now

    def run(
        self,
        sources: Sequence[Source],
        *,
        urgent: bool = False,
        progress: ProgressListener | None = None,
    ) -> PassReport:
        """Make one pass and return what it did.

        An address that failed is left alone until it is due again, unless the pass is `urgent`.

        Raises:
            ArchiveLockedError: where another pass is under way.
            DatelineError: where nothing can be stored: a damaged index, another embedding model.
        """
        began = time.monotonic()
        with self._means(progress) as means:
            outcomes = [self._read_one(source, means, urgent=urgent) for source in sources]
            # Only now: what is gone from one source may have moved to another.
            reports = tuple(self._remove_one(outcome, means) for outcome in outcomes)
            versions = means.storing.versions
            live = versions.current()
            articles = versions.manifest(live).articles if live else 0
        return PassReport(sources=reports, version=live, articles=articles, seconds=time.monotonic() - began)

    def plan(self, sources: Sequence[Source]) -> Plan:
        """Return what a pass would do, as far as it can be known; writes nothing and asks no address."""
        return plan(self.root, sources, reading=self._reading, now=self._now)

    @contextmanager
    def _means(self, progress: ProgressListener | None) -> Iterator[_Means]:
        """Open what a pass works with; what was noted for another line of versions is forgotten."""
        from index.fetch import Fetcher, FetchMemory

        with pass_lock(self.root, self._lock_wait_s):
            file = StateFile.open(self.root)
            try:
                state = SyncState(file)
                memory = FetchMemory(self.root / FETCHES_NAME, now=self._now)
                if not state.follow(VersionStore(self.root)):  # fetched for another line of versions
                    memory.clear()
                storing = Storing(
                    self.root,
                    embedder=self._embedder,
                    chunking=self._chunking,
                    lock_wait_s=self._lock_wait_s,
                    progress=progress,
                )
                with Fetcher(self._fetch, memory=memory) as fetcher:
                    yield _Means(
                        state=state,
                        waiting=Waiting(file, memory, now=self._now),
                        storing=storing,
                        fetcher=fetcher,
                        memory=memory,
                        number=time.time_ns(),
                    )
            finally:
                file.close()

    def _read_one(self, source: Source, means: _Means, *, urgent: bool) -> _Outcome:
        """Read a source and store what it gives; its failure is in what is returned."""
        began = time.monotonic()
        outcome = _Outcome(source=source)
        outcome.failed = None if urgent else means.waiting.earlier(source)
        if outcome.failed is None:
            try:
                self._read(outcome, means)
                means.waiting.succeeded(source)
            except (ReadError, ArchiveLockedError) as error:
                outcome.failed = means.waiting.failed(source, str(error))
        outcome.seconds = time.monotonic() - began
        return outcome

    def _read(self, outcome: _Outcome, means: _Means) -> None:
        """Read a source and store what it gives.

        Raises:
            ReadError: it cannot be read.
            ArchiveLockedError: another process writes for too long.
        """
        source = outcome.source
        web = PatientWeb(means.fetcher, means.memory, now=self._now) if source.is_address else None
        intake = self._intake(source, means, outcome.tally, web)
        if web:
            intake.read_address(web)
            return
        check_there(source.place)
        if not Path(source.place).is_dir():
            intake.read_single_file()
            return
        outcome.folder = Folder(Path(source.place), without=self.root)
        seen = intake.read_folder(outcome.folder)
        _, kept = note_gone(source, means.state, outcome.folder, seen)
        if source.remove_missing:
            outcome.tally.kept = kept or None

    def _remove_one(self, outcome: _Outcome, means: _Means) -> SourceReport:
        """Remove what is gone from a source that was read, and return its report."""
        began = time.monotonic()
        source = outcome.source
        if source.remove_missing and not source.is_address and outcome.failed is None:
            try:
                self._remove(outcome, means)
            except ArchiveLockedError as error:
                outcome.failed = means.waiting.failed(source, str(error))
        seconds = outcome.seconds + time.monotonic() - began
        return outcome.tally.report(source, outcome.failed, seconds)

    def _intake(self, source: Source, means: _Means, tally: Tally, web: PatientWeb | None) -> Intake:
        batches = Batches(
            source.place,
            means.storing,
            means.state,
            tally,
            most_articles=self._batch_articles,
            most_s=self._batch_s,
            message=f"reading {source.name}",
            acknowledge_part=web.acknowledge_part if web else _nothing,
        )
        return Intake(
            source=source,
            state=means.state,
            batches=batches,
            tally=tally,
            reading=self._reading,
            read_with=read_with(self._reading),
            number=means.number,
        )

    def _remove(self, outcome: _Outcome, means: _Means) -> None:
        """Remove the articles of a folder or file that are gone from it."""
        source, versions = outcome.source, means.storing.versions
        live = versions.current()
        if live is None:
            return
        with Catalogue.open(self.root) as catalogue:
            gone = Removal(catalogue, int(live), source, means.state).revisions(outcome.folder)
        if gone:
            report = means.storing.withdraw(gone)
            outcome.tally.count(report)
            live = report.version or live
        if means.state.extends(versions, live):
            means.state.record(source.place, (), identify(versions, live))
            means.state.forget_orphans(source.place)
            means.state.set_swept(source.place)


def _nothing() -> None:
    """Files need no acknowledgement."""
