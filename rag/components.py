"""The models of an engine, made from its settings when they are first needed."""

import threading
from contextlib import ExitStack

from index.closing import Closes
from index.embedding import Embedder
from rag.config import Settings
from rag.generate import ChatModel
from rag.judge import ModelJudge
from rag.rerank import Reranker, load_reranker

NO_JUDGE = "none"


class Components(Closes):
    """An embedder, a language model, a reranker and a judge; safe to share between threads.

    Those that are given are used as they are, the others made once, when they are first asked for.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        embedder: Embedder | None = None,
        model: ChatModel | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        self._settings = settings
        self._making = threading.RLock()
        self._embedder = embedder
        self._model = model
        self._reranker = reranker
        self._judge: ModelJudge | None = None

    def prepare(self) -> None:
        """Refuse a name of a language model that cannot be used, before the first question."""
        _ = self.model, self.judge

    @property
    def known_model(self) -> ChatModel | None:
        """The language model, if it has been made."""
        return self._model

    def close(self) -> None:
        """Stop the language model and the judge; both, whatever one of them raises."""
        with ExitStack() as stack:
            if self._judge:
                stack.callback(self._judge.model.close)
            if self._model:
                stack.callback(self._model.close)

    @property
    def reranker(self) -> Reranker | None:
        """The model that ranks passages again; None where the settings name none."""
        with self._making:
            if self._reranker is None:
                self._reranker = load_reranker(self._settings.rerank)
            return self._reranker

    @property
    def embedder(self) -> Embedder:
        """The model that turns texts into vectors."""
        with self._making:
            if self._embedder is None:
                from index.adapters.embedders import load_embedder

                self._embedder = load_embedder(self._settings.embedding)
            return self._embedder

    @property
    def judge(self) -> ModelJudge | None:
        """The model that settles what the verifier cannot; None where the settings name none."""
        with self._making:
            if self._judge is None and self._settings.answer.judge != NO_JUDGE:
                from rag.adapters.chat_models import load_judge

                self._judge = load_judge(self._settings.answer, self._settings.generate)
            return self._judge

    @property
    def model(self) -> ChatModel | None:
        """The language model; None where sentences are only quoted."""
        with self._making:
            if self._model is None:
                from rag.adapters.chat_models import load_chat_model

                self._model = load_chat_model(self._settings.generate)
            return self._model
