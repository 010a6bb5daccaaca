"""zip archives: each file in them is handed on, nothing is written to disk."""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import BinaryIO, cast

from index.article import Skipped
from index.errors import ReadError
from index.readers.compression import MAX_UNPACK_RATIO
from index.readers.input import Input
from index.readers.members import Allowance, climbs_out, is_left_out, member_date, no_files, origin_of
from index.readers.reader import Found

MAX_LIST_BYTES = 32 << 20
"""For the list of the files at the end of an archive."""

_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, OSError, struct.error)
_MAX_SAID_CHARS = 160
_BUFFER_BYTES = 1 << 16
_LOCAL_HEADER_BYTES = 30
_ENCRYPTED, _UTF8 = 0x1, 0x800
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
_NO_DATE = (1980, 1, 1)
_ENTRY = b"PK\x01\x02"


class ZipReader:
    """Hands on the files of a zip archive; one that is refused does not stop the others."""

    def read(self, file: Input) -> Iterator[Found]:
        """Yield each file as an input of its own, or why it is refused.

        Raises:
            ReadError: the archive is damaged, holds too much, or holds no files but hidden ones.
        """
        allowance = Allowance(file.limits)
        with open_zip(file) as archive:
            members = archive.infolist()
            if _overlap(members, archive.start_dir):
                raise ReadError(
                    "its files overlap each other, as in an archive that is made to fill the disk"
                )
            met: Counter[str] = Counter()
            empty = True
            for info in members:
                name = _name(info)
                if name.endswith("/") or is_left_out(name):
                    continue
                allowance.take_member()
                empty = False
                if reason := _refusal(info, name, file):
                    yield Skipped(origin=origin_of(file, name), reason=reason)
                    continue
                met[name] += 1
                yield _member(file, name, met[name], _Packed(archive, info, allowance))
                if allowance.exhausted:
                    allowance.take_bytes(0)
        if empty:
            raise no_files()


@contextmanager
def open_zip(file: Input) -> Iterator[zipfile.ZipFile]:
    """Lend an input as a zip archive, whose list of files was found to be of a bearable size.

    Raises:
        ReadError: it is too large or damaged.
    """
    with file.seekable(any_size=True) as stream:
        try:
            archive = zipfile.ZipFile(cast("BinaryIO", _BoundedList(stream, file.limits.max_members)))
        except (*_DAMAGED, NotImplementedError, OverflowError) as error:  # a later format, an impossible size
            raise _damaged(error) from error
        with archive:
            yield archive


class _BoundedList:
    """A stream that refuses to give a list of files that would fill the memory; it is read at once."""

    def __init__(self, stream: BinaryIO, max_members: int) -> None:
        self._stream = stream
        self._max_members = max_members
        self.seek = stream.seek
        self.tell = stream.tell
        self.seekable = stream.seekable

    def read(self, size: int = -1) -> bytes:
        if size > MAX_LIST_BYTES:
            raise ReadError(f"has a list of files of more than {MAX_LIST_BYTES >> 20} MB")
        data = self._stream.read(size)
        if data.count(_ENTRY) > self._max_members:
            raise ReadError(f"holds more than {self._max_members:,} files: raise `reading.max_members`")
        return data


@dataclass(slots=True)
class _Packed:
    """The bytes of a file in an archive, unpacked while they are read; read again, they count once."""

    archive: zipfile.ZipFile
    info: zipfile.ZipInfo
    allowance: Allowance
    counted: int = 0

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Lend the bytes; failures are ReadErrors."""
        try:
            stream = self.archive.open(self.info)
        except (*_DAMAGED, NotImplementedError, RuntimeError) as error:  # unknown packing, or encrypted
            raise _damaged(error) from error
        with stream:
            counted = io.BufferedReader(_Counted(cast("BinaryIO", stream), self), _BUFFER_BYTES)
            yield cast("BinaryIO", counted)

    def note(self, position: int) -> None:
        """Count what was unpacked up to a position."""
        if position > self.counted:
            new, self.counted = position - self.counted, position
            self.allowance.take_bytes(new)


class _Counted(io.RawIOBase):
    def __init__(self, stream: BinaryIO, packed: _Packed) -> None:
        self._stream = stream
        self._packed = packed

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._stream.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return self._stream.seek(offset, whence)
        except _DAMAGED as error:
            raise _damaged(error) from error

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except _DAMAGED as error:
            raise _damaged(error) from error
        self._packed.note(self._stream.tell())
        buffer[: len(data)] = data
        return len(data)


def _member(file: Input, name: str, number: int, packed: _Packed) -> Input:
    """Return a file of an archive; of several of one name, the second and later ones are told apart."""
    day = packed.info.date_time[:3]
    try:
        modified = member_date(None if day == _NO_DATE else date(*day))
    except ValueError:
        modified = None
    member = file.member(name, packed, modified=modified)
    if number == 1:
        return member
    return replace(member, name=f"{member.name} ({number})", uri=f"{member.uri}#{number}")


def _refusal(info: zipfile.ZipInfo, name: str, file: Input) -> str:
    """Return why a file is not read; "" where it is."""
    mode = info.external_attr >> 16
    limit = max(2 * file.limits.max_file_bytes, info.compress_size * MAX_UNPACK_RATIO)
    if climbs_out(name):
        return "has a path that leads out of the archive"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "is a link or a device, not a file"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted: unpack the archive with its password, and give the folder"
    if info.compress_type not in _METHODS:
        return f"is packed by a method that is not read (number {info.compress_type}): pack it anew"
    if info.file_size > limit:
        return f"unpacks to more than {MAX_UNPACK_RATIO} times its size"
    return ""


def _name(info: zipfile.ZipInfo) -> str:
    """Return a file's name; many programs write UTF-8 without saying so."""
    name = info.filename
    if not info.flag_bits & _UTF8 and not name.isascii():
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    return name.replace("\\", "/")


def _overlap(members: Sequence[zipfile.ZipInfo], end: int) -> bool:
    """Say whether the data of one file lie within those of another, or of the list of files."""
    spans = sorted((info.header_offset, info.compress_size + _LOCAL_HEADER_BYTES) for info in members)
    return any(start + size > following for (start, size), (following, _) in pairwise([*spans, (end, 0)]))


def _damaged(error: Exception) -> ReadError:
    return ReadError(f"is not whole: its zip data is damaged ({str(error)[:_MAX_SAID_CHARS]})")
