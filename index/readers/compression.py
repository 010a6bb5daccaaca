"""gzip, zstd, bzip2 and xz: one layer of it is unpacked while it is read, within bounds."""

import bz2
import gzip
import io
import lzma
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from index.errors import ReadError

MAX_UNPACK_RATIO = 200
"""gzip packs text 3 to 10 times, records that repeat 50 times, and a bomb 1,000 times."""

SUFFIXES = (".gz", ".gzip", ".zst", ".zstd", ".bz2", ".xz")
_DAMAGED = (EOFError, OSError, ValueError, zlib.error, lzma.LZMAError)


def _open_zstd(packed: BinaryIO) -> BinaryIO:
    from backports import zstd

    return cast("BinaryIO", zstd.ZstdFile(packed))


FORMATS: tuple[tuple[bytes, str, Callable[[BinaryIO], BinaryIO]], ...] = (
    (b"\x1f\x8b", "gzip", lambda packed: cast("BinaryIO", gzip.GzipFile(fileobj=packed))),
    (b"\x28\xb5\x2f\xfd", "zstd", _open_zstd),
    (b"BZh", "bzip2", lambda packed: cast("BinaryIO", bz2.BZ2File(packed))),
    (b"\xfd7zXZ\x00", "xz", lambda packed: cast("BinaryIO", lzma.LZMAFile(packed))),  # noqa: SIM115
)
"""Magic number, name, and what unpacks it."""

_MAGIC_BYTES = max(len(magic) for magic, _, _ in FORMATS)


def compression_of(head: bytes) -> str | None:
    """Return the name of the format that bytes are packed in; None where they are not."""
    return next((name for magic, name, _ in FORMATS if head.startswith(magic)), None)


@contextmanager
def unpacked(packed: BinaryIO, floor: int) -> Iterator[BinaryIO]:
    """Lend the content of a stream, unpacked where it is packed.

    More than `MAX_UNPACK_RATIO` times its size, and more than twice `floor` bytes, is not unpacked.

    Raises:
        ReadError: from within, where the data are damaged or unpack to too much.
    """
    magic = packed.read(_MAGIC_BYTES)
    packed.seek(0)
    found = next(((name, opener) for start, name, opener in FORMATS if magic.startswith(start)), None)
    if found is None:
        yield packed
        return
    name, opener = found
    size = packed.seek(0, os.SEEK_END)
    packed.seek(0)
    limit = max(floor * 2, size * MAX_UNPACK_RATIO)
    yield cast("BinaryIO", io.BufferedReader(_Bounded(opener(packed), name, limit)))


def read_undamaged(stream: BinaryIO, size: int) -> bytes:
    """Return the next `size` bytes, fewer at the end or before damage.

    Raises:
        ReadError: the data are damaged right here.
    """
    # Not `read`, which drops what it got before an error.
    source = cast("io.BufferedReader", stream)
    data = b""
    try:
        while len(data) < size and (more := source.read1(size - len(data))):
            data += more
    except ReadError:
        if not data:
            raise
    return data


class _Bounded(io.RawIOBase):
    """An unpacking stream that ends with an error once it has given too much, or its data are damaged."""

    def __init__(self, stream: BinaryIO, name: str, limit: int) -> None:
        self._stream = cast("io.BufferedReader", stream)
        self._name = name
        self._left = limit
        self._errors: tuple[type[Exception], ...] = (*_DAMAGED, *_zstd_errors(name))
        self._damage: ReadError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self._damage:  # the packages do not tell it twice
            raise self._damage
        try:
            # Not `read`, which drops what stands before damaged data.
            data = self._stream.read1(len(buffer))
        except self._errors as error:
            self._damage = ReadError(f"is not whole: its {self._name} data is damaged ({error})")
            raise self._damage from error
        self._left -= len(data)
        if self._left < 0:
            raise ReadError(f"unpacks to more than {MAX_UNPACK_RATIO} times its size")
        buffer[: len(data)] = data
        return len(data)


def _zstd_errors(name: str) -> tuple[type[Exception], ...]:
    """Return the error of the zstd package, which is imported only where it is used."""
    if name != "zstd":
        return ()
    from backports import zstd

    return (zstd.ZstdError,)
