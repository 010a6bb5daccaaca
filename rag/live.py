"""The version of an archive that answers now, and moving over to the next one between questions."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from index.archive import Archive
from index.embedding import EmbedderInfo
from index.errors import ArchiveDamagedError, ArchiveError, ArchiveNotFoundError, ArchiveOutdatedError
from index.repair import repair
from index.snapshot import Snapshot

logger = logging.getLogger(__name__)


class LiveSnapshot:
    """Lends the newest published snapshot; an older one is closed when its last user is done."""

    def __init__(self, archive: Archive, embedder: EmbedderInfo, *, mends: bool = False) -> None:
        """Keep what to open; with `mends`, damaged files are written anew from the catalogue."""
        self.archive = archive
        self._mends = mends
        self._failed: str | None = None
        self.embedder = embedder
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._current: Snapshot | None = None
        self._users: dict[Snapshot, int] = {}
        self._closed = False

    @contextmanager
    def lease(self) -> Iterator[Snapshot]:
        """Lend the live snapshot for the time of one question.

        Raises:
            ArchiveError: where no version can be opened.
        """
        self.refresh()
        with self._lock:
            snapshot = self._current
            if snapshot is None:
                raise self._has_been_closed()
            self._users[snapshot] = self._users.get(snapshot, 0) + 1
        try:
            yield snapshot
        finally:
            with self._lock:
                self._users[snapshot] -= 1
                self._close_unused()

    def refresh(self) -> bool:
        """Open the newest version if it is not the one in use; return whether that happened.

        Where a newer version cannot be opened, the one in use goes on and the reason is logged.

        Raises:
            ArchiveError: where no version is in use and none can be opened.
        """
        if self._closed:
            raise self._has_been_closed()
        in_use = self._current
        newest: str | None = None
        if not self._opening.acquire(blocking=in_use is None):
            return False  # somebody else is opening it; this question is answered from the one in use
        try:
            newest = self.archive.current_version()
            if self._current is not None and newest in (self._current.version, self._failed):
                return False
            self._move_to(self._open())
            self._failed = None
        except ArchiveError as error:
            if in_use is None:
                raise
            self._failed = newest
            logger.warning("version %s goes on answering: %s", in_use.version, error)
            return False
        finally:
            self._opening.release()
        return True

    def close(self) -> None:
        """Close the snapshot once nobody uses it; nothing is lent afterwards."""
        with self._lock:
            self._closed = True
            self._current = None
            self._close_unused()

    def _open(self) -> Snapshot:
        """Open the live version, once more after writing its files anew where that mends it."""
        try:
            return self.archive.open(embedder=self.embedder)
        except (ArchiveDamagedError, ArchiveOutdatedError) as error:
            if not self._mends and not isinstance(error, ArchiveOutdatedError):
                raise
            logger.warning("%s", error)
            try:
                report = repair(self.archive.root)
            except ArchiveError as failure:
                logger.warning("it could not be mended: %s", failure)
                raise error from failure
            logger.warning("version %s was written anew from the catalogue", report.version)
            return self.archive.open(embedder=self.embedder)

    def _move_to(self, opened: Snapshot) -> None:
        with self._lock:
            self._users[opened] = 0
            if not self._closed:
                self._current = opened
            self._close_unused()

    def _has_been_closed(self) -> ArchiveNotFoundError:
        return ArchiveNotFoundError(
            f"the index in {str(self.archive.root)!r} has been closed: open another engine on it"
        )

    def _close_unused(self) -> None:
        for snapshot in [
            held for held, users in self._users.items() if not users and held is not self._current
        ]:
            del self._users[snapshot]
            snapshot.close()
