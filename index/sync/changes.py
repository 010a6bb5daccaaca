"""Notices that files change, in the background, where the system tells it."""

import logging
import os
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.sync.files import is_passing
from index.sync.source import Source

if TYPE_CHECKING:
    from watchfiles import Change

_LOGGER = logging.getLogger(__name__)
_DEBOUNCE_MS = 1_600
_QUIET_MS = 300


class Changes:
    """Collects which sources files changed in, those that are hidden or half written left out.

    Nothing in the folder of the index counts. A folder that is not there is not watched.
    """

    def __init__(self, sources: Sequence[Source], *, without: Path) -> None:
        """Keep the sources, of which addresses are passed over; `start` begins to watch."""
        self._sources = [source for source in sources if not source.is_address]
        self._without = os.path.realpath(without)
        self._changed: set[str] = set()
        self._guard = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._watched: frozenset[tuple[str, int, int]] = frozenset()

    def watch_what_is_there(self) -> list[str]:
        """Watch the folders and files that are there now, and return the places that newly appeared."""
        there = frozenset(filter(None, (_identity(source.place) for source in self._sources)))
        if there == self._watched:
            return []
        new = sorted(place for place, *_ in there - self._watched)
        self.stop()
        self._stop = threading.Event()
        self._watched = there
        folders = sorted(place for place, *_ in there if os.path.isdir(place))  # noqa: PTH112
        # An editor replaces a file, so that the folder around it is what has to be watched.
        around = sorted({os.path.dirname(place) for place, *_ in there if place not in folders})  # noqa: PTH120
        for paths, recursive in ((folders, True), (around, False)):
            if paths:
                thread = threading.Thread(
                    target=self._collect, args=(paths, recursive, self._stop), name="changes", daemon=True
                )
                self._threads.append(thread)
                thread.start()
        return new

    def wait(self, seconds: float) -> set[str]:
        """Wait for changes, at most so long, and return the places of the sources that they are in."""
        self._wake.wait(max(seconds, 0))
        with self._guard:
            changed = set(self._changed)
            self._changed.clear()
            self._wake.clear()
        return changed

    def stop(self) -> None:
        """Watch nothing any more."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self._watched = frozenset()

    def _collect(self, paths: Sequence[str], recursive: bool, stop: threading.Event) -> None:
        from watchfiles import watch

        try:
            for found in watch(
                *paths,
                watch_filter=self._counts,
                debounce=_DEBOUNCE_MS,
                step=_QUIET_MS,
                stop_event=stop,
                recursive=recursive,
                ignore_permission_denied=True,
            ):
                self._note(path for _, path in found)
        except (OSError, RuntimeError) as error:  # the folder went away, or too many are watched
            _LOGGER.warning("changes in %s are seen at the next interval only (%s)", ", ".join(paths), error)

    def _note(self, paths: Iterable[str]) -> None:
        changed = {source.place for path in paths for source in self._sources if _is_in(path, source.place)}
        with self._guard:
            self._changed |= changed
        if changed:
            self._wake.set()

    def _counts(self, change: "Change", path: str) -> bool:
        """Say whether a change is one of something that is read."""
        del change
        if _is_in(os.path.realpath(path), self._without):
            return False
        return any(
            _is_in(path, source.place)
            and not any(is_passing(part) for part in Path(path[len(source.place) :].lstrip(os.sep)).parts)
            for source in self._sources
        )


def _identity(place: str) -> tuple[str, int, int] | None:
    """Return what tells a folder from another one that is put, or mounted, in its place; None for none."""
    try:
        status = os.stat(place)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    return place, status.st_dev, status.st_ino


def _is_in(path: str, place: str) -> bool:
    return path == place or path.startswith(place.rstrip(os.sep) + os.sep)
