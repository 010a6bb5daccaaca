"""LangChain's usual recipe: parts of 1,000 characters in FAISS; then its ensemble of that with BM25."""

from collections.abc import Callable, Iterator
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
        parts = parts_of(articles)
        store = FAISS.from_documents(parts, self._embeddings)

        def nearest(question: str, as_of: str | None, k: int) -> list[Passage]:
            if as_of is None:
                return passages_of(store.similarity_search(question, k=k))
            return passages_of(store.similarity_search(question, k=k, filter=until(as_of)))

        yield Stage("LangChain, FAISS", len(parts), nearest)
        lexical = BM25Retriever.from_documents(parts)

        def ensemble(question: str, as_of: str | None, k: int) -> list[Passage]:
            del as_of  # BM25Retriever takes no filter
            lexical.k = k
            both = EnsembleRetriever(
                retrievers=[lexical, store.as_retriever(search_kwargs={"k": k})], weights=WEIGHTS
            )
            return passages_of(both.invoke(question)[:k])

        yield Stage("LangChain, FAISS + BM25", len(parts), ensemble, dated=False)


def parts_of(articles: list[Article]) -> list[Document]:
    """Return the parts of the articles."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHARACTERS, chunk_overlap=OVERLAP)
    return splitter.split_documents([_document(article) for article in articles])


def until(as_of: str) -> Callable[[dict[str, Any]], bool]:
    """Return the filter that lets through what was published by a day."""

    def is_there(metadata: dict[str, Any]) -> bool:
        return bool(metadata["published"] <= as_of)

    return is_there


def passages_of(found: list[Document]) -> list[Passage]:
    """Return the documents as passages."""
    return [(document.metadata["id"], document.page_content) for document in found]


def _document(article: Article) -> Document:
    metadata = {"id": article.id, "title": article.title, "published": article.published}
    return Document(page_content=article.whole, metadata=metadata)


if __name__ == "__main__":
    serve(LangChain)
