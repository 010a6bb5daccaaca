"""Dateline with its defaults, but that its model is at the server that all tools ask."""

import os
from collections.abc import Iterable

from answer_worker import AnswerJob, Said, serve_answers
from worker import Passage

from index.adapters.embedders import load_embedder
from rag.answer import Answer, Citation
from rag.config import Settings
from rag.engine import Engine
from rag.evaluate.beir import open_dataset
from rag.evaluate.cache import IndexCache, read_all
from rag.events import AnswerEvent, PassagesEvent

KEY_VARIABLE = "PEERS_MODEL_KEY"


class DatelineAnswers:
    """The index is that of `dateline eval`, in its cache."""

    packages = ("dateline", "faiss-cpu", "tantivy", "onnxruntime", "xllamacpp")

    def __init__(self, job: AnswerJob) -> None:
        os.environ[KEY_VARIABLE] = job.model_key
        plain = Settings.load()
        model = {
            "model": job.model_name,
            "base_url": job.model_url,
            "api_key_variable": KEY_VARIABLE,
            "capable": False,
            "context_tokens": plain.generate.context_tokens,
        }
        self._embedder = load_embedder(plain.embedding)
        dataset = open_dataset(job.dataset)
        cache = IndexCache(dataset, self._embedder, plain.chunking)
        cache.prepare(read_all(dataset))
        self._settings = Settings.load(index=cache.root, generate={"models": [model, "quote"]})

    def chain(self) -> "DatelineChain":
        """Return the engine, with everything loaded."""
        engine = Engine(self._settings, embedder=self._embedder)
        engine.warm_up()
        return DatelineChain(engine)


class DatelineChain:
    """An engine, asked as a front end does."""

    name = "Dateline"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def passages(self, question: str) -> list[Passage]:
        """Return those that a search as of today gives."""
        return _passages(self._engine.search(question))

    def answer(self, question: str, as_of: str | None) -> Said:
        """Return the answer with its claims; what it shows counts as given, cited or not."""
        given: list[Citation] = []
        answer: Answer | None = None
        for event in self._engine.stream(question, as_of=as_of):
            if isinstance(event, PassagesEvent):
                given += event.passages
            elif isinstance(event, AnswerEvent):
                answer = event.answer
        if answer is None:
            raise RuntimeError(f"the question {question!r} was given up")
        return Said(
            answer.answer,
            _passages([*given, *answer.citations]),
            _passages(sorted(answer.citations, key=lambda citation: citation.n)),
            [(claim.text, list(claim.citations)) for claim in answer.claims],
            answer.abstained,
        )


def _passages(found: Iterable[Citation]) -> list[Passage]:
    return [(citation.article_id, citation.passage) for citation in found]


if __name__ == "__main__":
    serve_answers(DatelineAnswers)
