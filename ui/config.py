"""Settings of the whole application: those of `rag`, and how it is served."""

import ipaddress
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from index.config import Section
from rag.config import Settings

Writes = Literal["auto", "on", "off"]
"""Whether articles may be added, removed and rebuilt over HTTP."""


def _worded(value: Any) -> Any:
    """Return what YAML takes `on` and `off` for as the words that they were."""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else value


class ServeConfig(Section):
    """Where `dateline serve` listens, and what may be done there.

    `allowed_hosts` are further names that the server answers to, beside those of this machine:
    the names by which a proxy or other machines reach it, or `*` for any. `writes` says who may change
    the index over HTTP: everybody who reaches the server (`on`), nobody (`off`), or only programs on
    this machine (`auto`: the server listens on a loopback address and answers to no further names).
    """

    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535, description="0 takes any free port")
    allowed_hosts: tuple[str, ...] = ()
    writes: Annotated[Writes, BeforeValidator(_worded)] = "auto"

    @property
    def takes_writes(self) -> bool:
        """Whether the index may be changed over HTTP."""
        return takes_writes(self.writes, self.host, self.allowed_hosts)


def takes_writes(writes: Writes, host: str, allowed_hosts: Collection[str]) -> bool:
    """Return whether a server that listens on `host` lets the index be changed."""
    return writes == "on" or (writes == "auto" and not allowed_hosts and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class AppSettings(Settings):
    """Everything that can be configured."""

    serve: ServeConfig = ServeConfig()


def load_app_settings(config: str | Path | None = None, **overrides: Any) -> AppSettings:
    """Return the settings of the application; `rag.config` says what goes before what.

    Raises:
        ConfigError: one line; an unknown key names the nearest known one.
    """
    return AppSettings.load(config, **overrides)
