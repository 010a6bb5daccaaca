"""The indexes that evaluations make: kept in the user's cache, one for each way to make one."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_cache_path

from index.archive import Archive
from index.article import Article
from index.build import BuildMode, build
from index.chunking import CHUNKER_REVISION
from index.config import ChunkingConfig
from index.embedding import Embedder
from index.errors import ArchiveOutdatedError
from index.lock import writer_lock
from index.manifest import DERIVED_FORM
from index.progress import Progress
from rag.evaluate.dataset import Dataset

READING_NAME = "reading.sha256"
_TOLD_EVERY = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All articles of a data set as this release reads them: a digest of them, their ids, the rest."""

    digest: str
    ids: frozenset[str]
    skipped: int


def cache_root() -> Path:
    """Return the folder that holds the indexes of evaluations; it need not exist."""
    return user_cache_path("dateline", appauthor=False) / "eval"


def read_all(dataset: Dataset, progress: Callable[[int], None] | None = None) -> Reading:
    """Read all articles once, without keeping them; `progress` is told how many now and then.

    Raises:
        ReadError: where a line is no article; names file and line.
    """
    digest, ids, skipped = hashlib.sha256(f"{DERIVED_FORM}".encode()), set(), 0
    for item in dataset.articles():
        if isinstance(item, Article):
            digest.update(f"{item.id}{item.content_hash}{item.updated}".encode())
            ids.add(item.id)
        else:
            skipped += 1
        if progress and not (len(ids) + skipped) % _TOLD_EVERY:
            progress(len(ids) + skipped)
    return Reading(digest=digest.hexdigest(), ids=frozenset(ids), skipped=skipped)


class IndexCache:
    """The index of the articles of `dataset`, cut and embedded in one way."""

    def __init__(self, dataset: Dataset, embedder: Embedder, chunking: ChunkingConfig) -> None:
        self.dataset = dataset
        self.embedder = embedder
        self.chunking = chunking
        self.root = cache_root() / self._digest()

    def prepare(
        self, reading: Reading, *, fresh: bool = False, progress: Callable[[int], None] | None = None
    ) -> float:
        """Build the index where it is not there, or was made of articles read otherwise.

        What was embedded before is used again, also by a build that did not end; with `fresh` all of it
        goes first. `progress` is told how many articles are done. Returns the seconds that the build took,
        0 where there was none.

        Raises:
            ArchiveLockedError: where another process is building it.
        """
        if fresh:
            self.clear()
        marker = self.root / READING_NAME
        made_of = marker.read_text(encoding="ascii") if marker.is_file() else None
        if made_of == reading.digest and self._is_current():
            return 0.0
        marker.unlink(missing_ok=True)

        def forward(told: Progress) -> None:
            if progress:
                progress(told.articles)

        report = build(
            self.root,
            self.dataset.articles(),
            embedder=self.embedder,
            chunking=self.chunking,
            mode=BuildMode.REPLACE,
            progress=forward,
        )
        marker.write_text(reading.digest, encoding="ascii")
        return report.seconds

    def _is_current(self) -> bool:
        """Return whether there is an index, written by this release: a build writes an older one anew."""
        archive = Archive(self.root)
        if not archive.exists():
            return False
        try:
            archive.open().close()
        except ArchiveOutdatedError:
            return False
        return True

    def clear(self) -> None:
        """Remove the index with all that was embedded for it.

        Raises:
            ArchiveLockedError: where another process is building it.
        """
        if self.root.is_dir():
            with writer_lock(self.root):
                shutil.rmtree(self.root)

    def _digest(self) -> str:
        """Return a name that belongs to these articles and these settings of the index."""
        recipe = [
            self.dataset.fingerprint(),
            asdict(self.embedder.info),
            self.chunking.model_dump(),
            CHUNKER_REVISION,
            version("dateline"),
        ]
        return hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()[:16]
