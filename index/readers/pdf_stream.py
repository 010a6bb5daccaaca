"""A PDF file's stream under watch: how long it is read, and how much of it at once."""

import io
import time
from typing import BinaryIO

from index.errors import ReadError

MAX_REPAIR_BYTES = 30_000_000
"""A file without a valid table of its objects is searched as a whole, if it is no larger."""

MAX_SEARCHED_BYTES = 500_000_000
"""How much is searched in all for objects that are not where the table says."""

MAX_OBJECTS = 400_000
_CLOCK_EVERY, _LARGE_READ = 1024, 4096
_SCAN_BYTES = 1 << 20
_END_BYTES = 4096
_XREF_ENTRIES = (b" 00000 n", b" obj")


class TooSlowError(ReadError):
    """The time that was granted is over."""


class Watch:
    """A clock that can be granted time; everything that reads a document asks it."""

    def __init__(self) -> None:
        self._start = self._end = 0.0

    @property
    def taken(self) -> float:
        """How many seconds of what was granted last have passed."""
        return time.monotonic() - self._start

    def grant(self, seconds: float) -> None:
        """Let so many seconds pass from now."""
        self._start = time.monotonic()
        self._end = self._start + seconds

    def check(self) -> None:
        """Raise TooSlowError where the time is over."""
        if time.monotonic() > self._end:
            raise TooSlowError("takes too long to read")


class WatchedStream(io.RawIOBase):
    """Reads through to a stream; ends what reads for too long, or searches the whole again and again."""

    def __init__(self, stream: BinaryIO, watch: Watch) -> None:
        self._stream = stream
        self._watch = watch
        self._reads = 0
        self._searched = 0
        self._size = stream.seek(0, io.SEEK_END)
        stream.seek(0)

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; returns it."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._stream.tell()

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes; all of them where `size` is negative."""
        self._reads += 1
        size = -1 if size is None else size
        if size < 0 or size > _LARGE_READ or not self._reads % _CLOCK_EVERY:
            self._watch.check()
        if size < 0:
            self._searched += self._size
            if self._size > MAX_REPAIR_BYTES or self._searched > MAX_SEARCHED_BYTES:
                raise ReadError("is not whole: the table of its objects is damaged")
            return self._stream.read()
        return self._stream.read(size)


def count_objects(stream: BinaryIO) -> int:
    """Return about how many objects a PDF file declares, without holding it in memory."""
    counts = dict.fromkeys(_XREF_ENTRIES, 0)
    stream.seek(0)
    while block := stream.read(_SCAN_BYTES):
        for mark in _XREF_ENTRIES:
            counts[mark] += block.count(mark)
    stream.seek(0)
    return max(counts.values())


def check_end(stream: BinaryIO) -> None:
    """Raise ReadError for a large file that is cut off: it would be searched as a whole."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _END_BYTES))
    if size > MAX_REPAIR_BYTES and b"startxref" not in stream.read(_END_BYTES):
        raise ReadError("is not whole: its end is missing")
    stream.seek(0)
