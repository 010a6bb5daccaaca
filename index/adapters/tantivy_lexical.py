"""Lexical search by Tantivy: BM25 over title and body, with the filter inside the query."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur, Query

from index.adapters.tantivy_frequencies import TermFrequencies, bounds_of
from index.errors import ArchiveDamagedError
from index.filters import Filter
from index.integrity import is_lock
from index.passage import Hit
from index.records import source_key
from index.search import LexicalDocument, LexicalIndex, LexicalWriter

TITLE_BOOST = 1.5
MAX_WORD_LENGTH = 60
MAX_QUERY_WORDS = 64
WRITER_BYTES = 64 << 20

_REWRITTEN = {"meta.json", ".managed.json"}

_ANALYZER = "news"
_LANGUAGE = "english"
_STOP_WORD_LIST = (
    "a about after again all am an and any are as at be because been before being between both but by "
    "can could did do does doing down during each few for from further had has have having he her here "
    "hers herself him himself his how i if in into is it its itself just me more most my myself no nor "
    "not now of off on once only or other our ours ourselves out over own s same she should so some "
    "such t than that the their theirs them themselves then there these they this those through to too "
    "under until up very was we were what when where which while who whom why will with would you your "
    "yours yourself yourselves "
)
_STOP_WORDS = frozenset(_STOP_WORD_LIST.split())

_Subquery = tuple[Occur, Query]


class TantivyWriter:
    """Adds and removes chunks; see `TantivyEngine.write`."""

    def __init__(self, schema: tantivy.Schema, writer: tantivy.IndexWriter) -> None:
        self._schema = schema
        self._writer = writer

    def remove(self, rows: Iterable[int]) -> None:
        """Remove chunks."""
        # By query: deleting by term takes the value for a signed one and finds nothing (tantivy-py 0.27).
        gone = list(rows)
        if gone:
            self._writer.delete_documents_by_query(Query.term_set_query(self._schema, "row", gone))

    def add(self, documents: Iterator[LexicalDocument]) -> None:
        """Add chunks under rows that are new."""
        for document in documents:
            fields = {
                "row": document.row,
                "title": document.title,
                "body": document.body,
                "day": document.day,
                "first": document.first,
                "last": document.last,
                "source": source_key(document.source),
            }
            self._writer.add_document(tantivy.Document.from_dict(fields, self._schema))


class TantivyLexical:
    """An opened lexical index; it does not see what is written later."""

    def __init__(self, index: tantivy.Index, links: TemporaryDirectory[str] | None = None) -> None:
        self._links = links
        self._schema = index.schema
        self._searcher = index.searcher()
        self._analyzer = _analyzer(stem=True)
        self._splitter = _analyzer(stem=False)
        self._frequencies = TermFrequencies(self._schema, self._searcher)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open the index in `folder`; check the files' checksums before.

        Raises:
            ArchiveDamagedError: where Tantivy cannot read it.
        """
        try:
            links = None if os.access(folder, os.W_OK) else _links_to(folder)
            index = tantivy.Index.open(links.name if links else str(folder))
            index.register_tokenizer(_ANALYZER, _analyzer(stem=True))
            index.config_reader("manual")
            return cls(index, links)
        except (ValueError, OSError) as error:
            raise ArchiveDamagedError(f"{str(folder)!r} is no lexical index: rebuild the archive") from error

    @property
    def count(self) -> int:
        """How many chunks there are."""
        return int(self._searcher.num_docs)

    def search(self, text: str, top_k: int, where: Filter) -> list[Hit]:
        """Return the `top_k` best chunks within the filter, best first; any text is a safe query."""
        terms = self._terms(text)
        if not terms or top_k < 1 or not self.count:
            return []
        until = where.until_its_end()
        words = [query for term in terms for query in self._word(term, until)]
        clauses: list[_Subquery] = [(Occur.Must, Query.boolean_query(words))]
        clauses += [
            (Occur.Must, Query.const_score_query(bound, 0.0)) for bound in bounds_of(self._schema, where)
        ]
        found = self._searcher.search(
            Query.boolean_query(clauses), limit=min(top_k, self.count), count=False
        ).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in found])
        hits = [
            Hit(row=int(row or 0), score=float(score)) for row, (score, _) in zip(rows, found, strict=True)
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.row))

    def document_frequencies(self, words: Sequence[str], where: Filter) -> dict[str, int]:
        """Return in how many chunks within the filter each word stands, in any of its inflected forms."""
        frequency = partial(self._frequencies.of, "body", where=where)
        return {word: max(map(frequency, self._analyzer.analyze(word)), default=0) for word in words}

    def holding(self, words: Sequence[str], rows: Sequence[int]) -> NDArray[np.bool_]:
        """Return whether each word stands in the title or body of each chunk, in any inflected form."""
        held = np.zeros((len(words), len(rows)), dtype=np.bool_)
        if not rows:
            return held
        places = {row: place for place, row in enumerate(rows)}
        chosen = Query.const_score_query(Query.term_set_query(self._schema, "row", list(rows)), 0.0)
        for number, word in enumerate(words):
            terms = [self._anywhere(term) for term in self._analyzer.analyze(word)]
            if not terms:
                continue
            query = Query.boolean_query([(Occur.Must, chosen), *((Occur.Must, term) for term in terms)])
            hits = self._searcher.search(query, limit=len(rows), count=False).hits
            found = self._searcher.fast_field_values("row", [address for _, address in hits])
            held[number, [places[int(row or 0)] for row in found]] = True
        return held

    def close(self) -> None:
        """Let the files go."""
        del self._searcher, self._frequencies
        if self._links:
            self._links.cleanup()

    def _terms(self, text: str) -> Sequence[str]:
        """Return the distinct terms of a query, without stop words unless there is nothing else."""
        text = text.encode("utf-8", "replace").decode("utf-8")
        words = list(dict.fromkeys(self._splitter.analyze(text)))
        telling = [word for word in words if word not in _STOP_WORDS] or words
        return list(
            dict.fromkeys(term for word in telling[:MAX_QUERY_WORDS] for term in self._analyzer.analyze(word))
        )

    def _word(self, term: str, until: Filter) -> Iterator[_Subquery]:
        """Yield the queries of a term, which weighs as much as if nothing were published later."""
        for field, boost in (("body", 1.0), ("title", TITLE_BOOST)):
            query = Query.term_query(self._schema, field, term, index_option="freq")
            boost *= self._frequencies.rarer(field, term, until)
            yield Occur.Should, Query.boost_query(query, boost) if boost != 1.0 else query

    def _anywhere(self, term: str) -> Query:
        """Return a query for the chunks with a term in title or body."""
        return Query.boolean_query(
            [
                (Occur.Should, Query.term_query(self._schema, field, term, index_option="basic"))
                for field in ("title", "body")
            ]
        )


