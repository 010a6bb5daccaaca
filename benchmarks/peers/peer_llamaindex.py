"""LlamaIndex with its defaults: VectorStoreIndex in memory, sentences joined to parts of 1,024 tokens."""

from collections.abc import Iterator

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import BaseNode, NodeWithScore
from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from worker import Article, Job, Passage, Search, Stage, serve


class LlamaIndex:
    """It puts the title and the day before every part that it embeds, as it does with all metadata.

    MiniLM reads the first 256 tokens of a part; LlamaIndex does not cut shorter by itself.
    """

    packages = ("llama-index-core", "llama-index-embeddings-huggingface")

    def __init__(self, job: Job) -> None:
        self._model = HuggingFaceEmbedding(model_name=job.model)
        self._model.get_query_embedding("warm")

    def stages(self, articles: list[Article]) -> Iterator[Stage]:
        """Yield parts of the default length."""
        nodes = nodes_of(articles)
        index = VectorStoreIndex(nodes, embed_model=self._model)
        yield Stage("LlamaIndex", len(nodes), _search(index))


def _search(index: VectorStoreIndex) -> Search:
    def search(question: str, as_of: str | None, k: int) -> list[Passage]:
        return passages_of(index.as_retriever(similarity_top_k=k, filters=until(as_of)).retrieve(question))

    return search


def nodes_of(articles: list[Article]) -> list[BaseNode]:
    """Return the parts of the articles."""
    return SentenceSplitter().get_nodes_from_documents([_document(article) for article in articles])


def until(as_of: str | None) -> MetadataFilters | None:
    """Return the filter that lets through what was published by a day."""
    if as_of is None:
        return None
    newest = MetadataFilter(key="published", value=as_of, operator=FilterOperator.LTE)
    return MetadataFilters(filters=[newest])


def passages_of(found: list[NodeWithScore]) -> list[Passage]:
    """Return the nodes as passages."""
    return [(one.node.metadata["id"], one.node.get_content()) for one in found]


def _document(article: Article) -> Document:
    metadata = {"id": article.id, "title": article.title, "published": article.published}
    return Document(
        text=article.text,
        metadata=metadata,
        excluded_embed_metadata_keys=["id"],
        excluded_llm_metadata_keys=["id"],
    )


if __name__ == "__main__":
    serve(LlamaIndex)
