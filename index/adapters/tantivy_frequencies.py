"""How many chunks hold a term, as the archive stood on some day; and the bounds of a filter as queries."""

import math
from collections.abc import Iterator
from datetime import date

import tantivy
from tantivy import FieldType, Occur, Query

from index.filters import Filter
from index.lineage import OPEN_END
from index.records import source_key

UNDATED = 0
REMEMBERED_COUNTS = 4096


class TermFrequencies:
    """Counts terms in the chunks that a filter lets pass; remembers the latest counts.

    A question asks for those of its words several times: to search, to rank and to choose sentences.
    """

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema = schema
        self._searcher = searcher
        self._counts: dict[tuple[str, str, Filter], int] = {}

    def rarer(self, field: str, term: str, where: Filter) -> float:
        """Return the inverse document frequency of a term within a filter, divided by that of BM25.

        BM25 counts all chunks that its files have, those of articles that are later or gone included.
        """
        found: int = self._searcher.doc_freq(field, term)
        ever = _inverse_frequency(found, int(self._searcher.num_docs))
        return _inverse_frequency(self.of(field, term, where), self._count(where)) / ever

    def of(self, field: str, term: str, where: Filter) -> int:
        """Return how many chunks within a filter have a term in a field."""
        if not self._searcher.doc_freq(field, term):
            return 0
        return self._remembered(field, term, where)

    def _count(self, where: Filter) -> int:
        """Return how many chunks are within a filter."""
        return self._remembered("", "", where)

    def _remembered(self, field: str, term: str, where: Filter) -> int:
        key = (field, term, where)
        found = self._counts.get(key)
        if found is None:
            if len(self._counts) >= REMEMBERED_COUNTS:
                self._counts.clear()
            found = self._counts[key] = self._matching(field, term, where)
        return found

    def _matching(self, field: str, term: str, where: Filter) -> int:
        """Return how many chunks within a filter have a term; of no field, how many there are."""
        held = (
            Query.term_query(self._schema, field, term, index_option="basic") if field else Query.all_query()
        )
        within = (held, *bounds_of(self._schema, where))
        clauses = [(Occur.Must, Query.const_score_query(one, 0.0)) for one in within]
        result = self._searcher.search(Query.boolean_query(clauses), limit=1, count=True)
        return int(result.count)  # type: ignore[attr-defined]  # its stubs leave it out


def bounds_of(schema: tantivy.Schema, where: Filter) -> Iterator[Query]:
    """Yield a query per bound of the filter."""
    if where.sources:
        yield Query.term_set_query(schema, "source", [source_key(name) for name in where.sources])
    if where.as_of is None:
        yield Query.term_query(schema, "last", OPEN_END)
    else:
        day = where.as_of.toordinal()
        yield _between(schema, "first", 0, day)
        yield _between(schema, "last", day + 1, OPEN_END)
    if where.since is None and where.until is None and where.undated:
        return
    first, last = (where.since or date.min).toordinal(), (where.until or date.max).toordinal()
    dated = _between(schema, "day", first, last)
    if not where.undated:
        yield dated
        return
    undated = Query.term_query(schema, "day", UNDATED)
    yield Query.boolean_query([(Occur.Should, dated), (Occur.Should, undated)])


def _between(schema: tantivy.Schema, field: str, first: int, last: int) -> Query:
    return Query.range_query(schema, field, FieldType.Integer, first, last)


def _inverse_frequency(found: int, count: int) -> float:
    """Return the inverse document frequency of BM25, as Tantivy reckons it; above 0."""
    return math.log(1.0 + (max(count - found, 0) + 0.5) / (found + 0.5))
