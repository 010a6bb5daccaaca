"""Checksums of the catalogue's rows: SQLite itself does not notice a bit that was flipped on the disk."""

import sqlite3
import zlib
from collections.abc import Sequence


def row_checksum(values: Sequence[object]) -> int:
    """Return the CRC-32 of a row's values; None and "" differ, and so do 1 and "1"."""
    checksum = 0
    for value in values:
        if isinstance(value, bytes):
            data = b"b" + value
        else:
            data = f"{type(value).__name__[0]}{value}".encode("utf-8", "surrogatepass")
        checksum = zlib.crc32(len(data).to_bytes(8, "big") + data, checksum)
    return checksum


def register_checksum(connection: sqlite3.Connection) -> None:
    """Let SQL that runs on this connection call `row_checksum` with the values of a row."""
    connection.create_function("row_checksum", -1, lambda *values: row_checksum(values), deterministic=True)


def is_intact(values: Sequence[object], checksum: int | None) -> bool:
    """Say whether a row is what was stored; rows of a release that kept no checksum are taken as they are."""
    return checksum is None or row_checksum(values) == checksum
