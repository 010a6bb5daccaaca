"""Mailboxes in mbox form: their messages, one after the other."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from index.errors import ReadError

FIRST = b"From "
_SEPARATOR = re.compile(rb"From (?:.{0,300}\d{1,2}:\d\d(?::\d\d)?.{0,40}\d{4}\s*\Z|-? ?\S{0,200}\s*\Z)")
_QUOTED = re.compile(rb">+From ")
_MAX_LINE_BYTES = 1 << 20


def messages_of(stream: BinaryIO, limit: int) -> Iterator[bytes | ReadError]:
    """Yield each message; one that is larger than `limit` bytes as its error."""
    held = bytearray()
    size, blank = 0, True
    for line in _lines(stream):
        if blank and line.startswith(FIRST) and _SEPARATOR.match(line):
            if size:
                yield _message(held, size, limit)
            held.clear()
            size = 0
        else:
            size += len(line)
            if size <= limit:
                held += line[1:] if _QUOTED.match(line) else line
        blank = not line.strip()
    if size:
        yield _message(held, size, limit)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a stream; a very long one in pieces."""
    while line := stream.readline(_MAX_LINE_BYTES):
        yield line


def _message(held: bytearray, size: int, limit: int) -> bytes | ReadError:
    if size > limit:
        return ReadError(f"the message is larger than {limit // 1_000_000} MB: raise `reading.max_file_mb`")
    return bytes(held)
