"""The revisions and chunks that a version searches, as arrays: an archive may have a million of them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.lineage import OPEN_END


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A revision that is searched.

    It stood from the day `first` to the day before `last` (proleptic ordinals; 0 where unknown, and
    `OPEN_END` while it is current). `day` is that of publication, 0 where unknown. Entries with the
    same text share a `group`: the revision id of the one that was published first.
    """

    revision_id: int
    article_id: str
    day: int
    first: int
    last: int
    source: str
    group: int

    @property
    def current(self) -> bool:
        """Whether it is the article's present text."""
        return self.last == OPEN_END


@dataclass(frozen=True, kw_only=True, eq=False)
class Edition:
    """The revisions that a version searches, by ascending revision id; each array has one value for each.

    `article_ids` are ASCII bytes; `source_codes` are places in `sources`, which is sorted and names
    each outlet once. The other arrays are the fields of `Entry`.
    """

    revision_ids: NDArray[np.int64]
    article_ids: NDArray[np.bytes_]
    days: NDArray[np.int32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    source_codes: NDArray[np.int32]
    group_of: NDArray[np.int64]
    sources: tuple[str, ...]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Self:
        """Return the edition of some entries, in any order."""
        ordered = sorted(entries, key=lambda entry: entry.revision_id)
        sources = tuple(sorted({entry.source for entry in ordered}))
        codes = {source: code for code, source in enumerate(sources)}
        return cls(
            revision_ids=np.array([entry.revision_id for entry in ordered], dtype=np.int64),
            article_ids=np.array([entry.article_id.encode("ascii") for entry in ordered], dtype=np.bytes_),
            days=np.array([entry.day for entry in ordered], dtype=np.int32),
            first=np.array([entry.first for entry in ordered], dtype=np.int32),
            last=np.array([entry.last for entry in ordered], dtype=np.int32),
            source_codes=np.array([codes[entry.source] for entry in ordered], dtype=np.int32),
            group_of=np.array([entry.group for entry in ordered], dtype=np.int64),
            sources=sources,
        )

    def __len__(self) -> int:
        return len(self.revision_ids)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, one by one; slow where there are many."""
        return tuple(self.at(range(len(self))))

    @property
    def articles(self) -> int:
        """How many articles there are, those with the same text counted once."""
        return len(self.shown)

    @cached_property
    def shown(self) -> NDArray[np.int64]:
        """The groups of the current entries, ascending: the revisions that stand for them."""
        found: NDArray[np.int64] = np.unique(self.group_of[self.last == OPEN_END])
        return found

    def at(self, places: Iterable[int]) -> Iterator[Entry]:
        """Yield the entries at some places of the arrays."""
        for place in places:
            yield Entry(
                revision_id=int(self.revision_ids[place]),
                article_id=self.article_ids[place].decode("ascii"),
                day=int(self.days[place]),
                first=int(self.first[place]),
                last=int(self.last[place]),
                source=self.sources[self.source_codes[place]],
                group=int(self.group_of[place]),
            )

    def of_article(self, article_id: str) -> list[Entry]:
        """Return the searched revisions of an article, the earliest first."""
        places = np.flatnonzero(self.article_ids == article_id.encode("ascii", "replace"))
        return sorted(self.at(places.tolist()), key=lambda entry: entry.first)

    def place(self, revision_id: int) -> int | None:
        """Return where a revision is in the arrays; None where it is not searched."""
        place = int(np.searchsorted(self.revision_ids, revision_id))
        return place if place < len(self) and self.revision_ids[place] == revision_id else None

    def places(self, revision_ids: Iterable[int]) -> NDArray[np.int64]:
        """Return where those of the revisions are that are searched, ascending."""
        found = (self.place(revision_id) for revision_id in sorted(set(revision_ids)))
        return np.array([place for place in found if place is not None], dtype=np.int64)

    def alike(self) -> dict[int, list[Entry]]:
        """Return the current entries of groups that have several, the one published first at the head."""
        current = np.flatnonzero(self.last == OPEN_END)
        groups, counts = np.unique(self.group_of[current], return_counts=True)
        shared = current[np.isin(self.group_of[current], groups[counts > 1])]
        return _by_group(self.at(shared.tolist()))

    def groups(self) -> dict[int, list[Entry]]:
        """Return the current entries by group, the one published first at the head of each."""
        return _by_group(self.at(np.flatnonzero(self.last == OPEN_END).tolist()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The chunks of a version: `rows` ascending, and for each the place of its entry in the edition."""

    edition: Edition
    rows: NDArray[np.int64]
    entry_of_row: NDArray[np.int32]

    def digest(self) -> str:
        """Return a SHA-256 (hex) of what the version searches, which its manifest keeps."""
        edition = self.edition
        digest = hashlib.sha256()
        for name in edition.sources:
            data = name.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
        digest.update(edition.article_ids.tobytes())
        numbers = (edition.revision_ids, edition.days, edition.first, edition.last, edition.source_codes)
        for array in (*numbers, edition.group_of, self.rows, self.entry_of_row):
            digest.update(len(array).to_bytes(8, "big") + array.astype(f"<i{array.itemsize}").tobytes())
        return digest.hexdigest()


def precedence(entry: Entry) -> tuple[bool, int, int]:
    """Return what puts the earliest of several sources first, those of unknown date last."""
    return (not entry.first, entry.first, entry.revision_id)


def _by_group(entries: Iterable[Entry]) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.group].append(entry)
    for group in found.values():
        group.sort(key=precedence)
    return dict(found)
