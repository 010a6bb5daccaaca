"""tar archives, packed or not: read from front to back, each file in them is handed on."""

import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import IO, BinaryIO, cast

from index.article import Skipped
from index.errors import ReadError
from index.readers.input import Input
from index.readers.members import (
    Allowance,
    climbs_out,
    is_left_out,
    kept,
    member_date,
    no_files,
    origin_of,
    too_large,
)
from index.readers.reader import Found

HEADER_BYTES = 1 << 20
"""What may stand between two files: names and attributes, which are read as a whole."""

_FIRST_TIME = 24 * 60 * 60
_DAMAGED = (tarfile.TarError, EOFError, ValueError, OverflowError)


class TarReader:
    """Hands on the files of a tar archive; one that is refused does not stop the others."""

    def read(self, file: Input) -> Iterator[Found]:
        """Yield each file as an input of its own, or why it is refused.

        Raises:
            ReadError: the archive is damaged from here on, holds too much, or no files but hidden ones.
        """
        with file.open() as stream:
            source = _Source(stream)
            try:
                with tarfile.open(fileobj=cast("IO[bytes]", source), mode="r|") as archive:
                    yield from _files(archive, source, file)
            except _DAMAGED as error:
                raise _damaged(error) from error


class _Source:
    """The bytes of an archive; what is read between two files is bounded."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = HEADER_BYTES

    def allow(self, count: int) -> None:
        """Say how much may be read from here on."""
        self._left = count

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise ReadError(f"has a header of more than {HEADER_BYTES >> 20} MB: it is damaged")
        return data


def _files(archive: tarfile.TarFile, source: _Source, file: Input) -> Iterator[Found]:
    allowance = Allowance(file.limits)
    met: Counter[str] = Counter()
    empty = True
    while (info := _next(archive, source)) is not None:
        allowance.take_member()
        if info.isdir() or is_left_out(info.name):
            continue
        empty = False
        left = _left(archive)
        source.allow(left + HEADER_BYTES)
        if reason := _refusal(info, file):
            yield Skipped(origin=origin_of(file, info.name), reason=reason)
        else:
            met[info.name] += 1
            yield from _file(archive, info, file, allowance, met[info.name])
        allowance.take_bytes(_left(archive))
    source.allow(HEADER_BYTES)
    if archive.fileobj.read(HEADER_BYTES // 2).strip(b"\0"):
        raise ReadError("is not whole: its tar data is damaged, and what follows is not read")
    if empty:
        raise no_files()


def _next(archive: tarfile.TarFile, source: _Source) -> tarfile.TarInfo | None:
    """Move past the data of the last file and return the next one; None at the end."""
    source.allow(_left(archive) + HEADER_BYTES)
    info = archive.next()
    archive.members = []  # type: ignore[attr-defined]  # it would keep them all
    return info


def _left(archive: tarfile.TarFile) -> int:
    """Return how many bytes of the last file were not read."""
    return max(0, archive.offset - archive.fileobj.tell())


def _file(
    archive: tarfile.TarFile, info: tarfile.TarInfo, file: Input, allowance: Allowance, number: int
) -> Iterator[Found]:
    """Yield a copy of a file as an input; of several of one name, the later ones are told apart."""
    stream = archive.extractfile(info)
    if stream is None:
        return
    try:
        with kept(stream, file.limits, allowance) as content:
            member = file.member(info.name, content, modified=member_date(_day(info)))
            if number > 1:
                member = replace(member, name=f"{member.name} ({number})", uri=f"{member.uri}#{number}")
            yield member
    except ReadError as error:
        if allowance.exhausted:
            raise
        yield Skipped(origin=origin_of(file, info.name), reason=str(error))


def _refusal(info: tarfile.TarInfo, file: Input) -> str:
    """Return why a file is not read; "" where it is."""
    if climbs_out(info.name):
        return "has a path that leads out of the archive"
    if not info.isreg():
        return "is a link or a device, not a file"
    if info.issparse():
        return "is a sparse file, which is not read from an archive"
    if info.size > file.limits.max_document_bytes:
        return str(too_large(file.limits))
    return ""


def _day(info: tarfile.TarInfo) -> date | None:
    """Return the day of a file; the beginning of 1970 stands for none."""
    try:
        return datetime.fromtimestamp(info.mtime, tz=UTC).date() if info.mtime >= _FIRST_TIME else None
    except (OverflowError, ValueError, OSError):
        return None


def _damaged(error: Exception) -> ReadError:
    return ReadError(f"is not whole: its tar data is damaged ({error})")
