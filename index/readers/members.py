"""What archives share: names that are refused or left out, what they may unpack to, copies of members."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Protocol

from index.article import DateOrigin
from index.cleaning import repair
from index.config import ReadingConfig
from index.dates import FoundDate, found_date
from index.errors import ReadError
from index.readers.input import MEMBER_MARK, Content, FileContent, HeldContent, Input

HELD_BYTES = 4 << 20
"""A larger member is copied to a temporary file rather than into memory."""

_BLOCK_BYTES = 1 << 18
_LEFT_OUT = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})
_ROOT = re.compile(r"[/\\]|[A-Za-z]:")


class Readable(Protocol):
    """What bytes can be read from, forwards only."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; b"" is the end."""
        ...


class Allowance:
    """How many files an archive may still hold, and how much they may unpack to."""

    def __init__(self, limits: ReadingConfig) -> None:
        self._limits = limits
        self._members = limits.max_members
        self._bytes = limits.max_unpacked_bytes

    @property
    def exhausted(self) -> bool:
        """Whether the archive gave more than it may: nothing more of it is to be read."""
        return self._members < 0 or self._bytes < 0

    def take_member(self) -> None:
        """Count a file; raises ReadError where it is one too many."""
        self._members -= 1
        if self._members < 0:
            raise ReadError(
                f"holds more than {self._limits.max_members:,} files: raise `reading.max_members`"
            )

    def take_bytes(self, count: int) -> None:
        """Count what was really unpacked; raises ReadError where it is too much in all."""
        self._bytes -= count
        if self._bytes < 0:
            raise ReadError(
                f"unpacks to more than {self._limits.max_unpacked_bytes // 1_000_000:,} MB in all: "
                "raise `reading.max_unpacked_mb`"
            )


def is_left_out(name: str) -> bool:
    """Say whether a member is hidden, or one of the files that a system leaves in its archives."""
    parts = name.replace("\\", "/").split("/")
    return any(part in _LEFT_OUT or (part.startswith(".") and part.strip(".")) for part in parts)


def climbs_out(name: str) -> bool:
    """Say whether a name leads out of the folder that it would be unpacked to."""
    return _ROOT.match(name) is not None or ".." in name.replace("\\", "/").split("/")


def origin_of(file: Input, name: str) -> str:
    """Return what a user is told of a member."""
    return f"{file.name}{MEMBER_MARK}{repair(name)}"


def member_date(day: date | None) -> FoundDate | None:
    """Return the day on which a member was last written, as its archive tells it: the last resort."""
    return found_date(day, DateOrigin.FILE)


@contextmanager
def kept(stream: Readable, limits: ReadingConfig, allowance: Allowance | None = None) -> Iterator[Content]:
    """Lend a copy of what a stream still gives: in memory, or in a temporary file where it is large.

    Raises:
        ReadError: it is larger than `limits.max_document_bytes`, or too much for the archive.
    """
    blocks = _blocks(stream, limits, allowance)
    data = bytearray()
    for block in blocks:
        data += block
        if len(data) > HELD_BYTES:
            break
    else:
        yield HeldContent(bytes(data))
        return
    with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
        path = Path(folder) / "member"
        with path.open("wb") as copy:
            copy.write(data)
            data.clear()
            copy.writelines(blocks)
        yield FileContent(path)


def _blocks(stream: Readable, limits: ReadingConfig, allowance: Allowance | None) -> Iterator[bytes]:
    left = limits.max_document_bytes
    while block := stream.read(_BLOCK_BYTES):
        if allowance is not None:
            allowance.take_bytes(len(block))
        left -= len(block)
        if left < 0:
            raise too_large(limits)
        yield block


def too_large(limits: ReadingConfig) -> ReadError:
    """Return the error for a member that is larger than a copy may be."""
    return ReadError(
        f"is larger than {limits.max_document_bytes // 1_000_000} MB: unpack the archive, "
        "or raise `reading.max_document_mb`"
    )


def no_files() -> ReadError:
    """Return the error for an archive that holds nothing to be read."""
    return ReadError("holds no files")
