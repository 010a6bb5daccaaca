"""What of a version is searched: each article as it stood on each day, and which texts are the same.

Articles whose texts are the same (but for spacing and punctuation) are one article with several
sources: a search sees the first of them that lies within its filter. All of it is derived from the
catalogue.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue, Member
from index.lineage import OPEN_END, Dates, spans
from index.records import published_day


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The revisions that a version searches, by ascending revision id."""

    entries: tuple[Entry, ...]

    @property
    def articles(self) -> int:
        """How many articles there are, those with the same text counted once."""
        return len({entry.group for entry in self.entries if entry.current})

    def groups(self) -> dict[int, list[Entry]]:
        """Return the current entries by group, the one published first at the head of each."""
        found: dict[int, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if entry.current:
                found[entry.group].append(entry)
        for group in found.values():
            group.sort(key=_precedence)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The chunks of a version: `rows` ascending, and for each the place of its entry in the edition."""

    edition: Edition
    rows: NDArray[np.int64]
    entry_of_row: NDArray[np.int64]

    def rows_of(self, revision_ids: Collection[int]) -> NDArray[np.int64]:
        """Return the rows of some of the revisions, ascending."""
        ids = np.fromiter((entry.revision_id for entry in self.edition.entries), dtype=np.int64)
        return self.rows[np.isin(ids, list(revision_ids))[self.entry_of_row]]

    def digest(self) -> str:
        """Return a SHA-256 (hex) of what the version searches, which its manifest keeps."""
        digest = hashlib.sha256()
        for entry in self.edition.entries:
            fields = (entry.revision_id, entry.article_id, entry.day, entry.first, entry.last, entry.group)
            digest.update(f"{fields}{entry.source!r}".encode("utf-8", "surrogatepass"))
        digest.update(self.rows.astype("<i8").tobytes())
        digest.update(self.entry_of_row.astype("<i8").tobytes())
        return digest.hexdigest()


def contents_of(catalogue: Catalogue, version: int) -> Contents:
    """Return what a version searches with its chunks."""
    edition = edition_of(catalogue, version)
    ids = [entry.revision_id for entry in edition.entries]
    rows, revision_ids = catalogue.chunk_rows(version, ids)
    return Contents(
        edition=edition,
        rows=rows,
        entry_of_row=np.searchsorted(ids, revision_ids),
    )


def edition_of(catalogue: Catalogue, version: int) -> Edition:
    """Return what a version searches."""
    members = catalogue.members(version)
    by_article: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        by_article[member.article_id].append(member)
    standing = [entry for lineage in by_article.values() for entry in _lineage(lineage)]
    entries = _grouped(standing, catalogue.same_texts(version))
    return Edition(entries=tuple(sorted(entries, key=lambda entry: entry.revision_id)))


def copies_of(catalogue: Catalogue, version: int, article_id: str) -> list[str]:
    """Return the ids of the articles whose current text is the same as that of `article_id`."""
    texts = catalogue.same_texts(version)
    membership = catalogue.membership(version)
    text = texts.get(membership.get(article_id, 0))
    if text is None:
        return []
    return [key for key, revision in membership.items() if key != article_id and texts.get(revision) == text]


def _lineage(members: Sequence[Member]) -> Iterable[Entry]:
    """Yield the revisions of one article with the days on which they stood."""
    if len(members) == 1 and members[0].updated is None:
        found = [(members[0], _day(members[0].published), OPEN_END)]
    else:
        by_id = {member.revision_id: member for member in members}
        found = [
            (by_id[span.revision_id], span.first, span.last)
            for span in spans([_dates(member) for member in members])
        ]
    for member, first, last in found:
        yield Entry(
            revision_id=member.revision_id,
            article_id=member.article_id,
            day=_day(member.published),
            first=first,
            last=last,
            source=member.source,
            group=member.revision_id,
        )


def _grouped(standing: Sequence[Entry], texts: dict[int, bytes]) -> list[Entry]:
    """Return the entries, the current ones with the same text in one group."""
    alike: dict[bytes, list[Entry]] = defaultdict(list)
    for entry in standing:
        if entry.current and entry.revision_id in texts:
            alike[texts[entry.revision_id]].append(entry)
    leaders = {
        entry.revision_id: min(group, key=_precedence).revision_id
        for group in alike.values()
        if len(group) > 1
        for entry in group
    }
    return [
        replace(entry, group=leaders[entry.revision_id]) if entry.revision_id in leaders else entry
        for entry in standing
    ]


def _precedence(entry: Entry) -> tuple[bool, int, int]:
    """Return what puts the earliest of several sources first, those of unknown date last."""
    return (not entry.first, entry.first, entry.revision_id)


def _dates(member: Member) -> Dates:
    return Dates(
        revision_id=member.revision_id,
        number=member.number,
        published=member.published,
        updated=member.updated,
        ingested=member.ingested,
    )


def _day(published: str | None) -> int:
    day = published_day(published)
    return day.toordinal() if day else 0
