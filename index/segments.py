"""The vectors of a version in several files, so that a change writes little and shares the rest.

Each file holds the vectors that one version added, and is never changed. As in a log-structured
merge tree (O'Neil et al. 1996) files of like size are written together: a vector is written again each
time the file it is in at least doubles, and there are few files.
"""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue
from index.contents_file import Layout
from index.edition import Amendment
from index.linking import Base
from index.manifest import Manifest
from index.passage import Hit
from index.search import Rows, VectorEngine, VectorIndex, Vectors
from index.versions import VECTORS_NAME, version_name

Files = NDArray[np.int16]

SMALL_FILE = 4_096
"""Files of up to so many vectors are always written together with what is added: it takes milliseconds."""

_loaded: WeakValueDictionary[tuple[str, str], VectorIndex] = WeakValueDictionary()
_loading = Lock()


_NEW = -1


class SegmentedVectors:
    """Searches the files of a version as one; safe from any number of threads."""

    def __init__(self, files: Sequence[VectorIndex], rows: Rows, layout: Layout) -> None:
        """Keep the opened files, in the order of the layout's names, and the rows of the version."""
        self._files = files
        self._rows = rows
        self._layout = layout
        has_dead = np.bincount(layout.dead_files, minlength=len(files)) > 0
        own = [rows[layout.file_of_row == number] for number in range(len(files))]
        # Without a filter only a file with dead rows needs bounds.
        self._alive = [own[number] if has_dead[number] else None for number in range(len(files))]
        self._spans = [(int(rows[0]), int(rows[-1])) if len(rows) else None for rows in own]

    @property
    def count(self) -> int:
        """How many vectors there are that a search may find."""
        return sum(file.count for file in self._files) - len(self._layout.dead_rows)

    def search(self, vector: Vectors, top_k: int, within: Rows | None) -> list[Hit]:
        """Return the `top_k` nearest rows by cosine, best first, ties by row.

        `within` holds the only rows that the search may see, all of them of this version and ascending.
        """
        hits: list[Hit] = []
        for file, alive, span in zip(self._files, self._alive, self._spans, strict=True):
            if span is not None:
                hits += file.search(vector, top_k, alive if within is None else _between(within, *span))
        hits.sort(key=lambda hit: (-hit.score, hit.row))
        return hits[:top_k]

    def vectors(self, rows: Rows) -> Vectors:
        """Return the vectors of rows of the version, in the order given."""
        if not len(rows):
            return self._files[0].vectors(rows)
        files = self._layout.file_of_row[np.searchsorted(self._rows, rows)]
        found = [
            (files == number, self._files[number].vectors(rows[files == number]))
            for number in set(files.tolist())
        ]
        together = np.empty((len(rows), found[0][1].shape[1]), dtype=np.float32)
        for places, block in found:
            together[places] = block
        return together


def load_vectors(
    engine: VectorEngine, folder: Path, manifest: Manifest, rows: Rows, layout: Layout
) -> SegmentedVectors:
    """Open the files of a version; a file that this process has open for another one is shared.

    Raises:
        ArchiveDamagedError: where the engine cannot read one.
    """
    files = []
    for name in layout.names:
        key = (type(engine).__name__, manifest.files[name].sha256)
        with _loading:
            file = _loaded.get(key)
            if file is None:
                file = _loaded[key] = engine.load(folder / name)
        files.append(file)
    return SegmentedVectors(files, rows, layout)


def write_whole(
    folder: Path, catalogue: Catalogue, engine: VectorEngine, dimension: int, rows: Rows
) -> Layout:
    """Write all vectors of a version into one file."""
    index = engine.create(dimension)
    _add(index, catalogue, dimension, rows)
    index.save(folder / VECTORS_NAME)
    none = np.zeros(0, dtype=np.int64)
    return Layout(
        names=(VECTORS_NAME,),
        file_of_row=np.zeros(len(rows), dtype=np.int16),
        dead_rows=none,
        dead_files=none.astype(np.int16),
    )


