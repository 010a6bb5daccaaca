"""What a pass over the sources did."""

from dataclasses import asdict, dataclass
from typing import Any

from index.article import Skipped

TOTALS = ("added", "updated", "unchanged", "removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a source could not be read, or not to its end.

    `next_try` is the time (ISO 8601 in UTC) before which it is not asked again, None where the next pass
    does. `tried` is False where the failure is an earlier one and its time has not come.
    """

    reason: str
    next_try: str | None = None
    tried: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """What became of one source.

    The counts are of articles. `unchanged` are those that were read and are as they were, and those of
    files and entries that were not read because they did not change. `skipped` are the inputs that gave
    no article in this pass; `skipped_before` counts those that gave none before and did not change, and
    `known_skips` are some of them. `kept` says which articles stay though their files seem to be gone.
    """

    name: str
    source: str
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: tuple[Skipped, ...] = ()
    skipped_before: int = 0
    known_skips: tuple[Skipped, ...] = ()
    kept: str | None = None
    failed: Failure | None = None
    seconds: float = 0.0

    @property
    def changed(self) -> bool:
        """Whether the index is another one now."""
        return bool(self.added or self.updated or self.removed)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self) | {
            "skipped": [asdict(item) for item in self.skipped],
            "known_skips": [asdict(item) for item in self.known_skips],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PassReport:
    """What became of all sources; `version` is the live one, None where there is no index yet."""

    sources: tuple[SourceReport, ...]
    version: str | None
    articles: int
    seconds: float

    @property
    def changed(self) -> bool:
        """Whether the index is another one now."""
        return any(source.changed for source in self.sources)

    @property
    def failed(self) -> bool:
        """Whether every source failed."""
        return bool(self.sources) and all(source.failed for source in self.sources)

    @property
    def eventful(self) -> bool:
        """Whether there is something to tell: a change, a failure, or something skipped."""
        return self.changed or any(source.failed or source.skipped or source.kept for source in self.sources)

    def totals(self) -> dict[str, int]:
        """Return the counts of all sources together."""
        counts = {name: sum(int(getattr(source, name)) for source in self.sources) for name in TOTALS}
        return counts | {
            "skipped": sum(len(source.skipped) for source in self.sources),
            "failed": sum(source.failed is not None for source in self.sources),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "version": self.version,
            "articles": self.articles,
            "changed": self.changed,
            "seconds": self.seconds,
            "totals": self.totals(),
            "sources": [source.to_dict() for source in self.sources],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePlan:
    """What a pass would do with one source, as far as it can be known without reading it.

    `new`, `changed` and `gone` are files; `unchanged` counts them; `removed` counts the articles of files
    that are gone which would be removed. An address would only be asked (`asks`).
    """

    name: str
    source: str
    asks: bool = False
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0
    gone: tuple[str, ...] = ()
    removed: int = 0
    kept: str | None = None
    failed: Failure | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a pass would do."""

    sources: tuple[SourcePlan, ...]
    version: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "dry_run": True,
            "version": self.version,
            "sources": [source.to_dict() for source in self.sources],
        }
