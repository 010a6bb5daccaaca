"""The files of a folder, and whether one that is not there is gone or only out of reach."""

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.article import Skipped
from index.readers.sources import SourceReader

PARTIAL_SUFFIXES = ("~", ".part", ".partial", ".tmp", ".swp", ".crdownload")
_COARSE_CLOCK_S = 2.0  # FAT keeps the time of a change to two seconds
_FINE_CLOCK_S = 0.1
_MAX_DIGESTED_BYTES = 64_000_000
_NANOSECONDS = 1_000_000_000
_MOST = (1 << 63) - 1  # SQLite's largest number; some systems have longer inodes


Stamp = tuple[int, int, int]
"""Size, time of the last change in nanoseconds, and inode: what tells that a file is the one it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file that is there; one that was written to just now is not `settled` yet."""

    path: Path
    stamp: Stamp
    settled: bool


def is_passing(name: str) -> bool:
    """Say whether a file of this name is hidden, or is there only while another one is written."""
    return name.startswith((".", "~$")) or name.lower().endswith(PARTIAL_SUFFIXES)


def stamped(path: Path) -> FoundFile:
    """Return a file as it is now; raises OSError where that cannot be told, or it is a pipe, say."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError(f"{str(path)!r} is not a regular file")
    age_s = abs(time.time() - status.st_mtime_ns / _NANOSECONDS)
    coarse = status.st_mtime_ns % _NANOSECONDS == 0
    return FoundFile(
        path=path,
        stamp=(status.st_size, status.st_mtime_ns, status.st_ino & _MOST),
        settled=age_s > (_COARSE_CLOCK_S if coarse else _FINE_CLOCK_S),
    )


def digest_of(path: Path) -> bytes:
    """Return what tells a file's content; b"" of a large one, which is not worth reading twice.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        if os.fstat(stream.fileno()).st_size > _MAX_DIGESTED_BYTES:
            return b""
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).digest()


class Folder:
    """A folder that is walked; afterwards it knows what could not be listed."""

    def __init__(self, path: Path, *, without: Path) -> None:
        """Keep the folder, and a folder inside it (or elsewhere) that is not part of it: the index."""
        self._path = path
        self._without = os.path.realpath(without)
        self._inside: dict[str, bool] = {}
        self._empty: dict[str, bool] = {}
        self._unlisted: list[str] = []

    def walk(self, reader: SourceReader) -> Iterator[Path | Skipped]:
        """Yield the files of the folder and the folders below it, by name, and what cannot be listed."""
        for found in reader.walk(self._path):
            if isinstance(found, Skipped):
                self._unlisted.append(found.origin)
                yield found
            elif not is_passing(found.name) and not self._is_left_out(found):
                yield found

    def out_of_reach(self, path: str) -> str | None:
        """Return the folder for which a file that is not there must not be taken as gone, None for none.

        One that could not be listed, or is empty now: the disk that belongs there may not be mounted.
        """
        for folder in self._unlisted:
            if path.startswith(folder.rstrip(os.sep) + os.sep):
                return folder
        parent = os.path.dirname(path)  # noqa: PTH120 - paths are strings here, a file that is gone
        while not os.path.isdir(parent) and parent != os.path.dirname(parent):  # noqa: PTH112, PTH120
            parent = os.path.dirname(parent)  # noqa: PTH120
        if parent not in self._empty:
            try:
                self._empty[parent] = not os.listdir(parent)  # noqa: PTH208
            except OSError:
                self._empty[parent] = True
        return parent if self._empty[parent] else None

    def _is_left_out(self, path: Path) -> bool:
        """Say whether a file lies in the folder that is not part of this one."""
        parent = str(path.parent)
        if parent not in self._inside:
            real = os.path.realpath(parent)
            self._inside[parent] = real == self._without or real.startswith(self._without + os.sep)
        return self._inside[parent]
