"""`dateline eval`: a data set's articles indexed in a cache, its questions asked, and measured."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.adapters.embedders import load_embedder
from index.archive import Archive
from index.embedding import Embedder
from index.errors import ReadError
from rag.config import Settings
from rag.evaluate.asking import Examiner
from rag.evaluate.beir import open_dataset
from rag.evaluate.cache import IndexCache, Reading, read_all
from rag.evaluate.compare import Comparison, compare
from rag.evaluate.dataset import Dataset, EvalQuestion
from rag.evaluate.judging import Judge, judged_of, load_judge
from rag.evaluate.measures import groups_of_results, measures_of, percentiles_of
from rag.evaluate.report import EvalReport, written_of
from rag.evaluate.results import QuestionResult
from rag.evaluate.risk import risk_coverage
from rag.evaluate.selection import check_shown
from rag.generate import ChatModel
from rag.question import MAX_QUESTION_CHARACTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalProgress:
    """How far a stage of an evaluation is: `done` of `total` (None: unknown), `seconds` after its start."""

    stage: str
    done: int
    total: int | None
    seconds: float = 0.0

    @property
    def seconds_left(self) -> float | None:
        """About how long the stage will go on; None where that cannot be told."""
        if not self.total or not self.done or self.seconds <= 0:
            return None
        return self.seconds / self.done * max(self.total - self.done, 0)


EvalListener = Callable[[EvalProgress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalOptions:
    """What to ask, and how.

    `limit` takes the first questions; `split` names judgements; `sentences` are chosen as for an answer,
    which takes most of the time of a search; `fresh` makes the index anew; `show` is what the caller will
    look at, checked before anything is done; `seed` is that of the resampling.
    """

    limit: int | None = None
    split: str | None = None
    retrieval_only: bool = False
    sentences: bool = True
    fresh: bool = False
    show: str | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """A configuration to measure: what to call it, and its models where they are not made from it."""

    settings: Settings
    name: str = "this"
    embedder: Embedder | None = None
    model: ChatModel | None = None
    judge: ChatModel | None = None


def measure(
    path: Path, setup: Setup, options: EvalOptions, *, progress: EvalListener | None = None
) -> EvalReport:
    """Index the articles of the data set in `path` (once, in a cache), ask its questions, measure.

    Raises:
        ReadError: where the folder is no data set, or there is nothing in it to measure.
        QuestionError: where no question is what `options.show` asks for.
    """
    run = _Run(path, options, progress or (lambda _: None), compared=False)
    with _judging(setup, options) as judge:
        return run.of(setup, judge)


def measure_both(
    path: Path, this: Setup, other: Setup, options: EvalOptions, *, progress: EvalListener | None = None
) -> Comparison:
    """Measure two configurations on the same questions and compare them.

    Where both make the same index it is made once. The judge of `this` judges both.

    Raises:
        ReadError: where the folder is no data set, or there is nothing in it to measure.
        QuestionError: where no question is what `options.show` asks for.
    """
    run = _Run(path, options, progress or (lambda _: None), compared=True)
    with _judging(this, options) as judge:
        first, second = run.of(this, judge), run.of(other, judge)
    return compare(first, second, names=(this.name, other.name), seed=options.seed)


class _Run:
    """One data set, read and checked."""

    def __init__(self, path: Path, options: EvalOptions, listen: EvalListener, *, compared: bool) -> None:
        self._options = options
        self._listen = listen
        self._dataset = open_dataset(path, split=options.split)
        self._questions = self._dataset.questions()[: options.limit]
        _check_questions(self._questions, path, options)
        check_shown(options.show, self._questions, compared=compared)
        self._reading = self._read(path)
        self._cleared: set[Path] = set()

    def of(self, setup: Setup, judging: ChatModel | None) -> EvalReport:
        """Return the report of one configuration."""
        judge = Judge(judging) if judging else None
        embedder = setup.embedder or load_embedder(setup.settings.embedding)
        cache = IndexCache(self._dataset, embedder, setup.settings.chunking)
        fresh = self._options.fresh and cache.root not in self._cleared
        self._cleared.add(cache.root)
        tell = self._teller("indexing", len(self._reading.ids))
        seconds = cache.prepare(self._reading, fresh=fresh, progress=tell)
        results = self._ask(cache.root, setup, embedder, judge)
        return self._report(cache.root, setup.settings, seconds, results, judge)

    def _read(self, path: Path) -> Reading:
        tell = self._teller("reading", None)
        tell(0)
        reading = read_all(self._dataset, tell)
        if not reading.ids:
            raise ReadError(f"no article of {str(path)!r} can be read ({reading.skipped:,} were skipped)")
        return reading

    def _ask(self, root: Path, setup: Setup, embedder: Embedder, judge: Judge | None) -> list[QuestionResult]:
        tell = self._teller("asking", len(self._questions))
        results = []
        with Examiner(
            root,
            setup.settings,
            embedder,
            model=setup.model,
            retrieval_only=self._options.retrieval_only,
            sentences=self._options.sentences,
            judge=judge,
        ) as examiner:
            if self._questions:
                examiner.warm_up(self._questions[0].text)
            for done, question in enumerate(self._questions):
                tell(done)
                results.append(examiner.examine(question))
        tell(len(results))
        return results

    def _teller(self, stage: str, total: int | None) -> Callable[[int], None]:
        began = time.monotonic()

        def tell(done: int) -> None:
            spent = time.monotonic() - began
            self._listen(EvalProgress(stage=stage, done=done, total=total, seconds=spent))

        return tell

    def _report(
        self,
        root: Path,
        settings: Settings,
        build_seconds: float,
        results: Sequence[QuestionResult],
        judge: Judge | None,
    ) -> EvalReport:
        info, seed = Archive(root).info(), self._options.seed
        verdicts = [result.reply.verdict for result in results if result.reply and result.reply.verdict]
        return EvalReport(
            dataset=self._dataset.name,
            index=str(root),
            articles=info.articles,
            chunks=info.chunks,
            build_seconds=round(build_seconds, 2),
            questions=len(results),
            answerable=sum(result.question.answerable for result in results),
            judged=sum(bool(result.question.relevant) for result in results),
            seed=seed,
            evidence_tokens=settings.answer.evidence_tokens,
            measures=measures_of(results, seed=seed),
            groups=groups_of_results(results, seed=seed),
            search_ms=percentiles_of([result.looked.timings_ms for result in results]),
            ask_ms=percentiles_of([result.reply.timings_ms for result in results if result.reply]),
            written=written_of(results),
            risk_coverage=risk_coverage(results, threshold=settings.answer.answerable),
            judge=judged_of(judge, verdicts) if judge else None,
            notes=tuple(_notes(self._dataset, self._questions, self._reading)),
            results=tuple(results),
        )


@contextmanager
def _judging(setup: Setup, options: EvalOptions) -> Iterator[ChatModel | None]:
    """Yield the judge of a configuration and close it; None where there is none or nothing is answered."""
    model = setup.judge
    if options.retrieval_only:
        model = None
    elif model is None:
        model = load_judge(setup.settings.evaluate, setup.settings.generate)
    try:
        yield model
    finally:
        if model:
            model.close()


def _check_questions(questions: Sequence[EvalQuestion], path: Path, options: EvalOptions) -> None:
    """Refuse a run that would measure nothing.

    Raises:
        ReadError: where there is no question, or retrieval alone is asked for and none is answerable.
    """
    if not questions and options.limit != 0:
        raise ReadError(
            f"{str(path)!r} has no questions to ask: add some, or name other judgements (--split)"
        )
    if options.retrieval_only and questions and not any(question.answerable for question in questions):
        raise ReadError(
            f"no question of {str(path)!r} is answerable: retrieval is measured on those whose answer "
            "stands in the articles"
        )


def _notes(dataset: Dataset, questions: Sequence[EvalQuestion], reading: Reading) -> list[str]:
    """Return what a reader of the report should know of the data, a sentence each."""
    notes = dataset.notes()
    if reading.skipped:
        notes.append(f"articles left out, since they cannot be read: {reading.skipped:,}")
    named = {article for question in questions for article in question.articles} - reading.ids
    if named:
        notes.append(f"articles that questions name and that are not there: {len(named):,}")
    judged = {article for question in questions for article in question.judged} - reading.ids
    if judged:
        notes.append(
            f"judged articles that are not there: {len(judged):,} (relevant ones count as not found)"
        )
    if long := sum(len(question.text) > MAX_QUESTION_CHARACTERS for question in questions):
        notes.append(f"questions cut to {MAX_QUESTION_CHARACTERS:,} characters: {long:,}")
    if questions and not any(question.answerable for question in questions):
        notes.append("no question is answerable: retrieval is not measured")
    return notes
