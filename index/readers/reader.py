"""What a reader of one kind of input provides."""

from collections.abc import Iterator
from typing import Protocol

from index.article import Article, Skipped
from index.readers.opening import InputFile


class Reader(Protocol):
    """Reads one kind of file; stateless, so that one instance serves every file."""

    def read(self, file: InputFile) -> Iterator[Article | Skipped]:
        """Yield the articles of a file, and what was skipped in it, in order.

        Raises:
            ReadError: nothing more of the file can be read, and why.
        """
        ...
