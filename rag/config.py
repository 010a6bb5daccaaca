"""Settings: defaults < YAML file < `DATELINE_…` environment < what the caller gives.

Nested settings are named in the environment with two underscores: `DATELINE_RETRIEVAL__TOP_K=5`.
"""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self, get_args

import yaml
from pydantic import ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from index.config import ChunkingConfig, EmbeddingConfig, ReadingConfig, Section
from index.errors import ConfigError
from index.fetch.config import FetchConfig
from index.sync.config import SourceList, SyncConfig
from rag.sections import (
    AnswerConfig,
    EvaluateConfig,
    Fusion,
    GenerateConfig,
    ModelEntry,
    RerankConfig,
    RetrievalConfig,
)

__all__ = [
    "AnswerConfig",
    "EvaluateConfig",
    "Fusion",
    "GenerateConfig",
    "ModelEntry",
    "RerankConfig",
    "RetrievalConfig",
    "Settings",
    "load_settings",
]

FRONT_END_SECTIONS = frozenset({"serve"})
ENV_PREFIX = "DATELINE_"
OTHER_VARIABLES = frozenset({"debug"})  # read by the command line
SECRET_KEYS = frozenset({"api_key"})


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
