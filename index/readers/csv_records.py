"""CSV and its like: a record from each row below the line that names the columns."""

import csv
from collections.abc import Iterator

from index.article import Skipped
from index.errors import ReadError
from index.readers.csv_rows import Lines, open_table, rows
from index.readers.draft import Place
from index.readers.input import Input
from index.readers.pieces import text_lines
from index.readers.reader import Found
from index.readers.records import read_record


class CsvReader:
    """Reads a record from each row, whatever separates the columns; the file may be of any size."""

    def read(self, file: Input) -> Iterator[Found]:
        """Yield an article for each row, named `file:2` and so on as a spreadsheet counts them.

        Raises:
            ReadError: the first row names no columns, or none that is known to hold texts; or the file is
                damaged from here on.
        """
        limit = file.limits.max_file_bytes
        # The parser's own limit is one for the whole process; the length of a row is bounded by `Lines`.
        csv.field_size_limit(max(csv.field_size_limit(), limit))
        lines = Lines(text_lines(file, limit), limit)
        table = open_table(lines, file.limits.fields)
        number = 0
        for number, row in rows(lines, table):
            place = Place(input=file, origin=f"{file.name}:{number}", fragment=str(number))
            if isinstance(row, ReadError):
                yield Skipped(origin=place.origin, reason=str(row))
            else:
                yield read_record(row, place)
        lines.check_whole()
        if not number:
            raise ReadError("holds no rows below the line that names its columns")
