"""One published version, opened: it never changes, and any number of threads may search it."""

import contextlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue, ChunkRow, Revision
from index.closing import Closes
from index.contents_file import CONTENTS_NAME, load_contents
from index.derive import Engines, default_engines
from index.entries import Contents
from index.errors import ArchiveDamagedError
from index.filters import Filter
from index.integrity import MEND, SALVAGE, check_version
from index.leases import Lease
from index.manifest import Manifest, check_form
from index.masks import EntryMasks
from index.passage import Hit, Passage
from index.records import LeftOut, Publication, published_day
from index.relations import Correction, Relations
from index.search import LexicalIndex
from index.segments import SegmentedVectors, load_vectors
from index.versions import LEXICAL_NAME

REMEMBERED_FILTERS = 32


class Snapshot(Closes):
    """A version with its search engines loaded; a context manager.

    Every search is bounded by a `Filter` inside the engine, so that a narrow filter still fills
    `top_k` and nothing outside it is ever returned.
    """

    def __init__(
        self,
        manifest: Manifest,
        catalogue: Catalogue,
        contents: Contents,
        vectors: SegmentedVectors,
        lexical: LexicalIndex,
        lease: Lease,
    ) -> None:
        self._lease = lease
        self.manifest = manifest
        self.version = manifest.version
        self._catalogue = catalogue
        self._vectors = vectors
        self._lexical = lexical
        self._contents = contents
        self._articles = contents.edition.articles
        self._masks = EntryMasks(contents.edition)
        self._relations = Relations(catalogue, manifest.number, self._contents)
        self._allowed: OrderedDict[Filter, NDArray[np.int64] | None] = OrderedDict()
        self._guard = Lock()

    @classmethod
    def open(cls, root: Path, folder: Path, manifest: Manifest, engines: Engines | None = None) -> Self:
        """Check every file of a version and load it.

        Raises:
            ArchiveDamagedError: where a file is not what was published, or the counts disagree.
        """
        check_form(manifest)
        engines = engines or default_engines()
        with contextlib.ExitStack() as opened:
            lease = _lease(folder)
            opened.callback(lease.release)
            check_version(folder, manifest)
            contents, layout = load_contents(folder / CONTENTS_NAME)
            vectors = load_vectors(engines.vectors, folder, manifest, contents.rows, layout)
            lexical = opened.enter_context(contextlib.closing(engines.lexical.load(folder / LEXICAL_NAME)))
            catalogue = opened.enter_context(contextlib.closing(Catalogue.open(root)))
            snapshot = cls(manifest, catalogue, contents, vectors, lexical, lease)
            snapshot._check_counts(root)
            opened.pop_all()
        return snapshot

    @property
    def chunk_count(self) -> int:
        """How many chunks the version has."""
        return len(self._contents.rows)

    @property
    def article_count(self) -> int:
        """How many articles the version has."""
        return self._articles

    def search_dense(self, vector: NDArray[np.float32], top_k: int, where: Filter) -> list[Hit]:
        """Return the `top_k` chunks nearest to a unit vector of shape (d,), by cosine."""
        within = self._rows_within(where)
        if within is not None and not len(within):
            return []
        return self._vectors.search(vector, top_k, within)

    def search_lexical(self, text: str, top_k: int, where: Filter) -> list[Hit]:
        """Return the `top_k` chunks that match the words best within the filter; any text is safe."""
        within = self._rows_within(where)
        wanted = top_k
        while True:
            hits = self._lexical.search(text, wanted, where)
            shown = hits if within is None else [hit for hit in hits if _holds(within, hit.row)]
            if len(shown) >= top_k or len(hits) < wanted:
                return shown[:top_k]
            wanted *= 2  # second copies of one text had taken places

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
        return [_passage(chunks[row], revisions[chunks[row].revision_id], self._relations) for row in rows]

    def vectors(self, rows: Sequence[int]) -> NDArray[np.float32]:
        """Return the unit vectors of rows, of shape (len(rows), d), in the order given."""
        return self._vectors.vectors(np.asarray(rows, dtype=np.int64))

    def document_frequencies(self, words: Sequence[str], where: Filter) -> dict[str, int]:
        """Return in how many chunks up to the filter's last day each word stands, in any inflected form.

        Of the filter the outlets and the first day do not count.
        """
        return self._lexical.document_frequencies(words, where.until_its_end())

    def chunks_until(self, where: Filter) -> int:
        """Return how many chunks there are up to the filter's last day."""
        return int(np.count_nonzero(self._masks.within(where.until_its_end())[self._contents.entry_of_row]))

    def holding(self, words: Sequence[str], rows: Sequence[int]) -> NDArray[np.bool_]:
        """Return whether each word stands in each of these chunks: shape (len(words), len(rows))."""
        return self._lexical.holding(words, rows)

    def texts(self, revision_ids: Iterable[int]) -> dict[int, str]:
        """Return the whole texts of the articles that passages are from, by revision.

        Raises:
            ArchiveDamagedError: where an article is not what was stored.
        """
        return {key: found.article.text for key, found in self._catalogue.revisions(revision_ids).items()}

    def newest(self, where: Filter, limit: int) -> list[int]:
        """Return the first rows of the newest articles within the filter, newest first; copies as one."""
        days = self._masks.days
        entries = np.flatnonzero(self._masks.shown(where) & (days > 0))
        latest = entries[np.argsort(-days[entries], kind="stable")][:limit]
        order = np.argsort(self._contents.entry_of_row, kind="stable")
        firsts = np.searchsorted(self._contents.entry_of_row, latest, sorter=order)
        return [int(row) for row in self._contents.rows[order[firsts]]]

    def newest_published(self, where: Filter) -> str | None:
        """Return the latest day of publication within the filter, as `2026-03-01`, or None."""
        days = self._dated_days(where)
        return date.fromordinal(int(days.max())).isoformat() if len(days) else None

    def oldest_published(self, where: Filter) -> str | None:
        """Return the earliest day of publication within the filter; None where there is none."""
        days = self._dated_days(where)
        return date.fromordinal(int(days.min())).isoformat() if len(days) else None

    def outlets(self, where: Filter) -> list[str]:
        """Return the outlets of the articles within the filter, those with most articles first."""
        return self._masks.outlets(where)

    def left_out(self, where: Filter) -> LeftOut:
        """Return how many articles the filter leaves out for what is not known of them."""
        return LeftOut(undated=self._masks.undated(where), updated_later=self._masks.updated_later(where))

    def also_in(self, passage: Passage, where: Filter) -> list[Publication]:
        """Return the other articles with the same or nearly the same text, up to the filter's last day."""
        return self._relations.also_in(passage.revision_id, where)

    def corrections(self, passage: Passage, where: Filter) -> list[Correction]:
        """Return what corrects a passage's article, up to the filter's last day."""
        return self._relations.corrections(passage.revision_id, passage.article_id, where)

    def close(self) -> None:
        """Let the files go; the snapshot is of no use afterwards."""
        self._catalogue.close()
        self._lexical.close()
        self._lease.release()

    def _check_counts(self, root: Path) -> None:
        """Make sure that the catalogue knows the version, and all files of it hold the same chunks.

        Whether the catalogue still holds the same articles is asked by `verify`, which reads all of it.
        """
        if not self._catalogue.knows(self.manifest.number):
            raise ArchiveDamagedError(
                f"the catalogue in {str(root)!r} does not know version {self.version}: {SALVAGE}"
            )
        counts = {
            "manifest.json": (self.manifest.articles, self.manifest.chunks),
            CONTENTS_NAME: (self.article_count, self.chunk_count),
            "the vectors": (self.manifest.articles, self._vectors.count),
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
        mask = self._masks.shown(where)
        rows = None if mask.all() else self._contents.rows[mask[self._contents.entry_of_row]]
        with self._guard:
            self._allowed[where] = rows
            while len(self._allowed) > REMEMBERED_FILTERS:
                self._allowed.popitem(last=False)
        return rows

    def _dated_days(self, where: Filter) -> NDArray[np.int32]:
        days = self._masks.days[self._masks.within(where)]
        return days[days > 0]


def _lease(folder: Path) -> Lease:
    try:
        return Lease(folder)
    except OSError as error:
        raise ArchiveDamagedError(f"{str(folder)!r} cannot be opened ({error.strerror}): {MEND}") from error


def _holds(rows: NDArray[np.int64], row: int) -> bool:
    place = int(np.searchsorted(rows, row))
    return place < len(rows) and int(rows[place]) == row


def _passage(chunk: ChunkRow, revision: Revision, relations: Relations) -> Passage:
    article = revision.article
    day = published_day(article.published)
    return Passage(
        row=chunk.row,
        revision_id=revision.id,
        cluster=relations.cluster(revision.id),
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
