"""Which part of an archive a search may see."""

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Bounds on the date of publication (both inclusive, whole days) and on the outlet.

    `as_of` has each article seen as it stood on that day: not yet, where it was published or took its
    present form later. `undated` says whether articles of unknown date pass; `sources` is empty for
    every outlet, and is compared without regard to case.
    """

    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    sources: tuple[str, ...] = ()
    undated: bool = True

    def until_its_end(self) -> "Filter":
        """Return the filter without its first day and its outlets: all that there was by its last day."""
        return replace(self, since=None, sources=())
