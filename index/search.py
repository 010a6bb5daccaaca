"""What the index asks of a search engine; the adapters implement it and the contract suites check it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.filters import Filter
from index.passage import Hit

Rows = NDArray[np.int64]
Vectors = NDArray[np.float32]


class VectorIndex(Protocol):
    """Unit vectors under the rows of their chunks. Searching is safe from any number of threads."""

    @property
    def count(self) -> int:
        """How many vectors there are."""
        ...

    def add(self, rows: Rows, vectors: Vectors) -> None:
        """Add vectors of shape (len(rows), d) under rows that are new."""
        ...

    def remove(self, rows: Rows) -> int:
        """Remove rows and return how many there were."""
        ...

    def search(self, vector: Vectors, top_k: int, within: Rows | None) -> list[Hit]:
        """Return the `top_k` nearest rows by cosine, best first, ties by row.

        `within` holds the only rows that the search may see (None: all). Wherever it holds `top_k`
        rows or more that are in the index, `top_k` hits come back.
        """
        ...

    def vectors(self, rows: Rows) -> Vectors:
        """Return the vectors of rows that are in the index, in the order given."""
        ...

    def save(self, path: Path) -> None:
        """Write everything to a file."""
        ...


class VectorEngine(Protocol):
    """Makes and opens vector indexes."""

    def create(self, dimension: int) -> VectorIndex:
        """Return an empty index."""
        ...

    def load(self, path: Path) -> VectorIndex:
        """Open a saved index.

        Raises:
            ArchiveDamagedError: where the file is not one.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalDocument:
    """A chunk as lexical search sees it. `day`, `first` and `last` are those of its `Entry`."""

    row: int
    title: str
    body: str
    day: int
    first: int
    last: int
    source: str


class LexicalIndex(Protocol):
    """The words of chunks. Searching is safe from any number of threads."""

    @property
    def count(self) -> int:
        """How many chunks there are."""
        ...

    def search(self, text: str, top_k: int, where: Filter) -> list[Hit]:
        """Return the `top_k` best chunks within the filter, best first; any text is a safe query.

        Words weigh by how rare they are up to the filter's last day: what is later changes no score. Its
        other bounds change which chunks are seen and never their scores.
        """
        ...

    def document_frequencies(self, words: Sequence[str], where: Filter) -> dict[str, int]:
        """Return in how many chunks within the filter each word stands, in any of its inflected forms."""
        ...

    def holding(self, words: Sequence[str], rows: Sequence[int]) -> NDArray[np.bool_]:
        """Return whether each word stands in each of these chunks, title included, in any inflected form.

        The shape is (len(words), len(rows)); the rows are in the index and none is given twice.
        """
        ...

    def close(self) -> None:
        """Let the files go."""
        ...


class LexicalWriter(Protocol):
    """Changes a lexical index on disk; nothing is kept unless the block it is lent for ends well."""

    def remove(self, rows: Iterable[int]) -> None:
        """Remove chunks."""
        ...

    def add(self, documents: Iterator[LexicalDocument]) -> None:
        """Add chunks under rows that are new."""
        ...


class LexicalEngine(Protocol):
    """Makes, changes and opens lexical indexes."""

    def is_immutable(self, name: str) -> bool:
        """Say whether a file of an index is never written to again, so that another index may share it."""
        ...

    def write(self, folder: Path) -> AbstractContextManager[LexicalWriter]:
        """Lend a writer for the index in `folder`, made there where the folder is empty."""
        ...

    def load(self, folder: Path) -> LexicalIndex:
        """Open the index in `folder`.

        Raises:
            ArchiveDamagedError: where there is none.
        """
        ...
