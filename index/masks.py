"""Which entries of a version lie within a filter."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.entries import Edition
from index.filters import Filter
from index.lineage import OPEN_END
from index.records import source_key

Mask = NDArray[np.bool_]


class EntryMasks:
    """The dates and outlets of entries, made once and asked often; safe between threads."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self.days = edition.days
        self._first = edition.first
        self._last = edition.last
        keys = [source_key(source) for source in edition.sources]
        self._codes = {key: code for code, key in enumerate(sorted(set(keys)))}
        folded = np.array([self._codes[key] for key in keys], dtype=np.int32)
        self._sources = folded[edition.source_codes]
        _, self._groups, sizes = np.unique(edition.group_of, return_inverse=True, return_counts=True)
        self._has_copies = bool(np.any(sizes > 1))
        # The order in which entries of one group stand for it: by first day, unknown days last.
        self._order = np.lexsort((np.arange(len(edition)), np.where(self._first, self._first, OPEN_END)))

    def within(self, where: Filter) -> Mask:
        """Return which of the entries pass the filter; without an as-of day, the current ones may."""
        dated = self.days > 0
        mask = dated.copy()
        if where.since:
            mask &= self.days >= where.since.toordinal()
        if where.until:
            mask &= self.days <= where.until.toordinal()
        if where.undated:
            mask |= ~dated
        mask &= self._standing(where)
        if where.sources:
            mask &= self._of_sources(where.sources)
        return mask

    def shown(self, where: Filter) -> Mask:
        """Return which entries a search sees: of those within the filter the first of each group."""
        mask = self.within(where)
        if not self._has_copies:
            return mask
        ordered = self._order[mask[self._order]]
        _, firsts = np.unique(self._groups[ordered], return_index=True)
        shown = np.zeros(len(mask), dtype=np.bool_)
        shown[ordered[firsts]] = True
        return shown

    def outlets(self, where: Filter) -> list[str]:
        """Return the outlets of the entries that pass the filter, those with most entries first."""
        codes = self._edition.source_codes[self.within(where)]
        counts = np.bincount(codes, minlength=len(self._edition.sources))
        return [self._edition.sources[code] for code in np.argsort(-counts, kind="stable") if counts[code]]

    def undated(self, where: Filter) -> int:
        """Return how many articles of unknown date the filter leaves out for that alone."""
        if where.undated:
            return 0
        mask = (self.days == 0) & self._standing(where)
        return int((mask & self._of_sources(where.sources) if where.sources else mask).sum())

    def updated_later(self, where: Filter) -> int:
        """Return how many articles were published by the as-of day, and are known only as they stood later.

        An article whose earlier text is known as well is not counted.
        """
        if where.as_of is None:
            return 0
        as_of = where.as_of.toordinal()
        hidden = (self.days > 0) & (self.days <= as_of) & (self._first > as_of)
        articles = self._edition.article_ids
        return len(np.setdiff1d(articles[hidden], articles[self._standing(where)]))

    def _standing(self, where: Filter) -> Mask:
        if where.as_of is None:
            current: Mask = self._last == OPEN_END
            return current
        as_of = where.as_of.toordinal()
        stood: Mask = (self._first <= as_of) & (self._last > as_of)
        return stood

    def _of_sources(self, sources: Sequence[str]) -> Mask:
        codes = [self._codes[key] for name in sources if (key := source_key(name)) in self._codes]
        of_sources: Mask = np.isin(self._sources, codes)
        return of_sources