class TantivyEngine:
    """Makes, changes and opens lexical indexes."""

    def is_immutable(self, name: str) -> bool:
        """Say whether a file is never written to again: those of segments, deletions included."""
        return name not in _REWRITTEN

    @contextmanager
    def write(self, folder: Path) -> Iterator[LexicalWriter]:
        """Lend a writer for the index in `folder`, made there where the folder is empty.

        When the block ends well its changes are committed, segments are merged and the folder is
        at rest; else the changes are dropped.
        """
        folder.mkdir(exist_ok=True)
        index = tantivy.Index(_schema(), path=str(folder), reuse=True)
        index.register_tokenizer(_ANALYZER, _analyzer(stem=True))
        writer = index.writer(heap_size=WRITER_BYTES, num_threads=1)
        try:
            yield TantivyWriter(index.schema, writer)
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        writer.wait_merging_threads()
        _drop_unused(folder)

    def load(self, folder: Path) -> LexicalIndex:
        """Open the index in `folder`."""
        return TantivyLexical.load(folder)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_text_field("title", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field("body", tokenizer_name=_ANALYZER, index_option="freq")
    for name in ("day", "first", "last"):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    return builder.build()


def _analyzer(*, stem: bool) -> tantivy.TextAnalyzer:
    """Return how text becomes terms, the same for what is written and what is asked."""
    filters = tantivy.Filter
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(filters.remove_long(MAX_WORD_LENGTH))
        .filter(filters.lowercase())
        .filter(filters.ascii_fold())
    )
    return (builder.filter(filters.stemmer(_LANGUAGE)) if stem else builder).build()


def _links_to(folder: Path) -> TemporaryDirectory[str]:
    """Return a folder of links to the files: Tantivy wants to make lock files beside what it reads."""
    links = TemporaryDirectory(prefix="dateline-lexical-", ignore_cleanup_errors=True)
    for path in folder.resolve().iterdir():
        if not is_lock(path):
            Path(links.name, path.name).symlink_to(path)
    return links


def _drop_unused(folder: Path) -> None:
    """Remove the files of segments that merging has replaced."""
    index = tantivy.Index.open(str(folder))
    index.register_tokenizer(_ANALYZER, _analyzer(stem=True))
    writer = index.writer(heap_size=WRITER_BYTES, num_threads=1)
    writer.garbage_collect_files()
    writer.wait_merging_threads()
