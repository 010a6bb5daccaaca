"""The records of a WARC file, one at a time; damage between them is passed over."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from index.errors import ReadError

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader

HEADER_BYTES = 1 << 20
"""What may stand between the contents of two records; warcio reads it as a whole."""

MAX_DAMAGED = 100
"""So many places of a file may be damaged before the rest is given up."""

_MARK = b"WARC/"
_BLOCK_BYTES = 1 << 18
_LINE_BYTES = 1 << 16


class WarcStream:
    """The records of a stream as warcio parses them, with bounds that it does not set itself."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._may_read = HEADER_BYTES

    def records(self) -> Iterator["ArcWarcRecord | ReadError"]:
        """Yield each record, to be read before the next is asked for, or what is wrong at a place.

        Raises:
            ReadError: too much is wrong.
        """
        from warcio.recordloader import ArcWarcRecordLoader

        loader = ArcWarcRecordLoader(verify_http=False, arc2warc=False)
        damaged = 0
        line = self._first_line()
        while line:
            record = self._parsed(loader, line) if line.startswith(_MARK) else None
            if record is not None:
                self._may_read = HEADER_BYTES + record.length
                yield record
                while record.raw_stream.read(_BLOCK_BYTES):
                    pass
                line = self._first_line()
                continue
            damaged += 1
            if damaged > MAX_DAMAGED:
                raise ReadError(f"is damaged in more than {MAX_DAMAGED} places: the rest is not read")
            yield ReadError("is not whole: what stands where a record should begin is passed over")
            line = self._next_mark()

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes, for warcio."""
        return self._stream.read(size)

    def readline(self, size: int | None = None) -> bytes:
        """Return a line or the beginning of one, for warcio; raises ReadError where it reads too many."""
        line = self._stream.readline(self._may_read + 1 if size is None else min(size, self._may_read + 1))
        self._may_read -= len(line)
        if self._may_read < 0:
            raise ReadError(f"has a header of more than {HEADER_BYTES >> 20} MB: it is damaged")
        return line

    def _parsed(self, loader: "ArcWarcRecordLoader", line: bytes) -> "ArcWarcRecord | None":
        from warcio.exceptions import ArchiveLoadFailed

        try:
            record = loader.parse_record_stream(self, line, "warc", no_record_parse=True)
        except ArchiveLoadFailed:
            return None
        return record if record.length is not None else None

    def _first_line(self) -> bytes:
        """Return the first line that is not blank; b"" at the end."""
        self._may_read = HEADER_BYTES
        while (line := self.readline()) and not line.strip():
            pass
        return line

    def _next_mark(self) -> bytes:
        """Return the line with which the next record begins; b"" at the end."""
        while (line := self._stream.readline(_LINE_BYTES)) and not line.startswith(_MARK):
            pass
        self._may_read = HEADER_BYTES
        return line
