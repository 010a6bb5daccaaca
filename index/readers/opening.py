"""Opens an input within bounds: size, length of a line, what gzip unpacks to, character set."""

import codecs
import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, cast

from index.errors import ReadError

MAX_FILE_BYTES = 20_000_000
"""A file that is read as a whole is not larger than this, unpacked."""

MAX_LINE_BYTES = 20_000_000
HEAD_BYTES = 65_536
MAX_UNPACK_RATIO = 200
"""gzip packs text 3 to 10 times, records that repeat 50 times, and a bomb 1,000 times."""

GZIP_SUFFIXES = (".gz", ".gzip")
_GZIP_MAGIC = b"\x1f\x8b"
_SKIP_BYTES = 1 << 20
_MARKED = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"
"""Preferred among guesses that are equally good: a short text fits several."""

_CHARACTER_SETS = (
    *(_WESTERN, "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874", "iso8859_2"),
    *("koi8_r", "cp932", "euc_jp", "iso2022_jp", "gb18030", "big5", "cp949", "euc_kr"),
)
"""What the web used before UTF-8; the character sets of DOS and old Macs only mislead a guess."""


@dataclass(frozen=True)
class InputFile:
    """A file to be read; `name` is how it was found, which is what a user is told."""

    path: Path
    name: str

    @property
    def suffix(self) -> str:
        """The kind that its name says, in lower case and without .gz: ".jsonl"."""
        suffixes = [suffix.lower() for suffix in self.path.suffixes]
        if suffixes and suffixes[-1] in GZIP_SUFFIXES:
            suffixes.pop()
        return suffixes[-1] if suffixes else ""

    @cached_property
    def head(self) -> bytes:
        """The first bytes, unpacked."""
        with self.open() as stream:
            return stream.read(HEAD_BYTES)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open the file, unpacked where it is gzip; every failure of it becomes a ReadError."""
        try:
            if not stat.S_ISREG(self.path.stat().st_mode):
                raise ReadError("is not a regular file")
            with self.path.open("rb") as packed:
                magic = packed.read(len(_GZIP_MAGIC))
                packed.seek(0)
                yield cast("BinaryIO", _Unpacked(packed)) if magic == _GZIP_MAGIC else packed
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ReadError(f"is not whole: its gzip data is damaged ({error})") from error
        except OSError as error:
            raise ReadError(f"cannot be read: {(error.strerror or str(error)).lower()}") from error

    def text(self) -> str:
        """Return the whole text of the file.

        Raises:
            ReadError: it is too large, empty, not text, or in no character set that is known.
        """
        return decode(self.data())

    def data(self) -> bytes:
        """Return the whole content of the file; raises ReadError where it is empty or too large."""
        with self.open() as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise ReadError(
                f"is larger than {MAX_FILE_BYTES // 1_000_000} MB: split it, or give it as JSON Lines"
            )
        if not data.strip():
            raise ReadError("the file is empty")
        return data

    def lines(self) -> Iterator[tuple[int, str | ReadError]]:
        """Yield each line that is not blank with its number from 1; one that cannot be read as its error."""
        encoding = next((name for mark, name in _MARKED if self.head.startswith(mark)), None)
        with self.open() as stream:
            if encoding is None:
                yield from _byte_lines(stream)
            else:
                with closing(
                    io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="\n")
                ) as text:
                    yield from _text_lines(text)


class _Unpacked(io.BufferedReader):
    """The content of a gzip file; raises ReadError once it unpacks to suspiciously much."""

    def __init__(self, packed: BinaryIO) -> None:
        limit = max(MAX_FILE_BYTES * 2, os.fstat(packed.fileno()).st_size * MAX_UNPACK_RATIO)
        super().__init__(_Bounded(gzip.GzipFile(fileobj=packed), limit))


class _Bounded(io.RawIOBase):
    def __init__(self, stream: gzip.GzipFile, limit: int) -> None:
        self._stream = stream
        self._left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise ReadError(f"unpacks to more than {MAX_UNPACK_RATIO} times its size")
        buffer[: len(data)] = data
        return len(data)


def decode(data: bytes) -> str:
    """Return the text of `data`, by its byte order mark, as UTF-8, or in the character set it seems to have.

    Raises:
        ReadError: it holds NUL bytes (it is no text), or no character set fits.
    """
    for mark, encoding in _MARKED:
        if data.startswith(mark):
            return _decode_as(data, encoding)
    if b"\0" in data:
        raise ReadError("is not text: it holds NUL bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _guess(data)


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(f"is marked as {encoding}, but is not: {error.reason}") from error


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    matches = from_bytes(data, cp_isolation=list(_CHARACTER_SETS))
    best = matches.best()
    if best is None:
        raise ReadError("is not text in a character set that is known: save it as UTF-8")
    for match in matches:
        as_good = match.chaos <= best.chaos and match.coherence >= best.coherence
        if as_good and _WESTERN in match.could_be_from_charset:
            return str(match)
    return str(best)


def _byte_lines(stream: BinaryIO) -> Iterator[tuple[int, str | ReadError]]:
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            while line and not line.endswith(b"\n"):
                line = stream.readline(_SKIP_BYTES)
            yield number, _too_long()
        elif line.strip():
            try:
                yield number, decode(line).strip()
            except ReadError as error:
                yield number, error


def _text_lines(stream: io.TextIOWrapper) -> Iterator[tuple[int, str | ReadError]]:
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            while line and not line.endswith("\n"):
                line = stream.readline(_SKIP_BYTES)
            yield number, _too_long()
        elif line.strip():
            yield number, line.strip()


def _too_long() -> ReadError:
    return ReadError(f"the line is longer than {MAX_LINE_BYTES // 1_000_000} MB")
