"""Haystack's first pipeline with retrieval: the ten nearest parts in the prompt of its tutorial."""

from pathlib import Path
from typing import Any

from answer_worker import AnswerJob, Said, serve_answers
from haystack import Pipeline
from haystack.components.builders import ChatPromptBuilder
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.dataclasses import ChatMessage
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import Secret
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from peer_haystack import parts_of, passages_of, until
from worker import Passage

PROMPT = """
Given the following information, answer the question.

Context:
{% for document in documents %}
    {{ document.content }}
{% endfor %}

Question: {{question}}
Answer:
"""
STORE_NAME = "store.json"


class HaystackAnswers:
    """The tutorial's parts: embedder, retriever, prompt builder, generator."""

    packages = ("haystack-ai", "sentence-transformers-haystack")

    def __init__(self, job: AnswerJob) -> None:
        self._job = job
        self._asker = SentenceTransformersTextEmbedder(model=job.model, progress_bar=False)

    def chain(self) -> "HaystackChain":
        """Return the chain."""
        folder = self._job.index(self._make)
        retriever = InMemoryEmbeddingRetriever(InMemoryDocumentStore.load_from_disk(str(folder / STORE_NAME)))
        model = OpenAIChatGenerator(
            model=self._job.model_name,
            api_base_url=self._job.model_url,
            api_key=Secret.from_token(self._job.model_key),
            generation_kwargs={"temperature": 0, "max_tokens": self._job.max_tokens},
            timeout=self._job.timeout_s,
            max_retries=0,
        )
        prompt = ChatPromptBuilder(template=[ChatMessage.from_user(PROMPT)], required_variables="*")
        whole = Pipeline()
        for name, part in (("text", self._asker), ("found", retriever), ("prompt", prompt), ("llm", model)):
            whole.add_component(name, part)
        whole.connect("text.embedding", "found.query_embedding")
        whole.connect("found", "prompt")
        whole.connect("prompt.prompt", "llm.messages")
        return HaystackChain(whole, self._asker, retriever)

    def _make(self, folder: Path) -> None:
        writer = SentenceTransformersDocumentEmbedder(model=self._job.model, progress_bar=False)
        store = InMemoryDocumentStore()
        store.write_documents(writer.run(documents=parts_of(self._job.articles))["documents"])
        store.save_to_disk(str(folder / STORE_NAME))


class HaystackChain:
    """The pipeline; the filter is that of its retriever."""

    name = "Haystack, first RAG pipeline"

    def __init__(
        self, whole: Pipeline, asker: SentenceTransformersTextEmbedder, retriever: InMemoryEmbeddingRetriever
    ) -> None:
        self._whole = whole
        self._asker = asker
        self._retriever = retriever

    def passages(self, question: str) -> list[Passage]:
        """Return those that the retriever gives unfiltered."""
        vector = self._asker.run(text=question)["embedding"]
        return passages_of(self._retriever.run(query_embedding=vector)["documents"])

    def answer(self, question: str, as_of: str | None) -> Said:
        """Return the answer."""
        data: dict[str, Any] = {"text": {"text": question}, "prompt": {"question": question}}
        if as_of is not None:
            data["found"] = {"filters": until(as_of)}
        given = self._whole.run(data, include_outputs_from={"found"})
        answer = given["llm"]["replies"][0].text or ""
        return Said(answer, passages_of(given["found"]["documents"]), [])


if __name__ == "__main__":
    serve_answers(HaystackAnswers)
