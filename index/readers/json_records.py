"""JSON: an array of records, one record, or an object that holds an array of them; and JSON Lines."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from index.article import Skipped
from index.errors import ReadError
from index.readers.draft import Place
from index.readers.fields import text_columns
from index.readers.input import Input
from index.readers.json_stream import CONTAINERS, JsonStream, parse_json, records_of
from index.readers.pieces import text_pieces
from index.readers.reader import Found
from index.readers.records import read_record

MAX_STRAY = 100
"""So many values that are no records may stand before the first one."""

_NO_RECORD = "is not a record: expected a JSON object"
_NO_RECORDS = f"holds no records: expected an array, or an object with {' or '.join(CONTAINERS[:2])}"


class JsonReader:
    """Reads the records of a JSON document of any size; several documents may stand in one file."""

    def read(self, file: Input) -> Iterator[Found]:
        """Yield an article for each record, named `file#1` and so on; a damaged one does not end it."""
        met, stray = False, list[Skipped]()
        records = JsonStream(text_pieces(file), file.limits.max_file_bytes).records()
        for number, record in enumerate(records, start=1):
            place = Place(input=file, origin=f"{file.name}#{number}", fragment=str(number))
            if isinstance(record, Mapping):
                yield from stray
                met, stray = True, []
                yield from _found(record, place)
                continue
            reason = str(record) if isinstance(record, ReadError) else _NO_RECORD
            stray.append(Skipped(origin=place.origin, reason=reason))
            if met:
                yield stray.pop()
            elif len(stray) == MAX_STRAY:
                break
        if not met:
            raise ReadError(next((one.reason for one in stray if one.reason != _NO_RECORD), _NO_RECORDS))


class JsonLinesReader:
    """Reads a record from each line; the file may be of any size."""

    def read(self, file: Input) -> Iterator[Found]:
        """Yield an article for each line, named `file:1` and so on; a broken line does not end it."""
        empty = True
        for number, line in file.lines():
            empty = False
            place = Place(input=file, origin=f"{file.name}:{number}", fragment=str(number))
            try:
                if isinstance(line, ReadError):
                    raise line
                record = parse_json(line)
            except ReadError as error:
                yield Skipped(origin=place.origin, reason=str(error))
                continue
            if isinstance(record, Mapping):
                yield from _found(record, place)
            else:
                yield Skipped(origin=place.origin, reason=_NO_RECORD)
        if empty:
            raise ReadError("the file is empty")


def _found(record: Mapping[str, object], place: Place) -> Iterator[Found]:
    """Yield what a record gives: its article, or those of the records that it holds instead of a text."""
    inner = records_of(record)
    if not inner or text_columns(record, place.input.limits.fields):
        yield read_record(record, place)
        return
    for number, one in enumerate(inner, start=1):
        if isinstance(one, Mapping):
            fragment = f"{place.fragment}.{number}"
            yield read_record(one, replace(place, origin=f"{place.origin}.{number}", fragment=fragment))
