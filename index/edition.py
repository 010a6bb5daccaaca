"""What of a version is searched: each article as it stood on each day, and which texts are the same.

Articles whose texts are the same (but for spacing and punctuation) are one article with several
sources: a search sees the first of them that lies within its filter. All of it is derived from the
catalogue: whole, or out of what the version before it searches and the articles that changed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue, Member
from index.entries import Contents, Edition, Entry, precedence
from index.lineage import OPEN_END, Dates, spans
from index.records import published_day

__all__ = ["Amendment", "Contents", "Edition", "Entry", "amend", "contents_of", "copies_of", "edition_of"]

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What a version searches, and what of that differs from the version before.

    `gone` and `new` are rows, ascending; `changed` are those of both whose text is the same and whose
    days are not.
    """

    contents: Contents
    gone: Rows
    new: Rows
    changed: Rows


def contents_of(catalogue: Catalogue, version: int) -> Contents:
    """Return what a version searches with its chunks."""
    edition = edition_of(catalogue, version)
    rows, revision_ids = catalogue.chunk_rows(version, edition.revision_ids.tolist())
    return Contents(
        edition=edition,
        rows=rows,
        entry_of_row=np.searchsorted(edition.revision_ids, revision_ids).astype(np.int32),
    )


def edition_of(catalogue: Catalogue, version: int) -> Edition:
    """Return what a version searches."""
    standing = _standing(catalogue.members(version))
    leaders = _leaders(standing, catalogue.same_texts(version))
    return Edition.of(_led(entry, leaders) for entry in standing)


def amend(
    catalogue: Catalogue, version: int, before: Contents, parent: int, article_ids: Collection[str]
) -> Amendment:
    """Return what a version searches, where only these articles differ from what its parent searches.

    It is the same as `contents_of`, at a cost that grows with the articles; the rest is copied as arrays.
    """
    old = before.edition
    dropped = old.places(one.revision_id for one in catalogue.members(parent, article_ids))
    stays = np.ones(len(old), dtype=np.bool_)
    stays[dropped] = False
    standing = _standing(catalogue.members(version, article_ids))
    leaders, regrouped = _regroup(catalogue, old, dropped, stays, standing)
    added = Edition.of(_led(entry, leaders) for entry in standing)
    edition, place_of_old, place_of_added = _joined(old, stays, regrouped, added)
    new_rows, revision_ids = catalogue.chunk_rows(version, added.revision_ids.tolist())
    kept = stays[before.entry_of_row]
    rows = np.concatenate([before.rows[kept], new_rows])
    entry_of_row = np.concatenate(
        [
            place_of_old[before.entry_of_row[kept]],
            place_of_added[np.searchsorted(added.revision_ids, revision_ids)],
        ]
    )
    order = np.argsort(rows, kind="stable")
    contents = Contents(edition=edition, rows=rows[order], entry_of_row=entry_of_row[order].astype(np.int32))
    old_rows = before.rows[~kept]
    both = np.intersect1d(old_rows, new_rows, assume_unique=True)
    return Amendment(
        contents=contents,
        gone=np.setdiff1d(old_rows, new_rows, assume_unique=True),
        new=np.setdiff1d(new_rows, old_rows, assume_unique=True),
        changed=both[_days(before, both) != _days(contents, both)],
    )


def copies_of(catalogue: Catalogue, version: int, article_id: str) -> list[str]:
    """Return the ids of the articles whose current text is the same as that of `article_id`."""
    own = catalogue.membership(version, [article_id])
    texts = set(catalogue.texts_of(own.values()).values())
    owners = catalogue.with_texts(texts)
    there = catalogue.membership(version, [owner for owner, _ in owners.values()])
    return sorted(
        owner
        for revision, (owner, _) in owners.items()
        if owner != article_id and there.get(owner) == revision
    )


def _standing(members: Sequence[Member]) -> list[Entry]:
    """Return the revisions of articles with the days on which they stood, each a group of its own."""
    by_article: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        by_article[member.article_id].append(member)
    return [entry for lineage in by_article.values() for entry in _lineage(lineage)]


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


