"""Settings of `dateline index sync`."""

import os
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from index.config import Section

PLACES = ("folder", "file", "feed", "sitemap", "url")
LEAST_INTERVAL_S = 10.0


class SourceConfig(Section):
    """Something that the index is kept in step with: a folder, a file, or the address of any page.

    It is named by one of `folder`, `file`, `feed`, `sitemap` and `url`, which all mean the same, or it is
    that name alone in place of the section. `name` is what reports call it. What is null is as in `sync`.
    """

    folder: str | None = None
    file: str | None = None
    feed: str | None = None
    sitemap: str | None = None
    url: str | None = None
    name: str = ""
    remove_missing: bool | None = None
    interval_s: float | None = Field(default=None, ge=LEAST_INTERVAL_S)

    @model_validator(mode="before")
    @classmethod
    def _named_alone(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"url": value}
        if not isinstance(value, Mapping | cls):
            message = "write a path, an address, or a section with one of them"
            raise ValueError(message)  # noqa: TRY004 - pydantic reports it as a value that cannot be
        return value

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        given = [place for place in self._places() if place is not None]
        if len(given) != 1 or not given[0].strip():
            raise ValueError(f"name one source with one of {', '.join(PLACES)}")
        return self

    @property
    def place(self) -> str:
        """The path or address as it is written, with `~` for the home folder resolved."""
        written = next(place for place in self._places() if place is not None).strip()
        return os.path.expanduser(written)  # noqa: PTH111 - it may be an address

    def _places(self) -> tuple[str | None, ...]:
        return (self.folder, self.file, self.feed, self.sitemap, self.url)


def _listed(value: Any) -> Any:
    if isinstance(value, str | Mapping):
        return (value,)
    if value is not None and not isinstance(value, list | tuple):
        raise ValueError("write a list of paths and addresses")
    return value or ()


SourceList = Annotated[tuple[SourceConfig, ...], BeforeValidator(_listed)]
"""A list of sources; one alone may stand without a list."""


class SyncConfig(Section):
    """How sources are kept in step.

    With `--watch` each is looked at every `interval_s` seconds. `remove_missing` removes the articles of
    files that are gone from a folder. What was read is stored once `batch_articles` articles have come
    together, or reading has taken `batch_s` seconds: an interruption loses no more than that.
    """

    interval_s: float = Field(default=900, ge=LEAST_INTERVAL_S)
    remove_missing: bool = False
    batch_articles: int = Field(default=2_000, ge=1)
    batch_s: float = Field(default=120, gt=0)
