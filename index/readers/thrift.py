"""Numbers and names out of Thrift's compact protocol, in which Parquet writes its footer and page headers.

See https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from collections.abc import Iterator
from typing import BinaryIO

from index.errors import ReadError

STRUCT = 12
_STOP, _TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET = 0, 1, 2, 3, 7, 8, 9, 10
_INTEGERS = (4, 5, 6)
_MAX_DEPTH = 16
_MAX_NAME_BYTES = 10_000


class Compact:
    """Reads values one after another; what is not asked for is passed over, and nothing is kept.

    Its methods raise ReadError where the data are damaged.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def fields(self) -> Iterator[tuple[int, int]]:
        """Yield id and type of each field of a struct; its value is to be read before the next."""
        field = 0
        while (byte := self._byte()) != _STOP:
            field = field + (byte >> 4) if byte >> 4 else self.integer()
            yield field, byte & 0x0F

    def items(self) -> Iterator[int]:
        """Yield the type of each item of a list; its value is to be read before the next."""
        head = self._byte()
        count = self._varint() if head >> 4 == 15 else head >> 4
        for _ in range(count):
            yield head & 0x0F

    def integer(self) -> int:
        """Return a number of any width."""
        number = self._varint()
        return (number >> 1) ^ -(number & 1)

    def name(self) -> str:
        """Return a short text."""
        length = self._varint()
        if length > _MAX_NAME_BYTES:
            raise _damaged()
        return self._stream.read(length).decode("utf-8", "replace")

    def skip(self, kind: int, depth: int = 0) -> None:
        """Pass over a value of a type."""
        if depth > _MAX_DEPTH:
            raise _damaged()
        if kind in _INTEGERS:
            self._varint()
        elif kind in (_BYTE, _DOUBLE, _BINARY):
            width = self._varint() if kind == _BINARY else {_BYTE: 1, _DOUBLE: 8}[kind]
            self._stream.seek(width, 1)
        elif kind == STRUCT:
            for _, inner in self.fields():
                self.skip(inner, depth + 1)
        elif kind in (_LIST, _SET):
            for inner in self.items():
                # A truth value is a byte of its own in a list, and none in a struct.
                self.skip(_BYTE if inner in (_TRUE, _FALSE) else inner, depth + 1)
        elif kind not in (_TRUE, _FALSE):
            raise _damaged()

    def _varint(self) -> int:
        number = 0
        for shift in range(0, 70, 7):
            byte = self._byte()
            number |= (byte & 0x7F) << shift
            if not byte & 0x80:
                return number
        raise _damaged()

    def _byte(self) -> int:
        byte = self._stream.read(1)
        if not byte:
            raise _damaged()
        return byte[0]


def _damaged() -> ReadError:
    return ReadError("is not whole: a header of its Parquet data is damaged")
