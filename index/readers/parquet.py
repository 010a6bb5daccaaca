"""Parquet: a record from each row, read in batches of few rows and of those columns that mean something."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from index.article import Skipped
from index.config import ReadingConfig
from index.errors import ReadError
from index.readers.characters import decode
from index.readers.draft import Place
from index.readers.fields import no_text_reason, text_columns, wanted_columns
from index.readers.input import FileContent, HeldContent, Input
from index.readers.parquet_layout import MAX_FOOTER_BYTES, Group, check_pages, groups_of
from index.readers.reader import Found
from index.readers.records import read_record

if TYPE_CHECKING:
    from pyarrow import Array
    from pyarrow.parquet import ParquetFile

BATCH_ROWS = 4
"""Few, since a small file may name one long text in each of its rows; more would hardly be faster."""

_BUFFER_BYTES = 1 << 20
_MAX_SAID_CHARS = 160


class ParquetReader:
    """Reads a record from each row; the file may be of any size."""

    def read(self, file: Input) -> Iterator[Found]:
        """Yield an article for each row, named `file:1` and so on; a damaged group of rows is passed over.

        Raises:
            ReadError: it is damaged or encrypted, or has no column that is known to hold texts.
        """
        with _random_access(file) as stream:
            table, groups = _opened(stream)
            names = table.schema_arrow.names
            if not text_columns(names, file.limits.fields):
                raise ReadError(no_text_reason(names))
            columns = wanted_columns(names, file.limits.fields)
            first = 1
            for number, group in enumerate(groups):
                try:
                    _check_group(group, columns, stream, file.limits)
                    for row, record in enumerate(_records(table, number, columns, group.rows), start=first):
                        place = Place(input=file, origin=f"{file.name}:{row}", fragment=str(row))
                        yield read_record(record, place)
                except ReadError as error:
                    yield Skipped(origin=f"{file.name}:{first}-{first + group.rows - 1}", reason=str(error))
                first += group.rows
            if first == 1:
                raise ReadError("holds no rows")


@contextmanager
def _random_access(file: Input) -> Iterator[BinaryIO]:
    """Lend the bytes to be read in any order; what is packed must be held as a whole."""
    if isinstance(file.content, FileContent | HeldContent):
        with file.open() as stream:
            if stream.seekable():
                yield stream
                return
    with file.seekable() as stream:
        yield stream


def _opened(stream: BinaryIO) -> tuple["ParquetFile", list[Group]]:
    """Return the table and its groups of rows; pyarrow's own view of these may end the process."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        table = ParquetFile(
            stream,
            buffer_size=_BUFFER_BYTES,
            pre_buffer=False,
            page_checksum_verification=True,
            arrow_extensions_enabled=False,
            thrift_string_size_limit=MAX_FOOTER_BYTES,
        )
        count = table.num_row_groups
    except (ArrowException, OSError, ValueError) as error:
        raise _damaged(error) from error
    groups = groups_of(stream)
    if len(groups) != count or any(group.rows < 0 for group in groups):
        raise ReadError("is not whole: its Parquet footer is damaged")
    return table, groups


def _check_group(group: Group, columns: Sequence[str], stream: BinaryIO, limits: ReadingConfig) -> None:
    """Refuse a group of rows that would fill the memory, by what the headers of its pages say."""
    place = stream.tell()
    for chunk in group.chunks:
        if chunk.path and chunk.path[0] in columns:
            check_pages(stream, chunk, limits.max_file_bytes)
    stream.seek(place)


def _records(
    table: "ParquetFile", group: int, columns: Sequence[str], rows: int
) -> Iterator[dict[str, object]]:
    """Yield the rows of a group as records; raises ReadError where there are not as many as it says."""
    from pyarrow import ArrowException

    count = 0
    batches = table.iter_batches(BATCH_ROWS, row_groups=[group], columns=columns, use_threads=False)
    while True:
        try:
            batch = next(batches, None)
        except (ArrowException, OSError, ValueError) as error:
            raise _damaged(error) from error
        if batch is None:
            break
        values = {name: _readable(batch.column(name)) for name in batch.schema.names}
        for row in range(batch.num_rows):
            yield {name: _cell(column, row) for name, column in values.items()}
        count += batch.num_rows
    if count < rows:
        raise ReadError(f"is not whole: it holds {count:,} of {rows:,} rows")


def _readable(column: "Array") -> "Array":
    """Return a column with times to the microsecond, which is the finest that Python knows."""
    from pyarrow import timestamp, types

    if types.is_timestamp(column.type) and column.type.unit == "ns":
        return column.cast(timestamp("us", column.type.tz), safe=False)
    return column


def _cell(column: "Array", row: int) -> object:
    """Return a value of a column; None where there is none that Python can hold, such as the year 12,000."""
    try:
        value = column[row].as_py()
        return decode(value) if isinstance(value, bytes) else value
    except (ValueError, OverflowError, KeyError, ReadError):
        return None


def _damaged(error: Exception) -> ReadError:
    said = " ".join(str(error).split())[:_MAX_SAID_CHARS]
    if "encrypt" in said.lower() or "decrypt" in said.lower():
        return ReadError("is encrypted: give a copy that is not")
    return ReadError(f"is not whole: its Parquet data is damaged ({said})")
