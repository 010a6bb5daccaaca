"""The files of a data set: found by name, plain or packed with gzip, and read line by line."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from index.errors import ReadError

_DIGEST_BLOCK = 1 << 20


def find(folder: Path, name: str) -> Path | None:
    """Return the file `name` of `folder`, or the one with `.gz` behind it; None where there is neither."""
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.is_file()), None)


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the number (from 1) and the text of each line that is not blank.

    Raises:
        ReadError: where the file cannot be read to its end; names it and the last line that could be.
    """
    number = 0
    try:
        with _open(path) as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield number, line
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as exc:
        raise ReadError(f"{path} cannot be read after line {number}: {exc}") from exc


def read_records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the line number (from 1) and the JSON object of each line that is not blank.

    Raises:
        ReadError: where a line is no JSON object or the file cannot be read; names file and line.
    """
    for number, line in read_lines(path):
        try:
            record = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as exc:
            reason = exc.msg if isinstance(exc, json.JSONDecodeError) else "nested too deeply"
            raise ReadError(f"{path}:{number} is not JSON: {reason}") from exc
        if not isinstance(record, dict):
            raise ReadError(f"{path}:{number} is not a JSON object")
        yield number, record


def sha256_of(path: Path) -> str:
    """Return the SHA-256 (hex) of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_DIGEST_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _open(path: Path) -> IO[str]:
    encoding = "utf-8-sig"  # a mark that some editors write before the first line is no part of it
    return gzip.open(path, "rt", encoding=encoding) if path.suffix == ".gz" else path.open(encoding=encoding)
