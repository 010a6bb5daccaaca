"""One published version, opened: it never changes, and any number of threads may search it."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue, ChunkRow, Revision
from index.derive import Engines, default_engines
from index.errors import ArchiveDamagedError
from index.filters import Filter
from index.integrity import MEND, check_version
from index.manifest import Manifest
from index.passage import Hit, Passage
from index.records import published_day, source_key
from index.search import LexicalIndex, VectorIndex
from index.versions import LEXICAL_NAME, VECTORS_NAME

REMEMBERED_FILTERS = 32


class Snapshot:
    """A version with its search engines loaded; a context manager.

    Every search is bounded by a `Filter` inside the engine, so that a narrow filter still fills
    `top_k` and nothing outside it is ever returned.
    """

    def __init__(
        self, manifest: Manifest, catalogue: Catalogue, vectors: VectorIndex, lexical: LexicalIndex
    ) -> None:
        self.manifest = manifest
        self.version = manifest.version
        self._catalogue = catalogue
        self._vectors = vectors
        self._lexical = lexical
        members = catalogue.members(manifest.number)
        self._rows, revision_ids = catalogue.chunk_rows(manifest.number)
        self._article_of_row = np.searchsorted([member.revision_id for member in members], revision_ids)
        days = [published_day(member.published) for member in members]
        self._days = np.array([day.toordinal() if day else 0 for day in days], dtype=np.int64)
        self._source_codes = {
            key: code for code, key in enumerate(sorted({source_key(m.source) for m in members}))
        }
        self._sources = np.array([self._source_codes[source_key(m.source)] for m in members], dtype=np.int64)
        self._allowed: OrderedDict[Filter, NDArray[np.int64] | None] = OrderedDict()
        self._guard = Lock()

    @classmethod
    def open(cls, root: Path, folder: Path, manifest: Manifest, engines: Engines | None = None) -> Self:
        """Check every file of a version and load it.

        Raises:
            ArchiveDamagedError: where a file is not what was published, or the counts disagree.
        """
        check_version(folder, manifest)
        engines = engines or default_engines()
        vectors = engines.vectors.load(folder / VECTORS_NAME)
        lexical = engines.lexical.load(folder / LEXICAL_NAME)
        catalogue = Catalogue.open(root)
        try:
            snapshot = cls(manifest, catalogue, vectors, lexical)
            snapshot._check_counts(root)
        except BaseException:
            catalogue.close()
            lexical.close()
            raise
        return snapshot

    @property
    def chunk_count(self) -> int:
        """How many chunks the version has."""
        return len(self._rows)

    @property
    def article_count(self) -> int:
        """How many articles the version has."""
        return len(self._days)

    def search_dense(self, vector: NDArray[np.float32], top_k: int, where: Filter) -> list[Hit]:
        """Return the `top_k` chunks nearest to a unit vector of shape (d,), by cosine."""
        within = self._rows_within(where)
        if within is not None and not len(within):
            return []
        return self._vectors.search(vector, top_k, within)

    def search_lexical(self, text: str, top_k: int, where: Filter) -> list[Hit]:
        """Return the `top_k` chunks that match the words best within the filter; any text is safe."""
        return self._lexical.search(text, top_k, where)

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """Return the passages of rows that a search of this snapshot found, in the order given.

        Raises:
            ArchiveDamagedError: where an article is not what was stored.
        """
        chunks = self._catalogue.chunks(rows)
        missing = [row for row in rows if row not in chunks]
        if missing:
            raise ArchiveDamagedError(
                f"the catalogue lacks the chunk {missing[0]} of version {self.version}: {MEND}"
            )
        revisions = self._catalogue.revisions(chunk.revision_id for chunk in chunks.values())
        return [_passage(chunks[row], revisions[chunks[row].revision_id]) for row in rows]

    def vectors(self, rows: Sequence[int]) -> NDArray[np.float32]:
        """Return the unit vectors of rows, of shape (len(rows), d), in the order given."""
        return self._vectors.vectors(np.asarray(rows, dtype=np.int64))

    def document_frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """Return in how many chunks each word stands, in any of its inflected forms."""
        return self._lexical.document_frequencies(words)

    def newest_published(self, where: Filter) -> str | None:
        """Return the latest day of publication within the filter, as `2026-03-01`, or None."""
        days = self._dated_days(where)
        return date.fromordinal(int(days.max())).isoformat() if len(days) else None

    def oldest_published(self, where: Filter) -> str | None:
        """Return the earliest day of publication within the filter; None where there is none."""
        days = self._dated_days(where)
        return date.fromordinal(int(days.min())).isoformat() if len(days) else None

    def count_articles(self, where: Filter) -> int:
        """Return how many articles lie within the filter."""
        return int(self._articles_within(where).sum())

    def close(self) -> None:
        """Let the files go; the snapshot is of no use afterwards."""
        self._catalogue.close()
        self._lexical.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check_counts(self, root: Path) -> None:
        """Make sure that manifest, catalogue and both engines hold the same chunks."""
        counts = {
            "manifest.json": (self.manifest.articles, self.manifest.chunks),
            "the catalogue": (self.article_count, self.chunk_count),
            VECTORS_NAME: (self.manifest.articles, self._vectors.count),
            LEXICAL_NAME: (self.manifest.articles, self._lexical.count),
        }
        if len(set(counts.values())) > 1:
            said = ", ".join(f"{name} {chunks:,}" for name, (_, chunks) in counts.items())
            raise ArchiveDamagedError(
                f"version {self.version} of {str(root)!r} disagrees on its chunks ({said}): {MEND}"
            )

    def _rows_within(self, where: Filter) -> NDArray[np.int64] | None:
        """Return the rows within the filter, None for all; remembers the latest filters."""
        with self._guard:
            if where in self._allowed:
                self._allowed.move_to_end(where)
                return self._allowed[where]
        mask = self._articles_within(where)
        rows = None if mask.all() else self._rows[mask[self._article_of_row]]
        with self._guard:
            self._allowed[where] = rows
            while len(self._allowed) > REMEMBERED_FILTERS:
                self._allowed.popitem(last=False)
        return rows

    def _articles_within(self, where: Filter) -> NDArray[np.bool_]:
        """Return which of the articles pass the filter."""
        dated = self._days > 0
        mask = dated.copy()
        if where.since:
            mask &= self._days >= where.since.toordinal()
        if where.until:
            mask &= self._days <= where.until.toordinal()
        if where.undated:
            mask |= ~dated
        if where.sources:
            codes = [self._source_codes.get(source_key(name), -1) for name in where.sources]
            mask &= np.isin(self._sources, codes)
        return mask

    def _dated_days(self, where: Filter) -> NDArray[np.int64]:
        days = self._days[self._articles_within(where)]
        return days[days > 0]


def _passage(chunk: ChunkRow, revision: Revision) -> Passage:
    article = revision.article
    day = published_day(article.published)
    return Passage(
        row=chunk.row,
        chunk_id=f"{revision.article_id}:{revision.number}:{chunk.ordinal}",
        article_id=revision.article_id,
        revision=revision.number,
        ordinal=chunk.ordinal,
        start=chunk.start,
        end=chunk.end,
        text=article.text[chunk.start : chunk.end],
        title=article.title,
        url=article.url,
        source=article.source,
        published=day.isoformat() if day else None,
        published_from=article.published_from.value,
    )
