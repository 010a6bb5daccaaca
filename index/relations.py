"""What the articles of a version have to do with each other: copies, near-copies and corrections."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import numpy as np

from index.catalogue import Catalogue, Revision
from index.corrections import Notice, NoticeKind, link_notices
from index.dedup import clusters
from index.edition import Contents
from index.filters import Filter
from index.lineage import OPEN_END
from index.records import Publication, published_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A notice that concerns an article, and where it stands (the article itself, or another one)."""

    notice: Notice
    where: Publication


class Relations:
    """Looks up relations of the articles of one version; what is costly is read on first use."""

    def __init__(self, catalogue: Catalogue, version: int, contents: Contents) -> None:
        self._catalogue = catalogue
        self._version = version
        self._edition = contents.edition
        self._alike = contents.edition.alike()
        self._clusters = self._find_clusters()
        self._guard = Lock()

    def cluster(self, revision_id: int) -> int:
        """Return what all copies and near-copies of a revision have in common; no other revision has it."""
        group = self._group(revision_id)
        group = revision_id if group is None else group
        return self._clusters.get(group, (group,))[0]

    def also_in(self, revision_id: int, where: Filter) -> list[Publication]:
        """Return the other articles with the same or nearly the same text, earliest first, undated last.

        Those published after the filter's last day are left out; its outlets and first day are not asked.
        """
        exact, near = self._others(revision_id)
        found = [_publication(revision) for revision in self._catalogue.revisions([*exact, *near]).values()]
        seen = [one for one in found if _is_seen(one, where)]
        return sorted(seen, key=lambda one: (not one.day, one.day, one.source, one.article_id))

    def copies(self, revision_id: int) -> tuple[list[Publication], list[Publication]]:
        """Return (further sources of the same text, near-copies) of a revision."""
        exact, near = self._others(revision_id)
        revisions = self._catalogue.revisions([*exact, *near])
        return [_publication(revisions[i]) for i in exact], [_publication(revisions[i]) for i in near]

    def corrections(self, revision_id: int, article_id: str, where: Filter) -> list[Correction]:
        """Return what corrects a revision: its own notices, and articles that were published about it."""
        with self._guard:
            own, linked = self._notices
        found = [Correction(notice=notice, where=place) for notice, place in own.get(revision_id, ())]
        found += [
            Correction(notice=notice, where=place)
            for notice, place in linked.get(article_id, ())
            if _is_seen(place, where)
        ]
        return found

    def _others(self, revision_id: int) -> tuple[list[int], list[int]]:
        """Return the revisions with the same text, and those with nearly the same."""
        group = self._group(revision_id)
        if group is None:
            return [], []
        near = [
            one for other in self._clusters.get(group, ()) if other != group for one in self._of_group(other)
        ]
        return [one for one in self._of_group(group) if one != revision_id], near

    def _group(self, revision_id: int) -> int | None:
        """Return the group of a revision; None where it is not searched."""
        place = self._edition.place(revision_id)
        return None if place is None else int(self._edition.group_of[place])

    def _of_group(self, group: int) -> list[int]:
        """Return the current revisions of a group, the one published first at the head."""
        if group in self._alike:
            return [entry.revision_id for entry in self._alike[group]]
        place = self._edition.place(group)
        return [] if place is None or self._edition.last[place] != OPEN_END else [group]

    def _find_clusters(self) -> dict[int, tuple[int, ...]]:
        """Return the cluster of each group that is in one."""
        found = np.array(self._catalogue.known_near_copies(), dtype=np.int64).reshape(-1, 2)
        edition = self._edition
        current = edition.revision_ids[edition.last == OPEN_END]
        found = found[np.isin(found, current).all(axis=1)]
        groups = edition.group_of[np.searchsorted(edition.revision_ids, found)]
        pairs = np.unique(groups[groups[:, 0] != groups[:, 1]], axis=0)
        return {
            member: cluster
            for cluster in clusters((int(one), int(other)) for one, other in pairs)
            for member in cluster
        }

    @cached_property
    def _notices(
        self,
    ) -> tuple[dict[int, list[tuple[Notice, Publication]]], dict[str, list[tuple[Notice, Publication]]]]:
        """Return the notices by the revision that carries them, and by the article they correct elsewhere."""
        rows = self._catalogue.notices(self._version)
        revisions = self._catalogue.revisions(row[0] for row in rows)
        own: dict[int, list[tuple[Notice, Publication]]] = defaultdict(list)
        linked: dict[str, list[tuple[Notice, Publication]]] = defaultdict(list)
        elsewhere: list[tuple[Publication, Notice]] = []
        for revision_id, kind, text, about_other in rows:
            notice = Notice(kind=NoticeKind(kind), text=text, about_other=about_other)
            place = _publication(revisions[revision_id], with_text=about_other)
            if about_other:
                elsewhere.append((place, notice))
            else:
                own[revision_id].append((notice, place))
        for article_id, place, notice in link_notices(elsewhere, self._outlets_of(elsewhere)):
            linked[article_id].append((notice, place))
        return own, linked

    def _outlets_of(self, correcting: Sequence[tuple[Publication, Notice]]) -> list[Publication]:
        """Return the articles of the outlets that have published corrections."""
        outlets = {place.source for place, _ in correcting}
        codes = [code for code, source in enumerate(self._edition.sources) if source in outlets]
        ids = self._edition.revision_ids[np.isin(self._edition.source_codes, codes)].tolist()
        return [_publication(revision) for revision in self._catalogue.revisions(ids).values()]


def _is_seen(publication: Publication, where: Filter) -> bool:
    """Say whether an article was published by the filter's last day; an unknown day as the filter says."""
    if not publication.day:
        return where.undated
    last = min((day.toordinal() for day in (where.until, where.as_of) if day), default=publication.day)
    return publication.day <= last


def _publication(revision: Revision, *, with_text: bool = False) -> Publication:
    article = revision.article
    day = published_day(article.published)
    return Publication(
        article_id=revision.article_id,
        title=article.title,
        url=article.url,
        source=article.source,
        day=day.toordinal() if day else 0,
        text=article.text if with_text else "",
    )
