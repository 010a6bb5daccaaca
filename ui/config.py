"""Settings of the whole application: those of `rag`, and how it is served."""

from pathlib import Path
from typing import Any

from pydantic import Field

from index.config import Section
from rag.config import Settings


class ServeConfig(Section):
    """Where `dateline serve` listens.

    `allowed_hosts` are further names that the server answers to, beside those of this machine:
    the names by which a proxy or other machines reach it, or `*` for any.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535, description="0 takes any free port")
    allowed_hosts: tuple[str, ...] = ()


class AppSettings(Settings):
    """Everything that can be configured."""

    serve: ServeConfig = ServeConfig()


def load_app_settings(config: str | Path | None = None, **overrides: Any) -> AppSettings:
    """Return the settings of the application; `rag.config` says what goes before what.

    Raises:
        ConfigError: one line; an unknown key names the nearest known one.
    """
    return AppSettings.load(config, **overrides)
