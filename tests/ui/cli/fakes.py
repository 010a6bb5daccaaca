"""A backend for the command line whose parts are scripted."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from index.article import Article, Skipped
from index.embedding import EmbedderInfo
from index.errors import ArchiveNotFoundError, ArticleNotFoundError, DatelineError, ModelMissingError
from index.progress import BuildReport, Progress, ProgressListener, Stage
from tests.ui.fake_engine import FakeArchive, FakeEngine
from ui.cli.backend import Backend
from ui.config import AppSettings, ServeConfig

ARTICLE = Article(key="a", title="Ferry strike begins", text="Crews walked out.", url="", source="Courier")
BROKEN = Skipped(origin="bad.json", reason="not JSON")


def report(**changed: Any) -> BuildReport:
    fields: dict[str, Any] = {
        "version": "000001",
        "articles": 1,
        "chunks": 2,
        "added": 1,
        "updated": 0,
        "unchanged": 0,
        "removed": 0,
        "embedded": 2,
        "reused": 0,
        "skipped": (),
        "seconds": 0.5,
        "changed": True,
    }
    return BuildReport(**fields | changed)


class UnitEmbedder:
    info = EmbedderInfo(name="unit", weights_sha256="0" * 64, dimension=2, max_tokens=16)

    def __init__(self, length: float = 1.0) -> None:
        self.length = length

    def embed_query(self, text: str) -> np.ndarray:
        return np.array([self.length, 0.0], dtype=np.float32)

    def embed_documents(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self.embed_query(text) for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


@dataclass(frozen=True)
class Weights:
    distribution: str = "tiny-weights==1.0"
    sha256: str = "ab" * 32
    missing: bool = False

    def verified_path(self) -> Path:
        if self.missing:
            raise ModelMissingError(f"the weights package {self.distribution!r} is not installed: run it")
        return Path("tiny.bin")


@dataclass(frozen=True)
class EvalProgress:
    stage: str
    done: int
    total: int | None


class EvalReport:
    def to_dict(self) -> dict[str, Any]:
        return {"questions": 2, "hit@4": 0.5}

    def rows(self) -> list[tuple[str, str]]:
        return [("questions", "2"), ("hit@4", "0.500")]


class NothingKnown:
    """Stands in for what remembers the files that were read."""

    unchanged = 0

    def acknowledge(self, version: str) -> None:
        return None


@dataclass
class FakeBackend(Backend):
    """Everything answers at once; what was asked of it is kept in `calls` and `opened`."""

    fake_engine: FakeEngine = field(default_factory=FakeEngine)
    fake_archive: Any = field(default_factory=FakeArchive)
    items: Sequence[Article | Skipped] = (ARTICLE,)
    build_report: BuildReport = field(default_factory=report)
    build_error: DatelineError | None = None
    no_index: bool = False
    unexpected: BaseException | None = None
    embedded_first: int = 0
    weights: Sequence[Weights] = (Weights(),)
    query_embedder: UnitEmbedder = field(default_factory=UnitEmbedder)
    sample: tuple[str | None, str] = ("tiny-model", "A bridge.")
    rulings: tuple[str, list[bool | None]] = ("strict-model", [True, False])
    opened: list[AppSettings] = field(default_factory=list)
    calls: list[tuple[Any, ...]] = field(default_factory=list)

    def settings(self, config: Path | None, index: Path | None) -> AppSettings:
        self.opened.append(super().settings(config, index))
        return self.opened[-1]

    def archive(self, settings: AppSettings) -> Any:
        return self.fake_archive

    def engine(self, settings: AppSettings, *, mends: bool = False, may_be_missing: bool = False) -> Any:
        if self.unexpected:
            raise self.unexpected
        if self.no_index and not may_be_missing:
            raise ArchiveNotFoundError("there is no index in 'x' yet: make one with `dateline index build`")
        return self.fake_engine

    def embedder(self, settings: AppSettings) -> Any:
        return self.query_embedder

    def packaged_weights(self) -> Any:
        return self.weights

    def write_sample(self, settings: AppSettings) -> tuple[str | None, str]:
        return self.sample

    def rule_samples(
        self, settings: AppSettings, sentence: str, claims: Sequence[str]
    ) -> tuple[str, list[bool | None]]:
        return self.rulings

    def addition(self, settings: AppSettings, *, conditional: bool) -> Any:
        return NothingKnown()

    def read(
        self, settings: AppSettings, sources: Sequence[str], web: Any, addition: Any
    ) -> Iterator[Article | Skipped]:
        yield from self.items

    def build(
        self,
        settings: AppSettings,
        articles: Iterable[Article | Skipped],
        *,
        mode: Any,
        unchanged: int = 0,
        characters: int | None = None,
        progress: ProgressListener,
    ) -> BuildReport:
        self.calls.append((mode.value, tuple(articles)))
        if self.build_error:
            raise self.build_error
        for stage in (Stage.READ, Stage.EMBED):
            progress(
                Progress(
                    stage=stage, articles=1, chunks=2, embedded=0, skipped=0, total_articles=4, seconds=0.5
                )
            )
        return self.build_report

    def remove(
        self, settings: AppSettings, references: Sequence[str], *, progress: ProgressListener
    ) -> BuildReport:
        self.calls.append(("remove", tuple(references)))
        if "unknown" in references:
            raise ArticleNotFoundError("no article is called 'unknown': see `dateline index list`")
        return self.build_report

    def rebuild(self, settings: AppSettings, *, progress: ProgressListener) -> BuildReport:
        self.calls.append(("rebuild",))
        progress(
            Progress(
                stage=Stage.EMBED,
                articles=1,
                chunks=9,
                embedded=self.embedded_first,
                skipped=0,
                total_articles=4,
                seconds=1,
            )
        )
        if self.unexpected:
            raise self.unexpected
        return self.build_report

    def serve(self, engine: Any, where: ServeConfig, *, on_ready: Callable[[str], None]) -> None:
        self.calls.append(("serve", where.host, where.port))
        on_ready(f"http://{where.host}:{where.port}")
        raise KeyboardInterrupt
