"""Haystack: parts of 200 words in memory; BM25 and embeddings joined by reciprocal rank, in a pipeline."""

from collections.abc import Iterator
from typing import Any

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from worker import Article, Job, Passage, Stage, serve


class Haystack:
    """Both retrievers filter before they rank."""

    packages = ("haystack-ai", "sentence-transformers-haystack")

    def __init__(self, job: Job) -> None:
        self._writer = SentenceTransformersDocumentEmbedder(model=job.model, progress_bar=False)
        self._writer.warm_up()
        self._asker = SentenceTransformersTextEmbedder(model=job.model, progress_bar=False)
        self._asker.warm_up()

    def stages(self, articles: list[Article]) -> Iterator[Stage]:
        """Yield the pipeline over both searches."""
        parts = parts_of(articles)
        store = InMemoryDocumentStore()
        store.write_documents(self._writer.run(documents=parts)["documents"])
        pipeline = self._pipeline(store)

        def search(question: str, as_of: str | None, k: int) -> list[Passage]:
            asked: dict[str, Any] = {"top_k": k}
            if as_of is not None:
                asked["filters"] = until(as_of)
            data = {
                "text": {"text": question},
                "words": {"query": question, **asked},
                "meaning": asked,
                "joiner": {"top_k": k},
            }
            return passages_of(pipeline.run(data)["joiner"]["documents"])

        yield Stage("Haystack, embeddings + BM25", len(parts), search)

    def _pipeline(self, store: InMemoryDocumentStore) -> Pipeline:
        pipeline = Pipeline()
        pipeline.add_component("text", self._asker)
        pipeline.add_component("meaning", InMemoryEmbeddingRetriever(store))
        pipeline.add_component("words", InMemoryBM25Retriever(store))
        pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        pipeline.connect("text.embedding", "meaning.query_embedding")
        pipeline.connect("meaning", "joiner")
        pipeline.connect("words", "joiner")
        return pipeline


def parts_of(articles: list[Article]) -> list[Document]:
    """Return the parts of the articles."""
    splitter = DocumentSplitter(split_by="word")
    splitter.warm_up()
    parts: list[Document] = splitter.run(documents=[_document(article) for article in articles])["documents"]
    return parts


def until(as_of: str) -> dict[str, Any]:
    """Return the filter that lets through what was published by a day."""
    return {"field": "meta.published", "operator": "<=", "value": f"{as_of}T00:00:00"}


def passages_of(found: list[Document]) -> list[Passage]:
    """Return the documents as passages."""
    return [(document.meta["id"], document.content or "") for document in found]


def _document(article: Article) -> Document:
    published = f"{article.published}T00:00:00" if article.published else None
    return Document(
        content=article.whole, meta={"id": article.id, "title": article.title, "published": published}
    )


if __name__ == "__main__":
    serve(Haystack)
