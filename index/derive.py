"""Write the files that a version is searched by. All of them come from the catalogue alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.catalogue import Catalogue
from index.contents_file import CONTENTS_NAME, save_contents
from index.edition import Amendment, Contents
from index.embedding import EmbedderInfo
from index.linking import Base
from index.search import LexicalDocument, LexicalEngine, Rows, VectorEngine
from index.segments import write_change, write_whole
from index.versions import LEXICAL_NAME

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


def write_all(
    folder: Path, catalogue: Catalogue, contents: Contents, info: EmbedderInfo, engines: Engines
) -> None:
    """Write the table of contents, the vectors and the lexical index of a version into `folder`."""
    layout = write_whole(folder, catalogue, engines.vectors, info.dimension, contents.rows)
    save_contents(folder / CONTENTS_NAME, contents, layout)
    with engines.lexical.write(folder / LEXICAL_NAME) as writer:
        writer.add(_documents(catalogue, contents, contents.rows))


def write_difference(
    folder: Path,
    catalogue: Catalogue,
    info: EmbedderInfo,
    engines: Engines,
    *,
    version: int,
    change: Amendment,
    base: Base,
) -> None:
    """Write the same for a version that was made out of another one: what is unchanged is shared with it.

    Raises:
        ArchiveDamagedError: where a file of the other one, which would be read and written anew, is damaged.
    """
    layout = write_change(
        folder, catalogue, engines.vectors, info.dimension, version=version, change=change, base=base
    )
    save_contents(folder / CONTENTS_NAME, change.contents, layout)
    lexical = folder / LEXICAL_NAME
    shared = base.share_folder(LEXICAL_NAME, lexical, is_immutable=engines.lexical.is_immutable)
    with engines.lexical.write(lexical) as writer:
        writer.remove(np.union1d(change.gone, change.changed).tolist())
        writer.add(_documents(catalogue, change.contents, np.union1d(change.new, change.changed)))
    base.check(name for name in shared if not (folder / name).exists())


def _documents(catalogue: Catalogue, contents: Contents, rows: Rows) -> Iterator[LexicalDocument]:
    """Yield some of the rows with their texts, a block at a time."""
    for start in range(0, len(rows), DOCUMENTS_PER_READ):
        block = rows[start : start + DOCUMENTS_PER_READ]
        places = contents.entry_of_row[np.searchsorted(contents.rows, block)].tolist()
        entries = {entry.revision_id: entry for entry in contents.edition.at(dict.fromkeys(places))}
        chunks = catalogue.chunks(block.tolist())
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
