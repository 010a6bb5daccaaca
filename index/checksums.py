"""Checksums of the catalogue's rows: SQLite itself does not notice a bit that was flipped on the disk."""

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


def is_intact(values: Sequence[object], checksum: int | None) -> bool:
    """Say whether a row is what was stored; rows of a release that kept no checksum are taken as they are."""
    return checksum is None or row_checksum(values) == checksum
