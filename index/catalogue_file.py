"""The catalogue's file: opening it, running queries on it, and what SQLite's errors mean."""

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from index.checksums import row_checksum
from index.closing import Closes
from index.errors import ArchiveDamagedError, ArchiveError, ArchiveOutdatedError
from index.schema import SCHEMA_VERSION, schema_version

CATALOGUE_NAME = "catalogue.db"
MEND = "save what is sound of it with `dateline index repair --salvage`, or build it anew"
LOCK_WAIT_S = 30.0
_NO_ROOM = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL)
"""What SQLite says on a full disk, where it cannot make the memory that it shares between processes."""

PARAMETERS_PER_QUERY = 500
ROWS_PER_BLOCK = 4_096


class CatalogueFile(Closes):
    """The open file; every method may be called from any thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._guard = threading.Lock()

    @classmethod
    def open(cls, root: Path) -> Self:
        """Open the catalogue of the index at `root` for reading.

        Raises:
            ArchiveDamagedError: where it is missing or no catalogue.
            ArchiveMismatchError: where a newer release made it.
        """
        path = root / CATALOGUE_NAME
        if path.is_symlink() or not path.is_file():
            raise ArchiveDamagedError(f"{str(path)!r} is missing: {MEND}")
        with reported(path):
            try:
                connection, schema = _connect(_read_only(path))
            except sqlite3.OperationalError as error:
                log = path.with_name(f"{path.name}-wal")
                code = getattr(error, "sqlite_errorcode", 0) & 0xFF
                if code not in _NO_ROOM or (log.exists() and log.stat().st_size):
                    raise
                connection, schema = _connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1")
        if schema < SCHEMA_VERSION:
            connection.close()
            if not schema:
                raise ArchiveDamagedError(f"{str(path)!r} holds no catalogue: {MEND}")
            raise ArchiveOutdatedError(
                f"{str(path)!r} was written by an older release: bring it up to date with "
                "`dateline index repair`"
            )
        return cls(connection, path)

    def close(self) -> None:
        """Let the file go."""
        with self._guard:
            self._connection.close()

    def _in(self, values: Sequence[Any], sql: str, *before: Any) -> Iterator[Any]:
        """Run a query in parts, with the values for each star in an `IN (*)`, after those in `before`."""
        for start in range(0, len(values), PARAMETERS_PER_QUERY):
            part = list(values[start : start + PARAMETERS_PER_QUERY])
            marks = f"({','.join('?' * len(part))})"
            yield from self._all(sql.replace("(*)", marks), [*before, *part * sql.count("(*)")])

    def _all(self, sql: str, parameters: Sequence[Any]) -> list[Any]:
        with self._guard, reported(self._path):
            return self._connection.execute(sql, parameters).fetchall()

    def _each(self, sql: str) -> Iterator[Any]:
        """Yield the rows of a query over a whole table, a block at a time."""
        with self._guard, reported(self._path):
            cursor = self._connection.execute(sql)
        while True:
            with self._guard, reported(self._path):
                block = cursor.fetchmany(ROWS_PER_BLOCK)
            if not block:
                return
            yield from block

    def _sound(self, table: str, rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
        """Yield rows without the checksum, which stands at the end of each.

        Raises:
            ArchiveDamagedError: where one is not what was stored.
        """
        for *values, checksum in rows:
            if row_checksum(values) != checksum:
                raise ArchiveDamagedError(
                    f"{table} row {values[0]!r} in {str(self._path)!r} is not what was stored: {MEND}"
                )
            yield values

    def _one(self, sql: str, parameters: Sequence[Any]) -> Any:
        rows = self._all(sql, parameters)
        if not rows:
            raise ArchiveDamagedError(f"{str(self._path)!r} lacks what every version has: {MEND}")
        return rows[0][0]


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into the project's.

    Raises:
        ArchiveDamagedError: where the file is no intact catalogue.
        ArchiveError: where it cannot be read or written just now (permissions, a full disk).
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        # No such column, or (without a code) text that is not UTF-8.
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) == sqlite3.SQLITE_ERROR:
            raise ArchiveDamagedError(f"{str(path)!r} is damaged ({error}): {MEND}") from error
        raise ArchiveError(
            f"cannot use {str(path)!r} ({error}): check the disk's space and permissions"
        ) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise ArchiveDamagedError(f"{str(path)!r} is damaged ({error}): {MEND}") from error


def _connect(address: str) -> tuple[sqlite3.Connection, int]:
    """Return an open connection, and the number of the catalogue's last migration."""
    connection = sqlite3.connect(address, uri=True, check_same_thread=False, timeout=LOCK_WAIT_S)
    try:
        return connection, schema_version(connection)
    except BaseException:
        connection.close()
        raise


def _read_only(path: Path) -> str:
    """Return the address that opens the file for reading, on a read-only disk too."""
    uri = path.resolve().as_uri()
    return f"{uri}?mode=ro" if os.access(path.parent, os.W_OK) else f"{uri}?mode=ro&immutable=1"
