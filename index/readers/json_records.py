"""JSON: an array of records, one record, or an object that holds an array of them."""

import json
from collections.abc import Iterator, Mapping

from index.article import Article, Skipped
from index.errors import ReadError
from index.readers.draft import Place
from index.readers.input import Input
from index.readers.records import TEXT_FIELDS, TITLE_FIELDS, article_of_record

CONTAINERS = (
    "articles",
    "data",
    "items",
    "results",
    "records",
    "docs",
    "documents",
    "news",
    "posts",
    "entries",
)
MAX_NESTING = 3
_EXTRA_DATA = "Extra data"


class JsonReader:
    """Reads a JSON document as a whole; what turns out to be JSON Lines is read as such."""

    def read(self, file: Input) -> Iterator[Article | Skipped]:
        """Yield an article for each record, named `file#1` and so on."""
        try:
            document = parse_json(file.text())
        except ReadError as error:
            if not str(error).startswith(f"is not valid JSON: {_EXTRA_DATA}"):
                raise
            yield from JsonLinesReader().read(file)
            return
        records = _records(document)
        if not records:
            raise ReadError(
                f"holds no records: expected an array, or an object with {' or '.join(CONTAINERS[:2])}"
            )
        for number, record in enumerate(records, start=1):
            place = Place(input=file, origin=f"{file.name}#{number}", fragment=str(number))
            yield _article(record, place)


class JsonLinesReader:
    """Reads a record from each line; the file may be of any size."""

    def read(self, file: Input) -> Iterator[Article | Skipped]:
        """Yield an article for each line, named `file:1` and so on; a broken line does not end it."""
        empty = True
        for number, line in file.lines():
            empty = False
            place = Place(input=file, origin=f"{file.name}:{number}", fragment=str(number))
            try:
                if isinstance(line, ReadError):
                    raise line
                yield _article(parse_json(line), place)
            except ReadError as error:
                yield Skipped(origin=place.origin, reason=str(error))
        if empty:
            raise ReadError("the file is empty")


def parse_json(text: str) -> object:
    """Return what a JSON text holds; raises ReadError with the place of the mistake."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ReadError(
            f"is not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        ) from error
    except ValueError as error:
        raise ReadError("is not valid JSON: a number is too long") from error
    except RecursionError as error:
        raise ReadError("is not valid JSON: it is nested too deeply") from error


def _article(record: object, place: Place) -> Article | Skipped:
    if isinstance(record, Mapping):
        return article_of_record(record, place)
    return Skipped(origin=place.origin, reason="is not a record: expected a JSON object")


def _records(document: object, depth: int = 0) -> list[object]:
    """Return the records of a document: its items, those of the array that it holds, or itself."""
    if isinstance(document, list):
        return document
    if not isinstance(document, Mapping) or depth == MAX_NESTING:
        return []
    for name in CONTAINERS:
        inner = document.get(name)
        if isinstance(inner, list) and all(isinstance(item, Mapping) for item in inner):
            return inner
        if isinstance(inner, Mapping) and (records := _records(inner, depth + 1)):
            return records
    named = {str(key).lower().replace("_", "") for key in document}
    return [document] if depth == 0 and named & {*TEXT_FIELDS, *TITLE_FIELDS} else []
