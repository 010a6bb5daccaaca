"""Walks what a user names and hands each file to the reader of its kind."""

import logging
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.article import Article, Skipped
from index.errors import ReadError
from index.readers.kinds import kind_of
from index.readers.opening import InputFile

_LOGGER = logging.getLogger(__name__)
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_MAX_REASON_CHARS = 300


def read_sources(sources: Sequence[str]) -> Iterator[Article | Skipped]:
    """Return the articles of files and folders, lazily and in a stable order, and what was skipped.

    A folder is read with all folders below it, by name; hidden ones are left out, and a file or
    folder that was met already (by a link) is not read again. One bad input never ends the rest.

    Raises:
        ReadError: at once, for a source that does not exist or is an address.
    """
    for source in sources:
        if _ADDRESS.match(source):
            raise ReadError(f"{source}: reading addresses is not supported yet: save the page as a file")
        if not source or not os.path.exists(source):  # noqa: PTH110 - Path.exists raises on odd names
            raise ReadError(f"{source!r} does not exist: give a file or a folder")
    return _read_all(sources)


def _read_all(sources: Sequence[str]) -> Iterator[Article | Skipped]:
    met: set[str] = set()
    for source in sources:
        path = Path(source)
        if not path.is_dir():
            yield from _read_new(path, met, named=True)
            continue
        for found in _walk(path, met):
            if isinstance(found, Skipped):
                yield found
            else:
                yield from _read_new(found, met, named=False)


def _walk(folder: Path, met: set[str]) -> Iterator[Path | Skipped]:
    """Yield the files below a folder by name, hidden ones left out."""
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if not path.is_dir():
            yield path
        elif _is_new(path, met):
            try:
                names = sorted(name for name in os.listdir(path) if not name.startswith("."))  # noqa: PTH208
            except OSError as error:
                yield Skipped(
                    origin=_shown(path), reason=f"cannot be read: {(error.strerror or str(error)).lower()}"
                )
                continue
            waiting += [path / name for name in reversed(names)]


def _read_new(path: Path, met: set[str], *, named: bool) -> Iterator[Article | Skipped]:
    if _is_new(path, met):
        yield from _read(InputFile(path, _shown(path)), named=named)


def _read(file: InputFile, *, named: bool) -> Iterator[Article | Skipped]:
    """Yield what one file gives; whatever goes wrong in it ends this file only."""
    try:
        yield from kind_of(file, named=named).read(file)
    except ReadError as error:
        yield Skipped(origin=file.name, reason=str(error))
    except Exception as error:  # the batch's outermost loop: a parser may fail in any way
        _LOGGER.warning("cannot read %s", file.name, exc_info=True)
        yield Skipped(origin=file.name, reason=_reason(error))


def _reason(error: Exception) -> str:
    said = " ".join(str(error).split())
    return f"cannot be read: {type(error).__name__}: {said}"[:_MAX_REASON_CHARS]


def _is_new(path: Path, met: set[str]) -> bool:
    """Note a file or folder by its real path; False where it was met before."""
    real = os.path.realpath(path)
    if real in met:
        return False
    met.add(real)
    return True


def _shown(path: Path) -> str:
    """Return a path as it may be printed and stored: bytes that are no text are escaped."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")