def _leaders(entries: Iterable[Entry], texts: Mapping[int, bytes]) -> dict[int, int]:
    """Return, for each current entry with a known text, the one of that text that was published first."""
    alike: dict[bytes, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.current and entry.revision_id in texts:
            alike[texts[entry.revision_id]].append(entry)
    return {
        entry.revision_id: min(group, key=precedence).revision_id
        for group in alike.values()
        for entry in group
    }


def _led(entry: Entry, leaders: Mapping[int, int]) -> Entry:
    leader = leaders.get(entry.revision_id, entry.revision_id)
    return entry if leader == entry.group else replace(entry, group=leader)


def _regroup(
    catalogue: Catalogue,
    old: Edition,
    dropped: Rows,
    stays: NDArray[np.bool_],
    standing: Sequence[Entry],
) -> tuple[dict[int, int], dict[int, int]]:
    """Return who leads each entry whose text was gained or lost, and of those that stay, by place."""
    touched = [entry.revision_id for entry in standing if entry.current]
    touched += [int(old.revision_ids[place]) for place in dropped if old.last[place] == OPEN_END]
    texts = set(catalogue.texts_of(touched).values())
    owners = catalogue.with_texts(texts)
    places = [int(place) for place in old.places(owners) if stays[place] and old.last[place] == OPEN_END]
    leaders = _leaders(
        [*standing, *old.at(places)], {revision: text for revision, (_, text) in owners.items()}
    )
    return leaders, {place: leaders[int(old.revision_ids[place])] for place in places}


def _joined(
    old: Edition, stays: NDArray[np.bool_], regrouped: Mapping[int, int], added: Edition
) -> tuple[Edition, NDArray[np.int64], NDArray[np.int64]]:
    """Return one edition of what stays and what is added, and the places in it of both."""
    group_of = old.group_of.copy()
    group_of[list(regrouped)] = list(regrouped.values())
    sources, old_codes, added_codes = _shared_codes(old, stays, added)
    ids = np.concatenate([old.revision_ids[stays], added.revision_ids])
    order = np.argsort(ids, kind="stable")

    def joined(first: NDArray[np.generic], second: NDArray[np.generic]) -> NDArray[np.generic]:
        return np.concatenate([first, second])[order]

    edition = Edition(
        revision_ids=ids[order],
        article_ids=joined(old.article_ids[stays], added.article_ids),  # type: ignore[arg-type]
        days=joined(old.days[stays], added.days),  # type: ignore[arg-type]
        first=joined(old.first[stays], added.first),  # type: ignore[arg-type]
        last=joined(old.last[stays], added.last),  # type: ignore[arg-type]
        source_codes=joined(old_codes, added_codes),  # type: ignore[arg-type]
        group_of=joined(group_of[stays], added.group_of),  # type: ignore[arg-type]
        sources=sources,
    )
    place = np.empty(len(ids), dtype=np.int64)
    place[order] = np.arange(len(ids))
    place_of_old = np.full(len(old), -1, dtype=np.int64)
    place_of_old[stays] = place[: len(ids) - len(added)]
    return edition, place_of_old, place[len(ids) - len(added) :]


def _shared_codes(
    old: Edition, stays: NDArray[np.bool_], added: Edition
) -> tuple[tuple[str, ...], NDArray[np.int32], NDArray[np.int32]]:
    """Return the outlets that are left, and the codes of what stays and of what is added in terms of them."""
    left = old.source_codes[stays]
    used = np.flatnonzero(np.bincount(left, minlength=len(old.sources)))
    sources = tuple(sorted({*(old.sources[code] for code in used), *added.sources}))
    codes = {source: code for code, source in enumerate(sources)}
    of_old = np.array([codes.get(source, -1) for source in old.sources], dtype=np.int32)
    of_added = np.array([codes[source] for source in added.sources], dtype=np.int32)
    return sources, of_old[left], of_added[added.source_codes]


def _days(contents: Contents, rows: Rows) -> Rows:
    """Return the first and last day of rows as one number each."""
    entries = contents.entry_of_row[np.searchsorted(contents.rows, rows)]
    first, last = contents.edition.first[entries], contents.edition.last[entries]
    return first.astype(np.int64) * (OPEN_END + 1) + last


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
