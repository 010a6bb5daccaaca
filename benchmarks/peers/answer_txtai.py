"""txtai's RAG pipeline with the template of its documentation: three paragraphs of a hybrid index."""

from pathlib import Path
from typing import Any

from answer_worker import AnswerJob, Said, serve_answers
from peer_txtai import new_embeddings, rows_of, search_over
from txtai import RAG, Embeddings
from worker import Passage, Search

TEMPLATE = """
  Answer the following question using the provided context.

  Question:
  {question}

  Context:
  {context}
"""
CONTEXT = 3
"""The pipeline's default."""


class TxtaiAnswers:
    """The language model is called through LiteLLM, as txtai does with hosted ones."""

    packages = ("txtai", "litellm", "faiss-cpu")

    def __init__(self, job: AnswerJob) -> None:
        self._job = job

    def chain(self) -> "TxtaiChain":
        """Return the chain."""
        embeddings = new_embeddings(self._job.model)
        embeddings.load(str(self._job.index(self._make)))
        return TxtaiChain(embeddings, self._job)

    def _make(self, folder: Path) -> None:
        embeddings: Embeddings = new_embeddings(self._job.model)
        embeddings.index(rows_of(self._job.articles))
        embeddings.save(str(folder))


class TxtaiChain:
    """The pipeline over a search of its own, which keeps what it found and takes the day as a filter."""

    name = "txtai, RAG pipeline"

    def __init__(self, embeddings: Embeddings, job: AnswerJob) -> None:
        self._search: Search = search_over(embeddings)
        self._found: list[Passage] = []
        self._as_of: str | None = None
        self._max_tokens = job.max_tokens
        self._rag = RAG(
            self._retrieve,
            f"openai/{job.model_name}",
            template=TEMPLATE,
            output="flatten",
            api_base=job.model_url,
            api_key=job.model_key,
            temperature=0,
            timeout=job.timeout_s,
            num_retries=0,
        )

    def passages(self, question: str) -> list[Passage]:
        """Return those that the search gives unfiltered."""
        return self._search(question, None, CONTEXT)

    def answer(self, question: str, as_of: str | None) -> Said:
        """Return the answer."""
        self._as_of = as_of
        answer = self._rag(question, maxlength=self._max_tokens, defaultrole="user")
        return Said(answer, self._found, [])

    def _retrieve(self, queries: list[str], limit: int) -> list[list[dict[str, Any]]]:
        self._found = self._search(queries[0], self._as_of, limit)
        best = [(text, float(limit - at)) for at, (_, text) in enumerate(self._found)]
        return [[{"id": str(at), "text": text, "score": score} for at, (text, score) in enumerate(best)]]


if __name__ == "__main__":
    serve_answers(TxtaiAnswers)
