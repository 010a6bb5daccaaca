"""How much of what was noted with one version of an index holds for the version that is live now."""

from dataclasses import dataclass

from index.errors import ArchiveDamagedError, ArchiveMismatchError
from index.versions import VersionStore, version_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A version as it was when it was live: a number alone may come twice, in an index made anew."""

    number: int
    created: str


NOTHING_YET = Followed(number=0, created="")
"""Stands for the time before the first version."""


def identify(store: VersionStore, version: str) -> Followed:
    """Return what tells a version from another of the same number.

    Raises:
        ArchiveDamagedError: where its manifest is missing or altered.
    """
    return Followed(number=int(version), created=store.manifest(version).created)


def meeting(store: VersionStore, live: int, followed: Followed | None) -> int:
    """Return the newest version that both descend from (or are); 0 where there is none.

    It is `followed` itself where the live version was made out of it, an earlier one where the index was
    set back to that, and none where it was built anew, or versions between them were cleared away.
    """
    if followed is None or _created(store, followed.number) not in (followed.created, None):
        return 0
    one: int | None = live
    other: int | None = followed.number
    while one != other:
        if one is None or other is None:
            return 0
        if one > other:
            one = _parent(store, one)
        else:
            other = _parent(store, other)
    return one or 0


def _parent(store: VersionStore, number: int) -> int | None:
    """Return a version's parent, which always has a lower number; None where it has none, or is gone."""
    try:
        manifest = store.manifest(version_name(number))
    except (ArchiveDamagedError, ArchiveMismatchError):
        return None
    return int(manifest.parent) if manifest.parent and int(manifest.parent) < number else None


def _created(store: VersionStore, number: int) -> str | None:
    try:
        return store.manifest(version_name(number)).created
    except (ArchiveDamagedError, ArchiveMismatchError):
        return None
