"""Where the columns of a Parquet file stand, and what unpacking their pages will take.

Arrow unpacks a page as a whole and believes its header, so that a file of a megabyte may ask for
gigabytes; and some damage to a footer ends the process when pyarrow shows the metadata of a column.
See https://parquet.apache.org/docs/file-format/metadata/ for the numbers of the fields.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from index.errors import ReadError
from index.readers.thrift import STRUCT, Compact

MAX_FOOTER_BYTES = 32 << 20
MAX_PAGES = 100_000
MAX_LIST_VALUES = 10_000_000
"""In a column of lists, for a group of rows: one row may hold them all."""

_END_BYTES = 8
_ROW_GROUPS, _COLUMNS, _ROWS, _META_DATA = 4, 1, 3, 3
_PATH, _PACKED, _DATA_PAGE, _DICTIONARY_PAGE = 3, 7, 9, 11
_PAGE_UNPACKED, _PAGE_PACKED, _PAGE_VALUES = 2, 3, 1
_DATA_HEADERS = (5, 8)


@dataclass(slots=True)
class Chunk:
    """The pages of one column in one group of rows."""

    path: tuple[str, ...] = ()
    start: int = 0
    length: int = 0


@dataclass(slots=True)
class Group:
    """A group of rows."""

    rows: int
    chunks: list[Chunk]


def groups_of(stream: BinaryIO) -> list[Group]:
    """Return the groups of rows as the footer tells them; raises ReadError where it is damaged."""
    end = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, end - _END_BYTES))
    length = int.from_bytes(stream.read(4), "little")
    if length > min(MAX_FOOTER_BYTES, end):
        raise ReadError(f"has a footer of more than {MAX_FOOTER_BYTES >> 20} MB")
    stream.seek(end - _END_BYTES - length)
    reader = Compact(io.BytesIO(stream.read(length)))
    groups: list[Group] = []
    for field, kind in reader.fields():
        if field == _ROW_GROUPS:
            groups += [_group(reader, inner) for inner in reader.items()]
        else:
            reader.skip(kind)
    return groups


def check_pages(stream: BinaryIO, chunk: Chunk, limit: int) -> None:
    """Refuse a column's pages where one unpacks to more than `limit` bytes, or lists are very long.

    Raises:
        ReadError: they are that, or damaged.
    """
    values = 0
    for number, page in enumerate(_pages(stream, chunk)):
        values += page.values
        if page.unpacked > limit:
            raise ReadError(
                f"holds a text of more than {limit // 1_000_000} MB, or as much in one page: "
                "raise `reading.max_file_mb`"
            )
        if number >= MAX_PAGES or (len(chunk.path) > 1 and values > MAX_LIST_VALUES):
            raise ReadError("is cut into too many parts to be a table of articles")


@dataclass(slots=True)
class _Page:
    unpacked: int = 0
    packed: int = -1
    values: int = 0


def _group(reader: Compact, kind: int) -> Group:
    group = Group(rows=0, chunks=[])
    for field, inner in _fields(reader, kind):
        if field == _COLUMNS:
            group.chunks += [_chunk(reader, item) for item in reader.items()]
        elif field == _ROWS:
            group.rows = reader.integer()
        else:
            reader.skip(inner)
    return group


def _chunk(reader: Compact, kind: int) -> Chunk:
    chunk = Chunk()
    for field, inner in _fields(reader, kind):
        if field == _META_DATA:
            _read_meta_data(reader, inner, chunk)
        else:
            reader.skip(inner)
    return chunk


def _read_meta_data(reader: Compact, kind: int, chunk: Chunk) -> None:
    dictionary = 0
    for field, inner in _fields(reader, kind):
        if field == _PATH:
            chunk.path = tuple(reader.name() for _ in reader.items())
        elif field == _PACKED:
            chunk.length = reader.integer()
        elif field == _DATA_PAGE:
            chunk.start = reader.integer()
        elif field == _DICTIONARY_PAGE:
            dictionary = reader.integer()
        else:
            reader.skip(inner)
    chunk.start = min(chunk.start, dictionary) if dictionary > 0 else chunk.start


def _pages(stream: BinaryIO, chunk: Chunk) -> Iterator[_Page]:
    place, end = chunk.start, chunk.start + chunk.length
    reader = Compact(stream)
    while place < end:
        stream.seek(max(place, 0))
        page = _Page()
        for field, kind in reader.fields():
            if field == _PAGE_UNPACKED:
                page.unpacked = reader.integer()
            elif field == _PAGE_PACKED:
                page.packed = reader.integer()
            elif field in _DATA_HEADERS and kind == STRUCT:
                page.values += _values(reader)
            else:
                reader.skip(kind)
        if page.packed < 0:
            raise ReadError("is not whole: a header of its Parquet data is damaged")
        yield page
        place = stream.tell() + page.packed


def _values(reader: Compact) -> int:
    """Return how many values a page holds."""
    values = 0
    for field, kind in reader.fields():
        if field == _PAGE_VALUES:
            values = reader.integer()
        else:
            reader.skip(kind)
    return values


def _fields(reader: Compact, kind: int) -> Iterator[tuple[int, int]]:
    """Yield the fields of what must be a struct."""
    if kind != STRUCT:
        raise ReadError("is not whole: its Parquet footer is damaged")
    yield from reader.fields()
