"""`dateline eval`: a data set's articles indexed in a cache, its questions asked, and measured."""

import hashlib
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from index.adapters.embedders import load_embedder
from index.archive import Archive
from index.article import Article
from index.build import BuildMode, build
from index.chunking import CHUNKER_REVISION
from index.config import ChunkingConfig
from index.embedding import Embedder, EmbedderInfo
from index.manifest import DERIVED_FORM
from index.progress import Progress
from rag.config import Settings
from rag.engine import Engine
from rag.evaluate.dataset import Dataset, EvalQuestion
from rag.evaluate.metrics import contains, hit_at, mean, mrr_at, rank_of_hit
from rag.generate import ChatModel

CUTOFFS = (1, 4, 10)
DEPTH = max(CUTOFFS)
READING_NAME = "reading.sha256"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalProgress:
    """How far an evaluation is: `done` of `total` (None where unknown) in a stage."""

    stage: str
    done: int
    total: int | None


EvalListener = Callable[[EvalProgress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    """What one question gave. `rank` is that of the first passage that answers, from 1."""

    id: str
    question: str
    answerable: bool
    rank: int | None
    search_seconds: float
    answer: str | None = None
    abstained: bool | None = None
    contains: bool | None = None
    model: str | None = None
    ask_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalReport:
    """The measures over all questions, and each question's result.

    hit@k, MRR and `contains` are over the answerable questions. Seconds are wall time.
    """

    dataset: str
    articles: int
    chunks: int
    build_seconds: float
    questions: int
    answerable: int
    hits: dict[int, float]
    mrr: float
    search_seconds: float
    contains: float | None
    abstained: float | None
    abstained_answerable: float | None
    abstained_unanswerable: float | None
    written: float | None
    ask_seconds: float | None
    ask_seconds_median: float | None
    results: tuple[QuestionResult, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form; `hit@1` and so on are names of their own."""
        fields = asdict(self)
        hits = fields.pop("hits")
        results = list(fields.pop("results"))
        return {**fields, **{f"hit@{k}": value for k, value in hits.items()}, "results": results}

    def rows(self) -> list[tuple[str, str]]:
        """Return names and values for a table."""
        rows = [
            ("data set", f"{self.dataset}: {self.articles:,} articles in {self.chunks:,} chunks"),
            ("index", f"{self.build_seconds:.1f} s" if self.build_seconds else "from the cache"),
            ("questions", f"{self.questions} ({self.answerable} answerable)"),
            *((f"hit@{k}", f"{value:.3f}") for k, value in self.hits.items()),
            (f"MRR@{DEPTH}", f"{self.mrr:.3f}"),
            ("seconds per search", f"{self.search_seconds:.3f}"),
        ]
        if self.contains is not None:
            rows += [
                ("contains", f"{self.contains:.3f}"),
                ("abstention, all", _shown(self.abstained)),
                ("abstention, answerable", _shown(self.abstained_answerable)),
                ("abstention, unanswerable", _shown(self.abstained_unanswerable)),
                ("written by the model", _shown(self.written)),
                (
                    "seconds per question",
                    f"{_shown(self.ask_seconds)} (median {_shown(self.ask_seconds_median)})",
                ),
            ]
        return rows


def evaluate_dataset(
    path: Path,
    *,
    settings: Settings,
    limit: int | None = None,
    retrieval_only: bool = False,
    progress: EvalListener | None = None,
    embedder: Embedder | None = None,
    model: ChatModel | None = None,
) -> EvalReport:
    """Index the articles of the data set in `path` (once, in a cache), ask its questions, measure.

    `embedder` and `model` are made from the settings unless they are given.

    Raises:
        ReadError: where the folder is no data set.
    """
    listen = progress or (lambda _: None)
    dataset = Dataset.open(path)
    questions = dataset.questions()[:limit]
    embedder = embedder or load_embedder(settings.embedding)
    root = _cache_folder(dataset, embedder.info, settings.chunking)
    seconds = _build(dataset, root, embedder, settings.chunking, listen)
    results = []
    with Engine(settings.model_copy(update={"index": root}), embedder=embedder, model=model) as engine:
        engine.warm_up(retrieval_only=retrieval_only)
        for done, question in enumerate(questions):
            listen(EvalProgress(stage="asking", done=done, total=len(questions)))
            results.append(_ask(engine, question, retrieval_only=retrieval_only))
        listen(EvalProgress(stage="asking", done=len(questions), total=len(questions)))
    info = Archive(root).info()
    return _report(path.name, info.articles, info.chunks, seconds, results)


def _build(
    dataset: Dataset, root: Path, embedder: Embedder, chunking: ChunkingConfig, listen: EvalListener
) -> float:
    """Build the index where the cache has none of these articles as they are read now.

    What was embedded for an earlier reading of the same texts is used again. Returns the seconds it
    took; 0 where the cache had it.
    """
    read, marker = _reading(dataset), root / READING_NAME
    if Archive(root).exists() and marker.is_file() and marker.read_text(encoding="ascii") == read:
        return 0.0
    marker.unlink(missing_ok=True)

    def forward(progress: Progress) -> None:
        listen(EvalProgress(stage="indexing", done=progress.articles, total=progress.total_articles))

    report = build(
        root,
        dataset.articles(),
        embedder=embedder,
        chunking=chunking,
        mode=BuildMode.REPLACE,
        progress=forward,
    )
    marker.write_text(read, encoding="ascii")
    return report.seconds


def _reading(dataset: Dataset) -> str:
    """Return a digest of all articles as this release reads them, and of the form of its files."""
    digest = hashlib.sha256(f"{DERIVED_FORM}".encode())
    for item in dataset.articles():
        if isinstance(item, Article):
            digest.update(f"{item.id}{item.content_hash}{item.updated}".encode())
    return digest.hexdigest()


def _cache_folder(dataset: Dataset, embedder: EmbedderInfo, chunking: ChunkingConfig) -> Path:
    """Return a folder that belongs to these articles and these settings of the index."""
    recipe = [
        dataset.fingerprint(),
        asdict(embedder),
        chunking.model_dump(),
        CHUNKER_REVISION,
        version("dateline"),
    ]
    key = json.dumps(recipe, sort_keys=True)
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    return user_cache_path("dateline", appauthor=False) / "eval" / digest


def _ask(engine: Engine, question: EvalQuestion, *, retrieval_only: bool) -> QuestionResult:
    began = time.perf_counter()
    passages = engine.search(question.text, as_of=question.as_of, top_k=DEPTH)
    search_seconds = time.perf_counter() - began
    rank = rank_of_hit(passages, question.articles, question.answer)
    result = QuestionResult(
        id=question.id,
        question=question.text,
        answerable=question.answerable,
        rank=rank,
        search_seconds=round(search_seconds, 4),
    )
    if retrieval_only:
        return result
    began = time.perf_counter()
    answer = engine.ask(question.text, as_of=question.as_of)
    return QuestionResult(
        id=result.id,
        question=result.question,
        answerable=result.answerable,
        rank=rank,
        search_seconds=result.search_seconds,
        answer=answer.answer,
        abstained=answer.abstained,
        contains=not answer.abstained
        and contains(" ".join(claim.text for claim in answer.claims), question.answer),
        model=answer.model,
        ask_seconds=round(time.perf_counter() - began, 4),
    )


def _report(
    name: str, articles: int, chunks: int, build_seconds: float, results: Sequence[QuestionResult]
) -> EvalReport:
    answerable = [result for result in results if result.answerable]
    ranks = [result.rank for result in answerable]
    asked = [result for result in results if result.answer is not None]
    seconds = [result.ask_seconds or 0.0 for result in asked]
    return EvalReport(
        dataset=name,
        articles=articles,
        chunks=chunks,
        build_seconds=round(build_seconds, 2),
        questions=len(results),
        answerable=len(answerable),
        hits={k: round(hit_at(ranks, k), 4) for k in CUTOFFS},
        mrr=round(mrr_at(ranks, DEPTH), 4),
        search_seconds=round(mean([result.search_seconds for result in results]), 4),
        contains=_share([bool(result.contains) for result in asked if result.answerable]) if asked else None,
        abstained=_share([bool(result.abstained) for result in asked]),
        abstained_answerable=_share([bool(result.abstained) for result in asked if result.answerable]),
        abstained_unanswerable=_share([bool(result.abstained) for result in asked if not result.answerable]),
        written=_share([result.model != "quote" for result in asked if not result.abstained]),
        ask_seconds=round(mean(seconds), 3) if seconds else None,
        ask_seconds_median=round(statistics.median(seconds), 3) if seconds else None,
        results=tuple(results),
    )


def _share(values: Sequence[bool]) -> float | None:
    return round(mean(values), 4) if values else None


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
