"""The sources of an index, as they are to be kept in step."""

import difflib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from index.errors import ConfigError
from index.readers.sources import is_address
from index.sync.config import SourceConfig, SyncConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A folder, a file or an address.

    `place` is an absolute path, or the address. `name` is what a user calls it. `remove_missing` says
    whether articles go whose file, or record in a file, is gone.
    """

    name: str
    place: str
    remove_missing: bool = False
    interval_s: float = 900.0

    @property
    def is_address(self) -> bool:
        """Whether it is fetched rather than read from the disk."""
        return is_address(self.place)


def sources_of(
    configured: Sequence[SourceConfig],
    sync: SyncConfig,
    *,
    interval_s: float | None = None,
    remove_missing: bool | None = None,
) -> tuple[Source, ...]:
    """Return what is configured with the defaults filled in; what is given here goes before both.

    Raises:
        ConfigError: where a source, or a name, stands there twice.
    """
    found: list[Source] = []
    for one in configured:
        own_removal = sync.remove_missing if one.remove_missing is None else one.remove_missing
        source = Source(
            name=one.name.strip() or one.place,
            place=absolute(one.place),
            remove_missing=own_removal if remove_missing is None else remove_missing,
            interval_s=interval_s or one.interval_s or sync.interval_s,
        )
        for other in found:
            if source.place == other.place or source.name == other.name:
                raise ConfigError(
                    f"`sources` names {source.name!r} twice: leave one out, or give each its own `name`"
                )
        found.append(source)
    return tuple(found)


def choose(sources: Sequence[Source], wanted: Sequence[str]) -> tuple[Source, ...]:
    """Return the sources that are wanted by name or place, in the order of the configuration.

    Raises:
        ConfigError: where one of them is not configured; names the nearest that is.
    """
    chosen: list[Source] = []
    for name in wanted:
        matching = [source for source in sources if name == source.name or absolute(name) == source.place]
        if not matching:
            known = [source.name for source in sources]
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"`sources` has {', '.join(known)}"
            raise ConfigError(f"no source is called {name!r}: {hint}")
        chosen += matching
    return tuple(source for source in sources if source in chosen) if wanted else tuple(sources)


def absolute(place: str) -> str:
    """Return a path from the root on, without resolving links; an address as it is."""
    return place if is_address(place) else os.path.abspath(place)  # noqa: PTH100
