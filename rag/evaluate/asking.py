"""Asks one question of an index: what is found, what is chosen for the model, what is answered."""

import time
from collections.abc import Sequence
from pathlib import Path

from index.archive import Archive
from index.closing import Closes
from index.embedding import Embedder
from index.errors import DatelineError
from rag.answer import Answer, Citation
from rag.answering import Answering
from rag.citing import Citer
from rag.config import Settings
from rag.engine import Engine
from rag.evaluate.answers import cited_rightly, cited_sentences, text_of, token_f1
from rag.evaluate.breakdown import groups_of
from rag.evaluate.dataset import EvalQuestion
from rag.evaluate.judging import Judge
from rag.evaluate.leaks import Titles, leaks_of
from rag.evaluate.metrics import CUTOFFS, contains, hits
from rag.evaluate.results import JudgedPassage, Looked, QuestionResult, Reply
from rag.evaluate.scoring import first_hit, scores_of
from rag.events import AnswerEvent, PassagesEvent, TokenEvent
from rag.evidence import Evidence
from rag.generate import ChatModel
from rag.plan import plans_of_parts
from rag.planned import plan_over
from rag.question import MAX_QUESTION_CHARACTERS, Question
from rag.rerank import load_reranker

DEPTH = max(CUTOFFS)
JUDGED_DEPTH = 2 * DEPTH
"""Passages where articles are judged: an article may have several, and counts once."""


class Examiner(Closes):
    """Asks questions of the index at `root` as the settings say; a context manager.

    `model` is made from the settings unless it is given; with `retrieval_only` there is none. Without
    `sentences` none are chosen from the passages. A `judge` is put every answer.
    """

    def __init__(
        self,
        root: Path,
        settings: Settings,
        embedder: Embedder,
        *,
        model: ChatModel | None = None,
        retrieval_only: bool = False,
        sentences: bool = True,
        judge: Judge | None = None,
    ) -> None:
        self._sentences = sentences
        self._judge = judge
        self.settings = settings.model_copy(update={"index": root})
        self._snapshot = Archive(root).open(embedder=embedder.info)
        self._answering = Answering(
            self._snapshot, embedder, None, self.settings, reranker=load_reranker(settings.rerank)
        )
        self._engine = None if retrieval_only else Engine(self.settings, embedder=embedder, model=model)
        self._titles = Titles.of(() if retrieval_only else Archive(root).list_articles())

    def warm_up(self, text: str) -> None:
        """Load what is loaded on first use, so that no measured question pays for it."""
        self._search(EvalQuestion(id="", text=text))
        if self._engine:
            self._engine.warm_up()

    def examine(self, question: EvalQuestion) -> QuestionResult:
        """Return what the question gave."""
        looked = self._search(question)
        rank = first_hit(looked.passages)
        reply = self._ask(question, self._engine) if self._engine else None
        return QuestionResult(
            question=question,
            looked=looked,
            rank=rank,
            groups=groups_of(question),
            scores=scores_of(question, looked, rank, reply),
            reply=reply,
        )

    def _search(self, question: EvalQuestion) -> Looked:
        """Search as an answer does, timed, and once more as deep as is measured."""
        asked = Question.parse(question.text[:MAX_QUESTION_CHARACTERS], as_of=question.as_of)
        began = time.perf_counter()
        plan = plan_over(self._snapshot, asked, self.settings.retrieval)
        citer = Citer(self._snapshot, plan.where)
        planned = time.perf_counter()
        given = self._answering.retriever.retrieve(plan, self.settings.retrieval.top_k)
        retrieved = time.perf_counter()
        citer.citations(given)
        cited = time.perf_counter()
        spent = {
            "plan": planned - began,
            "retrieve": retrieved - planned,
            "cite": cited - retrieved,
            "search": cited - began,
        }
        deep = self._answering.retriever.retrieve(plan, JUDGED_DEPTH if question.judged else DEPTH)
        evidence = None
        if self._sentences and self._is_chosen_from(question):
            began = time.perf_counter()
            evidence = [self._answering.selector.select(part, given) for part in plans_of_parts(plan)]
            spent["evidence"] = time.perf_counter() - began
        return Looked(
            passages=judge(question, citer.citations(deep)),
            sentences=_texts(evidence) if evidence and question.answerable else None,
            answerable=max(one.answerable for one in evidence) if evidence else None,
            timings_ms={name: seconds * 1000 for name, seconds in spent.items()},
        )

    def _is_chosen_from(self, question: EvalQuestion) -> bool:
        """Whether sentences are chosen: an answer may stand in them, or be refused for want of any."""
        return not question.by_judgement and (question.answerable or self._engine is not None)

    def _ask(self, question: EvalQuestion, engine: Engine) -> Reply:
        """Ask as a front end does, which shows each word as it comes."""
        began = time.perf_counter()
        first: float | None = None
        passages: tuple[Citation, ...] = ()
        answer: Answer | None = None
        for event in engine.stream(question.text[:MAX_QUESTION_CHARACTERS], as_of=question.as_of):
            if isinstance(event, TokenEvent) and first is None and event.text.strip():
                first = time.perf_counter() - began
            elif isinstance(event, PassagesEvent):
                passages = event.passages
            elif isinstance(event, AnswerEvent):
                answer = event.answer
        if answer is None:
            raise DatelineError(f"the question {question.id!r} was given up before it was answered")
        return self._reply(question, answer, passages, first, time.perf_counter() - began)

    def _reply(
        self,
        question: EvalQuestion,
        answer: Answer,
        passages: Sequence[Citation],
        first: float | None,
        seconds: float,
    ) -> Reply:
        said = text_of(answer)
        return Reply(
            answer=answer.answer,
            abstained=answer.abstained,
            contains=contains(said, question.answer),
            f1=token_f1(said, question.answer),
            citations=cited_rightly(answer),
            sentences=cited_sentences(answer),
            leaks=tuple(leaks_of(answer, passages, self._titles)),
            model=answer.model,
            first_word_seconds=first,
            seconds=seconds,
            timings_ms=answer.timings_ms,
            verdict=self._judge.verdict(question, answer) if self._judge else None,
        )

    def close(self) -> None:
        """Close the index, and stop the language model."""
        if self._engine:
            self._engine.close()
        self._snapshot.close()


def _texts(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Return the sentences that an answer would be made of."""
    return tuple(dict.fromkeys(sentence.text for one in evidence for sentence in one.sentences))


def judge(question: EvalQuestion, passages: Sequence[Citation]) -> tuple[JudgedPassage, ...]:
    """Return the passages, but hidden ones, with their ranks and whether each is a hit."""
    shown = [passage for passage in passages if passage.article_id not in question.hidden]
    places: dict[str, int] = {}
    judged = []
    for number, passage in enumerate(shown, start=1):
        place = places.setdefault(passage.article_id, len(places) + 1)
        grade = question.judged.get(passage.article_id)
        judged.append(
            JudgedPassage(
                citation=passage,
                rank=place if question.by_judgement else number,
                hit=(grade or 0) > 0
                if question.by_judgement
                else hits(passage, question.articles, question.answer),
                answers=contains(passage.passage, question.answer),
                grade=grade,
            )
        )
    return tuple(judged)
