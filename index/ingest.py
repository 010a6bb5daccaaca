"""Take articles into the catalogue: store revisions, cut them, embed what was never embedded."""

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from index.article import Article, Skipped
from index.chunking import Chunk, Chunker
from index.config import ChunkingConfig
from index.embedding import Embedder
from index.errors import DatelineError
from index.ledger import Ledger
from index.progress import Meter, Stage

ARTICLES_PER_BATCH = 64
TEXTS_PER_COMMIT = 128

T = TypeVar("T")


class Ingest:
    """Fills the catalogue batch by batch; what one batch has embedded is never embedded again."""

    def __init__(self, ledger: Ledger, embedder: Embedder, chunking: ChunkingConfig, meter: Meter) -> None:
        self._ledger = ledger
        self._embedder = embedder
        self._meter = meter
        self._chunker = Chunker(chunking, embedder.info.max_tokens, embedder.count_tokens)
        self.settings_id, self._embedder_id = ledger.settings(embedder.info, chunking)

    def take(self, articles: Iterable[Article | Skipped]) -> dict[str, list[int]]:
        """Store and embed all articles and return the revision ids of each article id, as they were read.

        Skipped inputs, second readings of the same content and articles without text are counted by
        the meter.
        """
        taken: dict[str, list[int]] = {}
        seen: dict[tuple[str, str], str] = {}
        for batch in _batches(self._fresh(articles, seen), ARTICLES_PER_BATCH):
            with self._ledger.transaction():
                stored = [self._ledger.store(article_id, article) for article_id, article in batch]
            self.embed(stored)
            for (article_id, _), revision in zip(batch, stored, strict=True):
                taken.setdefault(article_id, []).append(revision)
            self._meter.articles = len(taken)
            self._meter.tell(Stage.READ)
        return taken

    def embed(self, revision_ids: Sequence[int]) -> None:
        """Cut and embed those of the revisions that were never cut under these settings."""
        uncut = self._ledger.uncut(revision_ids, self.settings_id)
        known = self._ledger.count_chunks(set(revision_ids).difference(uncut), self.settings_id)
        self._meter.reused += known
        self._meter.chunks += known
        for pending in _batches(uncut, ARTICLES_PER_BATCH):
            revisions = self._ledger.revisions(pending)
            cut = self._chunker.cut(
                [(revisions[i].article.title, revisions[i].article.text) for i in pending]
            )
            vector_ids = self._vector_ids([chunk for chunks in cut for chunk in chunks])
            with self._ledger.transaction():
                for revision_id, chunks in zip(pending, cut, strict=True):
                    spans = [(chunk.start, chunk.end, vector_ids[text_hash(chunk)]) for chunk in chunks]
                    self._ledger.add_chunks(revision_id, self.settings_id, spans)

    def _vector_ids(self, chunks: Sequence[Chunk]) -> dict[bytes, int]:
        """Return the vector id of each chunk's text hash; embeds and commits what is new, part by part."""
        texts = {text_hash(chunk): chunk.embedded for chunk in chunks}
        ids = self._ledger.known_vectors(self._embedder_id, texts)
        # Texts of like length go together: a model pads each batch to its longest.
        new = sorted((key for key in texts if key not in ids), key=lambda key: len(texts[key]))
        self._meter.reused += len(chunks) - len(new)
        self._meter.chunks += len(chunks) - len(new)
        for keys in _batches(new, TEXTS_PER_COMMIT):
            vectors = self._embedder.embed_documents([texts[key] for key in keys])
            expected = (len(keys), self._embedder.info.dimension)
            if vectors.shape != expected:
                raise DatelineError(
                    f"the embedding model {self._embedder.info.name!r} gave vectors of shape "
                    f"{vectors.shape}, not {expected}: set another `embedding.model`"
                )
            with self._ledger.transaction():
                ids |= self._ledger.add_vectors(self._embedder_id, keys, vectors)
            self._meter.embedded += len(keys)
            self._meter.chunks += len(keys)
            self._meter.tell(Stage.EMBED)
        return ids

    def _fresh(
        self, articles: Iterable[Article | Skipped], seen: dict[tuple[str, str], str]
    ) -> Iterator[tuple[str, Article]]:
        """Yield (id, article) of what is to be stored; `seen` keeps the origin by id and content hash."""
        for item in articles:
            if isinstance(item, Skipped):
                self._meter.skipped.append(item)
                continue
            article_id, article = item.id, storable(item)
            if not article.text.strip():
                self._meter.skipped.append(Skipped(origin=_origin(article), reason="it has no text"))
                continue
            content = (article_id, article.content_hash)
            if content in seen:
                reason = f"the same article as {seen[content]}"
                self._meter.skipped.append(Skipped(origin=_origin(article), reason=reason))
                continue
            seen[content] = _origin(article)
            yield article_id, article


def storable(article: Article) -> Article:
    """Return the article with each lone surrogate, which no UTF-8 file can hold, as a question mark."""
    values = {field.name: getattr(article, field.name) for field in dataclasses.fields(article)}
    changed = {name: _encodable(value) for name, value in values.items() if type(value) is str}
    changed = {name: value for name, value in changed.items() if value != values[name]}
    authors = tuple(_encodable(author) for author in article.authors)
    if not changed and authors == article.authors:
        return article
    return dataclasses.replace(article, authors=authors, **changed)  # type: ignore[arg-type]


def text_hash(chunk: Chunk) -> bytes:
    """Return the key under which the vector of a chunk's text is kept."""
    return hashlib.sha256(chunk.embedded.encode("utf-8")).digest()


def _origin(article: Article) -> str:
    return article.origin or article.url or article.key


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
