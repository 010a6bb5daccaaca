"""Dense search by FAISS: exact inner products of unit vectors, with the filter inside the search."""

from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import ArchiveDamagedError
from index.passage import Hit
from index.search import Rows, VectorIndex, Vectors


class FaissVectors:
    """Vectors in a flat inner-product index, under 64-bit ids."""

    def __init__(self, flat: Any) -> None:
        self._index = flat

    @classmethod
    def create(cls, dimension: int) -> Self:
        """Return an empty index."""
        return cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Open a saved index; check the file's checksum before.

        Raises:
            ArchiveDamagedError: where FAISS cannot read it, or it is of another kind.
        """
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise ArchiveDamagedError(f"{str(path)!r} is no vector index: rebuild the archive") from error
        if not isinstance(index, faiss.IndexIDMap2):
            raise ArchiveDamagedError(f"{str(path)!r} is a vector index of another kind: rebuild the archive")
        return cls(index)

    @property
    def count(self) -> int:
        """How many vectors there are."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def add(self, rows: Rows, vectors: Vectors) -> None:
        """Add vectors of shape (len(rows), d) under rows that are new."""
        if len(rows):
            self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), rows.astype(np.int64))

    def remove(self, rows: Rows) -> int:
        """Remove rows and return how many there were."""
        if not len(rows):
            return 0
        return int(self._index.remove_ids(faiss.IDSelectorBatch(np.ascontiguousarray(rows, dtype=np.int64))))

    def search(self, vector: Vectors, top_k: int, within: Rows | None) -> list[Hit]:
        """Return the `top_k` nearest rows by cosine, best first, ties by row; `within` bounds the search."""
        wanted = min(top_k, self.count if within is None else len(within))
        if wanted < 1:
            return []
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        # One query is scanned by one thread; with others to wait for it took three times as long.
        faiss.omp_set_num_threads(1)
        if within is None:
            scores, rows = self._index.search(query, wanted)
        else:
            # The selector keeps a bare pointer: `bits` has to outlive the search.
            bits = _bitmap(within)
            selector = faiss.IDSelectorBitmap(bits.size, faiss.swig_ptr(bits))  # the size is in bytes
            scores, rows = self._index.search(query, wanted, params=faiss.SearchParameters(sel=selector))  # type: ignore[call-arg] # set at import
        found = [
            Hit(row=int(row), score=float(score))
            for row, score in zip(rows[0], scores[0], strict=True)
            if row >= 0
        ]
        return sorted(found, key=lambda hit: (-hit.score, hit.row))

    def vectors(self, rows: Rows) -> Vectors:
        """Return the vectors of rows that are in the index, in the order given."""
        if not len(rows):
            return np.zeros((0, self.dimension), dtype=np.float32)
        found: Vectors = self._index.reconstruct_batch(np.ascontiguousarray(rows, dtype=np.int64))
        return found

    def save(self, path: Path) -> None:
        """Write everything to a file."""
        faiss.write_index(self._index, str(path))


class FaissEngine:
    """Makes and opens `FaissVectors`."""

    def create(self, dimension: int) -> VectorIndex:
        """Return an empty index."""
        return FaissVectors.create(dimension)

    def load(self, path: Path) -> VectorIndex:
        """Open a saved index."""
        return FaissVectors.load(path)


def _bitmap(rows: Rows) -> NDArray[np.uint8]:
    """Return one bit per row id up to the highest, set for those given."""
    marks = np.zeros(int(rows.max()) + 1, dtype=bool)
    marks[rows] = True
    return np.packbits(marks, bitorder="little")
