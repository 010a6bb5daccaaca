"""LangChain's usual recipe: parts of 1,000 characters in FAISS; then its ensemble of that with BM25."""

from collections.abc import Iterator
from typing import Any

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document  # noqa: TID253 - this file runs in its own environment
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from worker import Article, Job, Passage, Stage, serve

CHARACTERS, OVERLAP = 1000, 200
WEIGHTS = [0.5, 0.5]


class LangChain:
    """FAISS searches all and drops what the filter refuses among the first `fetch_k`, 20 by default."""

    packages = (
        "langchain",
        "langchain-classic",
        "langchain-community",
        "langchain-huggingface",
        "langchain-text-splitters",
        "faiss-cpu",
        "rank-bm25",
    )

    def __init__(self, job: Job) -> None:
        self._embeddings = HuggingFaceEmbeddings(model_name=job.model)
        self._embeddings.embed_query("warm")

    def stages(self, articles: list[Article]) -> Iterator[Stage]:
        """Yield the vectors alone, then the ensemble."""
        splitter = RecursiveCharacterTextSplitter(chunk_size=CHARACTERS, chunk_overlap=OVERLAP)
        parts = splitter.split_documents([_document(article) for article in articles])
        store = FAISS.from_documents(parts, self._embeddings)

        def nearest(question: str, as_of: str | None, k: int) -> list[Passage]:
            if as_of is None:
                return _passages(store.similarity_search(question, k=k))

            def is_there(metadata: dict[str, Any]) -> bool:
                return bool(metadata["published"] <= as_of)

            return _passages(store.similarity_search(question, k=k, filter=is_there))

        yield Stage("LangChain, FAISS", len(parts), nearest)
        lexical = BM25Retriever.from_documents(parts)

        def ensemble(question: str, as_of: str | None, k: int) -> list[Passage]:
            del as_of  # BM25Retriever takes no filter
            lexical.k = k
            both = EnsembleRetriever(
                retrievers=[lexical, store.as_retriever(search_kwargs={"k": k})], weights=WEIGHTS
            )
            return _passages(both.invoke(question)[:k])

        yield Stage("LangChain, FAISS + BM25", len(parts), ensemble, dated=False)


def _document(article: Article) -> Document:
    metadata = {"id": article.id, "title": article.title, "published": article.published}
    return Document(page_content=article.whole, metadata=metadata)


def _passages(found: list[Document]) -> list[Passage]:
    return [(document.metadata["id"], document.page_content) for document in found]


if __name__ == "__main__":
    serve(LangChain)