def write_change(
    folder: Path,
    catalogue: Catalogue,
    engine: VectorEngine,
    dimension: int,
    *,
    version: int,
    change: Amendment,
    base: Base,
) -> Layout:
    """Write the vectors by which a version differs from its base, and share the other files.

    Raises:
        ArchiveDamagedError: where a file that is to be written together with others is damaged.
    """
    rows, files, dead_rows, dead_files = _placed(change, base)
    count = len(base.layout.names)
    live = np.bincount(files[files != _NEW], minlength=count).tolist()
    dead = np.bincount(dead_files, minlength=count).tolist()
    added = rows[files == _NEW]
    merged = _to_merge(live, dead, len(added))
    kept = [number for number in range(count) if number not in merged and live[number]]
    for number in kept:
        base.share(base.layout.names[number], folder / base.layout.names[number])
    names = [base.layout.names[number] for number in kept]
    if len(added) or merged or not kept:
        name = f"vectors-{version_name(version)}.faiss" if kept else VECTORS_NAME
        parts = [(number, rows[files == number], dead_rows[dead_files == number]) for number in merged]
        index = _merged(engine, dimension, base, parts)
        _add(index, catalogue, dimension, added)
        index.save(folder / name)
        names.append(name)
    place = np.full(count + 1, len(kept), dtype=np.int16)  # the last is that of `_NEW`
    place[kept] = np.arange(len(kept), dtype=np.int16)
    stays = np.isin(dead_files, kept)
    return Layout(
        names=tuple(names),
        file_of_row=place[files],
        dead_rows=dead_rows[stays],
        dead_files=place[dead_files[stays]],
    )


def _placed(change: Amendment, base: Base) -> tuple[Rows, Files, Rows, Files]:
    """Return the rows of a version with their files (`_NEW` for none yet), and the dead ones with theirs."""
    layout, before, rows = base.layout, base.contents.rows, change.contents.rows
    gone = np.searchsorted(before, change.gone)
    is_new = np.zeros(len(rows), dtype=np.bool_)
    is_new[np.searchsorted(rows, change.new)] = True
    files = np.empty(len(rows), dtype=np.int16)
    files[~is_new] = np.delete(layout.file_of_row, gone)
    # A row that was removed and is there again may still be in a file.
    _, again, revived = np.intersect1d(change.new, layout.dead_rows, assume_unique=True, return_indices=True)
    of_new = np.full(len(change.new), _NEW, dtype=np.int16)
    of_new[again] = layout.dead_files[revived]
    files[is_new] = of_new
    return (
        rows,
        files,
        np.concatenate([np.delete(layout.dead_rows, revived), change.gone]),
        np.concatenate([np.delete(layout.dead_files, revived), layout.file_of_row[gone]]),
    )


def _to_merge(live: Sequence[int], dead: Sequence[int], added: int) -> list[int]:
    """Return the files that are written anew with so many added vectors, the largest first.

    Small ones and those that are no larger than what is written, and those that hold more dead rows than
    others. Where nothing is added, small ones stay unless a row of them is dead.
    """
    merged: list[int] = []
    size = added
    for number in reversed(range(len(live))):
        small = live[number] <= max(SMALL_FILE, size) and (added or dead[number])
        if live[number] and (small or dead[number] > live[number]):
            merged.append(number)
            size += live[number]
    return sorted(merged, key=lambda number: -live[number])


def _merged(
    engine: VectorEngine, dimension: int, base: Base, parts: Sequence[tuple[int, Rows, Rows]]
) -> VectorIndex:
    """Return one index of the living rows of some files, given as (file, living rows, dead rows)."""
    base.check(base.layout.names[number] for number, _, _ in parts)
    loaded = (engine.load(base.folder / base.layout.names[number]) for number, _, _ in parts)
    index: VectorIndex | None = None
    for file, (_, alive, dead) in zip(loaded, parts, strict=True):
        if index is None:
            index = file
            index.remove(dead)
        else:
            index.add(alive, file.vectors(alive))
    return index or engine.create(dimension)


def _add(index: VectorIndex, catalogue: Catalogue, dimension: int, rows: Rows) -> None:
    for part, block in catalogue.vectors(rows.tolist(), dimension):
        index.add(part, block)


def _between(rows: Rows, first: int, last: int) -> Rows:
    """Return the part of ascending rows that lies between two, both included."""
    return rows[np.searchsorted(rows, first) : np.searchsorted(rows, last, side="right")]
