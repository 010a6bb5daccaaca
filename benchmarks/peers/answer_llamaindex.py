"""LlamaIndex's query engine with its defaults: the two nearest parts in its own question-answering prompt."""

from pathlib import Path

from answer_worker import AnswerJob, Said, serve_answers
from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.llms.openai_like import OpenAILike
from peer_llamaindex import nodes_of, passages_of, until
from worker import Passage

CONTEXT_TOKENS = 8192


class LlamaIndexAnswers:
    """The index in memory; the language model is told to be a chat model with its whole window."""

    packages = ("llama-index-core", "llama-index-embeddings-huggingface", "llama-index-llms-openai-like")

    def __init__(self, job: AnswerJob) -> None:
        self._job = job
        self._embeddings = HuggingFaceEmbedding(model_name=job.model)

    def chain(self) -> "LlamaIndexChain":
        """Return the chain."""
        folder = self._job.index(self._make)
        stored = StorageContext.from_defaults(persist_dir=str(folder))
        index = load_index_from_storage(stored, embed_model=self._embeddings)
        model = OpenAILike(
            model=self._job.model_name,
            api_base=self._job.model_url,
            api_key=self._job.model_key,
            is_chat_model=True,
            context_window=CONTEXT_TOKENS,
            temperature=0,
            max_tokens=self._job.max_tokens,
            timeout=self._job.timeout_s,
            max_retries=0,
        )
        return LlamaIndexChain(index, model)

    def _make(self, folder: Path) -> None:
        index = VectorStoreIndex(nodes_of(self._job.articles), embed_model=self._embeddings)
        index.storage_context.persist(persist_dir=str(folder))


class LlamaIndexChain:
    """The query engine over an index."""

    name = "LlamaIndex, query engine"

    def __init__(self, index: VectorStoreIndex, model: OpenAILike) -> None:
        self._index = index
        self._model = model

    def passages(self, question: str) -> list[Passage]:
        """Return those that the retriever gives unfiltered."""
        return passages_of(self._index.as_retriever().retrieve(question))

    def answer(self, question: str, as_of: str | None) -> Said:
        """Return the answer; the source nodes come back with it."""
        found = self._index.as_query_engine(llm=self._model, filters=until(as_of)).query(question)
        return Said(str(found), passages_of(found.source_nodes), [])


if __name__ == "__main__":
    serve_answers(LlamaIndexAnswers)
