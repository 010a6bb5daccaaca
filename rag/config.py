"""Settings: defaults < YAML file < `DATELINE_…` environment < what the caller gives.

Nested settings are named in the environment with two underscores: `DATELINE_RETRIEVAL__TOP_K=5`.
"""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

import yaml
from pydantic import (
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from index.config import ChunkingConfig, EmbeddingConfig, ReadingConfig, Section
from index.errors import ConfigError
from index.fetch.config import FetchConfig
from index.sync.config import SourceList, SyncConfig

FRONT_END_SECTIONS = frozenset({"serve"})
ENV_PREFIX = "DATELINE_"
OTHER_VARIABLES = frozenset({"debug"})  # read by the command line
SECRET_KEYS = frozenset({"api_key"})

Fusion = Literal["score", "rank"]


class RetrievalConfig(Section):
    """How passages are found and ranked.

    `candidates` is how many chunks each search gives to the ranking. A passage's score is the sum of
    its signals (`rag.signals`), each times its weight: of both searches by score or by rank (`fusion`,
    `rrf_k`), the share of the question's words that it holds, the nearness of its date (a factor e
    every `recency_days`), whether it lies in the period that the question names, whether it opens its
    article, and whether it holds what the question quotes. `diversity` is what a passage loses that
    says the same as one before it; `per_article` and `per_outlet` (0: any number) bound what one of
    them gives to a result; `passage_words` is the length to which a passage grows by its neighbouring
    sentences. With `decomposition` the parts of a question ("When … and who …?", "Which is larger, … or …?")
    are searched for and answered one by one.
    """

    top_k: int = Field(default=8, ge=1, le=100)
    candidates: int = Field(default=100, ge=1, le=1000)
    fusion: Fusion = "score"
    rrf_k: int = Field(default=60, ge=1)
    dense_weight: float = Field(default=0.5, ge=0)
    lexical_weight: float = Field(default=0.25, ge=0)
    coverage_weight: float = Field(default=6.5, ge=0)
    recency_weight: float = Field(default=2.5, ge=0)
    recency_days: float = Field(default=30.0, gt=0)
    period_weight: float = Field(default=1.2, ge=0)
    opening_weight: float = Field(default=0.9, ge=0)
    quoted_weight: float = Field(default=1.0, ge=0)
    diversity: float = Field(default=0.0, ge=0)
    per_article: int = Field(default=3, ge=1)
    per_outlet: int = Field(default=0, ge=0)
    passage_words: int = Field(default=220, ge=1, le=2000)
    decomposition: bool = True

    @model_validator(mode="after")
    def _some_search_counts(self) -> Self:
        if not self.dense_weight + self.lexical_weight:
            raise ValueError("dense_weight or lexical_weight must be above 0")
        return self


class RerankConfig(Section):
    """A model that reads question and passage together and ranks the first passages anew.

    `model` is `none`, or a cross-encoder's name or folder as sentence-transformers loads it. It reads
    the first `candidates` passages, at most `max_tokens` of question and passage together; its score
    counts `weight` times.
    """

    model: str = "none"
    candidates: int = Field(default=20, ge=1, le=200)
    weight: float = Field(default=1.0, gt=0)
    max_tokens: int = Field(default=320, ge=32, le=8192)
    batch_size: int = Field(default=16, ge=1, le=256)


class ModelEntry(Section):
    """One model of `generate.models`; a name alone stands for an entry with that `model`.

    `model` and `base_url` are as in `GenerateConfig`. `api_key_variable` is the environment variable
    that holds its key. `capable` says whether it follows instructions well enough for the longer
    prompt, by default every model but the embedded one. `timeout_s` bounds its whole answer, and
    `context_tokens` is its window, where that is known.
    """

    model: str
    base_url: str | None = None
    api_key_variable: str | None = None
    capable: bool | None = None
    timeout_s: float | None = Field(default=None, gt=0)
    context_tokens: int | None = Field(default=None, ge=512)


def _as_entry(given: object) -> object:
    return {"model": given} if isinstance(given, str) else given


class GenerateConfig(Section):
    """Which language model writes, and within what limits.

    `model` is `embedded` (the packaged one), `none` (sentences are quoted), or `provider:name` as
    LangChain's `init_chat_model` takes it. `base_url` points to any server that speaks the OpenAI
    protocol. The key comes from the environment only: `DATELINE_GENERATE__API_KEY`.

    `models`, where it is not empty, takes the place of `model`, `base_url` and `api_key`: each is
    asked where those before it fail, and `quote` at the end has sentences quoted where all fail.

    `connect_timeout_s` bounds the connecting, `first_token_s` the wait for the first piece of a server
    elsewhere and for each further one, `timeout_s` the whole text. `retries` is how often a refusal
    that may pass is tried again. With `structured` a server of the OpenAI protocol is asked for claims as
    JSON of a fixed form, each with the number of its sentence; one that refuses that is asked for plain text.
    """

    model: str = "embedded"
    base_url: str | None = None
    api_key: SecretStr | None = None
    models: tuple[Annotated[ModelEntry, BeforeValidator(_as_entry)], ...] = ()
    max_tokens: int = Field(default=120, ge=1, le=32_768)
    temperature: float = Field(default=0.0, ge=0, le=2)
    connect_timeout_s: float = Field(default=5.0, gt=0)
    first_token_s: float = Field(default=30.0, gt=0)
    timeout_s: float = Field(default=60.0, gt=0)
    retries: int = Field(default=2, ge=0, le=10)
    structured: bool = True
    context_tokens: int = Field(default=2048, ge=512, description="window of the embedded model")
    threads: int = Field(default=0, ge=0, le=256, description="of the embedded model; 0 leaves one core free")


class AnswerConfig(Section):
    """How an answer is made from passages.

    `sentences` are chosen from the passages within `evidence_tokens`; `answerable` is the least
    evidence (0 to 1) on which a question is answered; `support` the least at which a written
    sentence counts as supported; `quotes` how many sentences are quoted where nothing was written.

    `judge` is `none`, or a stronger model, named as in `GenerateConfig`, that is asked where a sentence's
    names, numbers, dates and quotations hold and its other words fall short of `support`. `judge_base_url`
    is its OpenAI-compatible server, `judge_key_variable` the environment variable that holds its key;
    `judge_timeout_s` bounds one ruling, `judge_max_tokens` its length.
    """

    sentences: int = Field(default=5, ge=1, le=50)
    evidence_tokens: int = Field(default=300, ge=50)
    answerable: float = Field(default=0.35, ge=0, le=1)
    support: float = Field(default=0.9, ge=0, le=1)
    quotes: int = Field(default=2, ge=1, le=10)
    judge: str = "none"
    judge_base_url: str | None = None
    judge_key_variable: str | None = None
    judge_timeout_s: float = Field(default=10.0, gt=0)
    judge_max_tokens: int = Field(default=16, ge=1, le=32_768)


class EvaluateConfig(Section):
    """What an evaluation asks beside what it measures by itself.

    `judge` is `none`, or a strong model, named as in `GenerateConfig`, that says whether answers are right
    and whether their passages support their claims. `judge_base_url` is its OpenAI-compatible server,
    `judge_key_variable` the environment variable that holds its key; `judge_timeout_s` bounds one verdict,
    `judge_max_tokens` its length.
    """

    judge_base_url: str | None = None
    judge: str = "none"
    judge_key_variable: str | None = None
    judge_timeout_s: float = Field(default=60.0, gt=0)
    judge_max_tokens: int = Field(default=16, ge=1, le=32_768)

    @field_validator("judge")
    @classmethod
    def _can_be_asked(cls, judge: str, given: ValidationInfo) -> str:
        """Refuse a name without a provider or a server; the embedded model is too weak to judge."""
        if judge != "none" and ":" not in judge and given.data.get("judge_base_url") is None:
            raise ValueError("write 'none' or 'provider:name', or give its judge_base_url too")
        return judge


class Settings(BaseSettings):
    """Everything that an engine can be told."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix=ENV_PREFIX,
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    index: Path = Path(".dateline")
    embedding: EmbeddingConfig = EmbeddingConfig()
    chunking: ChunkingConfig = ChunkingConfig()
    reading: ReadingConfig = ReadingConfig()
    fetch: FetchConfig = FetchConfig()
    sources: SourceList = ()
    sync: SyncConfig = SyncConfig()
    retrieval: RetrievalConfig = RetrievalConfig()
    rerank: RerankConfig = RerankConfig()
    generate: GenerateConfig = GenerateConfig()
    answer: AnswerConfig = AnswerConfig()
    evaluate: EvaluateConfig = EvaluateConfig()

    @classmethod
    def load(cls, config: str | Path | None = None, **overrides: Any) -> Self:
        """Return the settings of a YAML file, the environment and `overrides` (None is not given).

        Raises:
            ConfigError: where the file cannot be read, a key does not exist or a value cannot be.
        """
        from_file = _read_yaml(Path(config)) if config else {}
        unknown_here = FRONT_END_SECTIONS - cls.model_fields.keys()
        merged: dict[str, Any] = {key: value for key, value in from_file.items() if key not in unknown_here}
        given = {key: value for key, value in overrides.items() if value is not None}
        _refuse_unknown_variables(cls)
        try:
            environment = EnvSettingsSource(cls)()
            return cls(**_merge(_merge(merged, environment), given))
        except ValidationError as exc:
            raise ConfigError(_one_line(exc, cls, config)) from exc
        except ValueError as exc:  # an environment variable that should be JSON and is not
            raise ConfigError(f"the environment holds a setting that cannot be read: {exc}") from exc


def load_settings(config: str | Path | None = None, **overrides: Any) -> Settings:
    """Return `Settings.load(config, **overrides)`."""
    return Settings.load(config, **overrides)


def _refuse_unknown_variables(settings: type[Settings]) -> None:
    """Refuse `DATELINE_…` variables that name no setting: a misspelt one would do nothing."""
    known = {*settings.model_fields, *FRONT_END_SECTIONS, *OTHER_VARIABLES}
    for variable in sorted(os.environ):
        section = variable.removeprefix(ENV_PREFIX).partition("__")[0].lower()
        if variable.startswith(ENV_PREFIX) and section not in known:
            near = difflib.get_close_matches(section, known, n=1)
            hint = (
                f"did you mean {ENV_PREFIX}{near[0].upper()}?"
                if near
                else f"known: {', '.join(sorted(known))}"
            )
            raise ConfigError(f"the environment variable {variable} names no setting: {hint}")


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise ConfigError(f"the configuration {str(path)!r} cannot be read: {exc.strerror or exc}") from exc
    except (yaml.YAMLError, ValueError) as exc:  # ValueError: not UTF-8, or a date such as 2026-13-45
        reason = " ".join(str(exc).split())
        raise ConfigError(f"the configuration {str(path)!r} is not YAML: {reason}") from exc
    if document is None:
        return {}
    if not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        raise ConfigError(
            f"the configuration {str(path)!r} must hold names and values, as configs/default.yaml does"
        )
    for section, values in document.items():
        for key in SECRET_KEYS & (values.keys() if isinstance(values, dict) else set()):
            variable = f"DATELINE_{section}__{key}".upper()
            raise ConfigError(
                f"{path}: {section}.{key} is a secret: leave it out and set {variable} in the environment"
            )
    return document


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with the leaves of `over` laid on it."""
    merged = dict(base)
    for key, value in over.items():
        under = merged.get(key)
        merged[key] = (
            _merge(under, value) if isinstance(under, Mapping) and isinstance(value, Mapping) else value
        )
    return merged


def _one_line(error: ValidationError, settings: type[Settings], config: str | Path | None) -> str:
    """Say the first thing that is wrong, with the nearest key that does exist."""
    first = error.errors()[0]
    location = [str(part) for part in first["loc"]]
    name = ".".join(location)
    origin = f" (in {config} or the environment)" if config else ""
    if first["type"] != "extra_forbidden":
        return f"the setting {name} cannot be {first.get('input')!r}: {first['msg'].lower()}{origin}"
    known = _keys_beside(settings, location)
    near = difflib.get_close_matches(location[-1], known, n=1)
    hint = (
        f"did you mean {'.'.join([*location[:-1], near[0]])}?" if near else f"known here: {', '.join(known)}"
    )
    return f"the setting {name} does not exist{origin}: {hint}"


def _keys_beside(settings: type[Settings], location: list[str]) -> list[str]:
    fields = settings.model_fields
    if len(location) > 1 and location[0] in fields:
        section = fields[location[0]].annotation
        for one in (section, *get_args(section)):  # a section, or a list of them
            if isinstance(one, type) and issubclass(one, Section):
                return sorted(one.model_fields)
    return sorted(fields)
