"""The engine: an archive, an embedder and a language model behind one small interface."""

import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Unpack

from index.archive import Archive
from index.closing import Closes
from index.embedding import Embedder
from index.errors import ArchiveNotFoundError, DatelineError
from index.snapshot import Snapshot
from rag.answer import Answer, Citation
from rag.answering import Answering
from rag.chronology import Timeline
from rag.citing import Citer
from rag.components import Components
from rag.config import Settings, load_settings
from rag.events import AnswerEvent, Event
from rag.generate import ChatModel
from rag.live import LiveSnapshot
from rag.planned import plan_over
from rag.question import Filters, History, Question
from rag.ranked import Explanation
from rag.rerank import Reranker
from rag.timeline import TimelineMaker

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

QUOTING = "quote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Whether questions can be answered now, and if not, what is wrong and how to mend it."""

    ready: bool
    index_version: str | None
    model: str
    problem: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)


class Engine(Closes):
    """Answers questions from an archive; safe to share between threads, and a context manager.

    `embedder`, `model` and `reranker` are made from the settings unless they are given. Nothing heavy loads
    before the first question, or `warm_up`.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        embedder: Embedder | None = None,
        model: ChatModel | None = None,
        reranker: Reranker | None = None,
        mends: bool = False,
    ) -> None:
        self.settings = settings
        self._mends = mends
        self.archive = Archive(settings.index)
        self._making = threading.RLock()
        self._components = Components(settings, embedder=embedder, model=model, reranker=reranker)
        self._made_live: LiveSnapshot | None = None

    @classmethod
    def open(
        cls,
        index: str | Path | None = None,
        *,
        config: Settings | str | Path | None = None,
        mends: bool = False,
    ) -> Self:
        """Return an engine over the index in the folder `index`, else over the one that `config` names.

        With `mends`, damaged files of the index are written anew from its catalogue when they are met.

        Raises:
            ConfigError: where the configuration cannot be used.
            ArchiveNotFoundError: where the folder holds no index.
        """
        settings = config if isinstance(config, Settings) else load_settings(config, index=index)
        if isinstance(config, Settings) and index is not None:
            settings = config.model_copy(update={"index": Path(index)})
        engine = cls(settings, mends=mends)
        if not engine.archive.exists():
            raise ArchiveNotFoundError(
                f"there is no index in {str(settings.index)!r}: "
                "make one with `dateline index build SOURCE...`"
            )
        engine._components.prepare()
        return engine

    @property
    def model_name(self) -> str:
        """The language model's name, or `quote` where sentences are only quoted."""
        model = self._components.model
        return model.name if model else QUOTING

    def ask(
        self,
        question: str,
        *,
        history: History = (),
        **filters: Unpack[Filters],
    ) -> Answer:
        """Return the answer to a question, or an abstention.

        Raises:
            QuestionError: for a question or filter that cannot be used as given.
            ArchiveError: where the index cannot be opened.
        """
        events = self.stream(question, history=history, **filters)
        answer = next((event.answer for event in events if isinstance(event, AnswerEvent)), None)
        if answer is None:
            raise DatelineError("the question was given up before it was answered")
        return answer

    def stream(
        self,
        question: str,
        *,
        history: History = (),
        **filters: Unpack[Filters],
    ) -> Iterator[Event]:
        """Return the events of answering a question; closing the iterator stops the work.

        A question that cannot be used is refused here, before the first event.

        Raises:
            QuestionError: for a question or filter that cannot be used as given.
            ArchiveError: with the first event, where the index cannot be opened.
        """
        return self._events(Question.parse(question, history=history, **filters))

    def timeline(
        self,
        question: str,
        *,
        history: History = (),
        **filters: Unpack[Filters],
    ) -> Timeline:
        """Return the dated course of the story that a question names, one cited line per event.

        No language model is used.

        Raises:
            QuestionError: for a question or filter that cannot be used as given.
            ArchiveError: where the index cannot be opened.
        """
        asked = Question.parse(question, history=history, **filters)
        with self._live.lease() as snapshot:
            return TimelineMaker(snapshot, self._components.embedder, self.settings).timeline(asked)

    def search(self, query: str, **filters: Unpack[Filters]) -> tuple[Citation, ...]:
        """Return the passages that retrieval finds, best first, numbered from 1.

        Raises:
            QuestionError: for a query or filter that cannot be used as given.
            ArchiveError: where the index cannot be opened.
        """
        return self.explain(query, **filters).passages

    def explain(self, query: str, **filters: Unpack[Filters]) -> Explanation:
        """Return what `search` returns, with how the query was read and what each stage gave each passage.

        Raises:
            QuestionError: for a query or filter that cannot be used as given.
            ArchiveError: where the index cannot be opened.
        """
        question = Question.parse(query, **filters)
        with self._live.lease() as snapshot:
            plan = plan_over(snapshot, question, self.settings.retrieval)
            retriever = self._answering(snapshot, None).retriever
            ranked = retriever.retrieve(plan, plan.question.top_k or self.settings.retrieval.top_k)
            return Explanation(
                plan=plan,
                passages=Citer(snapshot, plan.where).citations(ranked),
                traces=tuple(found.trace for found in ranked),
                left_out=snapshot.left_out(plan.where),
            )

    def as_retriever(self, **filters: Unpack[Filters]) -> "BaseRetriever":
        """Return a LangChain retriever; `filters` are those of `search`."""
        from rag.adapters.langchain_interface import DatelineRetriever

        return DatelineRetriever(engine=self, filters=dict(filters))

    def as_runnable(self) -> "Runnable[Any, Answer]":
        """Return a LangChain runnable from a question, or a dict of `ask`'s arguments, to its Answer."""
        from rag.adapters.langchain_interface import answer_runnable

        return answer_runnable(self)

    def warm_up(self, *, retrieval_only: bool = False) -> None:
        """Load the embedder and open the index now, and start the language model too.

        Raises:
            DatelineError: where one of them cannot be.
        """
        self._components.embedder.embed_query("warm")
        if self._components.reranker:
            self._components.reranker.score("warm", ["warm"])
        self._live.refresh()
        if self._components.model and not retrieval_only:
            self._components.model.warm_up()

    def refresh(self) -> bool:
        """Move to the newest published version, if there is one; return whether there was.

        Raises:
            ArchiveError: where no version can be opened.
        """
        return self._live.refresh()

    def readiness(self) -> Readiness:
        """Return whether questions can be answered; cheap enough to be asked every second."""
        try:
            with self._live.lease() as snapshot:
                return Readiness(ready=True, index_version=snapshot.version, model=self.model_name)
        except DatelineError as error:
            known = self._components.known_model
            name = known.name if known else self.settings.generate.model
            return Readiness(ready=False, index_version=None, model=name, problem=str(error))

    def close(self) -> None:
        """Stop the models and close the index; all of them, whatever one of them raises."""
        try:
            if self._made_live:
                self._made_live.close()
        finally:
            self._components.close()

    def _events(self, question: Question) -> Iterator[Event]:
        with self._live.lease() as snapshot:
            yield from self._answering(snapshot, self._components.model).stream(question)

    def _answering(self, snapshot: Snapshot, model: ChatModel | None) -> Answering:
        parts = self._components
        judge = parts.judge if model else None
        return Answering(snapshot, parts.embedder, model, self.settings, reranker=parts.reranker, judge=judge)

    @property
    def _live(self) -> LiveSnapshot:
        with self._making:
            if self._made_live is None:
                self._made_live = LiveSnapshot(
                    self.archive, self._components.embedder.info, mends=self._mends
                )
            return self._made_live
