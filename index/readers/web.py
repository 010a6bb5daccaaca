"""What readers need of the web: an address opened as an input."""

from collections.abc import Iterator
from typing import Protocol

from index.article import Skipped
from index.config import ReadingConfig
from index.readers.input import Input
from index.readers.reader import Link


class Web(Protocol):
    """Opens addresses."""

    def open(self, link: Link, reading: ReadingConfig) -> Iterator[Input | Skipped]:
        """Yield the input behind an address, or why there is none; nothing where it did not change."""
        ...
