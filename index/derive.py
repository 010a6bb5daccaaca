"""Write the files that a version is searched by. All of them come from the catalogue alone."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.catalogue import Catalogue
from index.embedding import EmbedderInfo
from index.records import published_day
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
    """A checked version's folder to start from, and the rows that it holds."""

    folder: Path
    rows: Rows


def write_derived(
    folder: Path, catalogue: Catalogue, rows: Rows, info: EmbedderInfo, engines: Engines, base: Base | None
) -> None:
    """Write the vectors and the lexical index of `rows` (ascending) into `folder`.

    With a `base` made under the same settings only the difference is written; else everything is.
    """
    gone = np.setdiff1d(base.rows, rows, assume_unique=True) if base else np.zeros(0, dtype=np.int64)
    new = np.setdiff1d(rows, base.rows, assume_unique=True) if base else rows
    vectors = (
        engines.vectors.load(base.folder / VECTORS_NAME) if base else engines.vectors.create(info.dimension)
    )
    vectors.remove(gone)
    for part, block in catalogue.vectors(new.tolist(), info.dimension):
        vectors.add(part, block)
    vectors.save(folder / VECTORS_NAME)
    if base:
        shutil.copytree(base.folder / LEXICAL_NAME, folder / LEXICAL_NAME)
    with engines.lexical.write(folder / LEXICAL_NAME) as writer:
        writer.remove(gone.tolist())
        writer.add(_documents(catalogue, new))


def _documents(catalogue: Catalogue, rows: Rows) -> Iterator[LexicalDocument]:
    """Yield the rows' chunks with their texts, a block at a time."""
    for start in range(0, len(rows), DOCUMENTS_PER_READ):
        chunks = catalogue.chunks(rows[start : start + DOCUMENTS_PER_READ].tolist())
        revisions = catalogue.revisions(chunk.revision_id for chunk in chunks.values())
        for row in sorted(chunks):
            chunk = chunks[row]
            article = revisions[chunk.revision_id].article
            day = published_day(article.published)
            yield LexicalDocument(
                row=row,
                title=article.title,
                body=article.text[chunk.start : chunk.end],
                day=day.toordinal() if day else 0,
                source=article.source,
            )
