"""Write the files that a version is searched by. All of them come from the catalogue alone."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.catalogue import Catalogue
from index.edition import Contents
from index.embedding import EmbedderInfo
from index.search import LexicalDocument, LexicalEngine, Rows, VectorEngine
from index.versions import LEXICAL_NAME, VECTORS_NAME

DOCUMENTS_PER_READ = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """The search engines in use."""

    vectors: VectorEngine
    lexical: LexicalEngine


def default_engines() -> Engines:
    """Return FAISS and Tantivy, imported on the first call."""
    from index.adapters.faiss_vectors import FaissEngine
    from index.adapters.tantivy_lexical import TantivyEngine

    return Engines(vectors=FaissEngine(), lexical=TantivyEngine())


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A checked version's folder to start from, and what it holds."""

    folder: Path
    contents: Contents


def write_derived(
    folder: Path,
    catalogue: Catalogue,
    contents: Contents,
    info: EmbedderInfo,
    engines: Engines,
    base: Base | None,
) -> None:
    """Write the vectors and the lexical index of `contents` into `folder`.

    With a `base` made under the same settings only the difference is written; else everything is.
    """
    rows = contents.rows
    before = base.contents.rows if base else rows[:0]
    gone = np.setdiff1d(before, rows, assume_unique=True)
    new = np.setdiff1d(rows, before, assume_unique=True)
    vectors = (
        engines.vectors.load(base.folder / VECTORS_NAME) if base else engines.vectors.create(info.dimension)
    )
    vectors.remove(gone)
    for part, block in catalogue.vectors(new.tolist(), info.dimension):
        vectors.add(part, block)
    vectors.save(folder / VECTORS_NAME)
    if base:
        shutil.copytree(base.folder / LEXICAL_NAME, folder / LEXICAL_NAME)
    changed = np.intersect1d(_changed_rows(contents, base), before, assume_unique=True)
    with engines.lexical.write(folder / LEXICAL_NAME) as writer:
        writer.remove(np.union1d(gone, changed).tolist())
        writer.add(_documents(catalogue, contents, np.union1d(new, changed)))


def _changed_rows(contents: Contents, base: Base | None) -> Rows:
    """Return the rows whose text is as it was, and whose days are not."""
    if base is None:
        return contents.rows[:0]
    before = {entry.revision_id: entry for entry in base.contents.edition.entries}
    return contents.rows_of(
        [
            entry.revision_id
            for entry in contents.edition.entries
            if (old := before.get(entry.revision_id)) and (old.first, old.last) != (entry.first, entry.last)
        ]
    )


def _documents(catalogue: Catalogue, contents: Contents, rows: Rows) -> Iterator[LexicalDocument]:
    """Yield some of the rows with their texts, a block at a time."""
    entries = {entry.revision_id: entry for entry in contents.edition.entries}
    for start in range(0, len(rows), DOCUMENTS_PER_READ):
        chunks = catalogue.chunks(rows[start : start + DOCUMENTS_PER_READ].tolist())
        revisions = catalogue.revisions(chunk.revision_id for chunk in chunks.values())
        for row in sorted(chunks):
            chunk = chunks[row]
            article, entry = revisions[chunk.revision_id].article, entries[chunk.revision_id]
            yield LexicalDocument(
                row=row,
                title=article.title,
                body=article.text[chunk.start : chunk.end],
                day=entry.day,
                first=entry.first,
                last=entry.last,
                source=entry.source,
            )
