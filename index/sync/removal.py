"""Which articles are gone from the folders that they were read from; nothing else is ever removed."""

import os
import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from index.catalogue import Catalogue, Revision
from index.readers.input import MEMBER_MARK
from index.readers.sources import is_address
from index.sync.files import Folder
from index.sync.source import Source
from index.sync.state import SyncState

_RECORD = re.compile(r"[:#]\d+$")
_REVISIONS_PER_READ = 500


class Removal:
    """Finds what is to be removed for one source, in one version of the index."""

    def __init__(self, catalogue: Catalogue, version: int, source: Source, state: SyncState) -> None:
        self._catalogue = catalogue
        self._version = version
        self._source = source
        self._state = state

    def revisions(self, folder: Folder | None) -> dict[str, int]:
        """Return the revision ids of the articles that are gone, by article id.

        The first time the whole index is searched, for what was read before sync knew of it.
        """
        membership = self._catalogue.membership(self._version)
        doomed = self._known(membership)
        if not self._state.is_swept(self._source.place):
            doomed |= self._swept(membership, folder)
        return {one: membership[one] for one in doomed}

    def count_known(self) -> int:
        """Return how many articles are gone with files that are known to be."""
        return len(self._known(self._catalogue.membership(self._version)))

    def _known(self, membership: Mapping[str, int]) -> set[str]:
        """Return the articles that files gave once and nothing gives now, and that came from such files."""
        orphans = {one: path for one, path in self._state.orphans(self._source.place) if one in membership}
        revisions = self._catalogue.revisions(membership[one] for one in orphans)
        places = [place for place in self._state.sources() if not is_address(place)]
        found = set()
        for one, path in orphans.items():
            origin = revisions[membership[one]].article.origin
            if is_address(origin):
                continue
            read_from = os.path.abspath(origin)  # noqa: PTH100 - it may have been read under a relative path
            if _is_end_of(origin, path) or any(_lies_in(read_from, place) for place in places):
                found.add(one)
        return found

    def _swept(self, membership: Mapping[str, int], folder: Folder | None) -> set[str]:
        """Return the articles that came from the source, and that nothing gives."""
        found = set()
        numbers = sorted(membership.values())
        for start in range(0, len(numbers), _REVISIONS_PER_READ):
            block = self._catalogue.revisions(numbers[start : start + _REVISIONS_PER_READ])
            for revision in block.values():
                path = _path_of(revision)
                if path and self._is_orphan(revision.article_id, path, folder):
                    found.add(revision.article_id)
        return found

    def _is_orphan(self, article_id: str, path: str, folder: Folder | None) -> bool:
        inside = _lies_in(path, self._source.place)
        return inside and not self._state.is_given(article_id) and self._is_gone(path, folder)

    def _is_gone(self, path: str, folder: Folder | None) -> bool:
        """Say whether a record or member is gone from its file, or the file from its folder."""
        for one in (path, *_without_marks(path)):
            known = self._state.file(self._source.place, one)
            if known and not known.missing:
                return known.whole
            if os.path.lexists(one):
                return False
        return folder is None or folder.out_of_reach(_without_marks(path)[-1]) is None


def note_gone(
    source: Source, state: SyncState, folder: Folder, seen: frozenset[int]
) -> tuple[list[str], str]:
    """Note which files are gone from a folder; return their paths, and a sentence on those that may not be.

    A file that is out of reach counts as gone where others give all that it gave: it has moved.
    """
    gone: dict[int, str] = {}
    unreached: dict[int, tuple[str, str]] = {}
    for number, path in state.files(source.place):
        if number in seen or os.path.lexists(path):
            continue
        reach = folder.out_of_reach(path)
        if reach is None:
            gone[number] = path
        else:
            unreached[number] = (path, reach)
    state.set_missing(gone)
    for number, (path, _) in list(unreached.items()):
        if not state.gives_alone(number):
            gone[number] = path
            state.set_missing([number])
            del unreached[number]
    if not unreached:
        return list(gone.values()), ""
    first, *more = dict.fromkeys(reach for _, reach in unreached.values())
    others = f" (and {len(more):,} more)" if more else ""
    return list(gone.values()), (
        f"the articles of {len(unreached):,} missing files stay, for {first!r}{others} is empty or cannot be "
        "listed: mount its disk, or delete the empty folder"
    )


def _path_of(revision: Revision) -> str | None:
    """Return the path that an article came from where it is certain: with what marks a record or member."""
    origin, parts = revision.article.origin, urlsplit(revision.article.url)
    if not is_address(origin) and os.path.isabs(origin):  # noqa: PTH117
        return origin
    if parts.scheme == "file" and not parts.netloc:
        return url2pathname(parts.path) if not parts.fragment else f"{unquote(parts.path)}#0"
    return None


def _lies_in(path: str, place: str) -> bool:
    """Say whether a path, or a record or member of it, is or lies in a folder or file."""
    if not path.startswith(place):
        return False
    rest = path[len(place) :]
    return not rest or rest.startswith((os.sep, MEMBER_MARK)) or bool(_RECORD.fullmatch(rest))


def _is_end_of(origin: str, path: str) -> bool:
    """Say whether an article was read from a path under a relative name, in whatever folder that was."""
    return not os.path.isabs(origin) and any(  # noqa: PTH117
        path.endswith(os.sep + os.path.normpath(one)) for one in (origin, *_without_marks(origin))
    )


def _without_marks(origin: str) -> list[str]:
    """Return the names that the file of an origin may have, the likeliest last."""
    outer = origin.partition(MEMBER_MARK)[0]
    return list(dict.fromkeys((outer, _RECORD.sub("", outer))))
