"""What a reader of one kind of input provides."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from index.article import Article, Skipped
from index.readers.input import NO_HINTS, Hints, Input


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that an input names, to be fetched and read in turn.

    `hints` are what the input says of it, `fallback` is the article that it holds itself, taken where
    the address gives none. `entry` tells the link from the others of its input, and `digest` changes
    whenever what is said of it does; both are "" where the address is to be asked every time.
    """

    url: str
    hints: Hints = NO_HINTS
    fallback: Article | None = None
    entry: str = ""
    digest: str = ""


Found = Article | Skipped | Input | Link
"""What a reader yields: articles, what was skipped, and what is to be read in turn."""


class Reader(Protocol):
    """Reads one kind of input; keeps nothing between inputs, so that one instance serves them all."""

    def read(self, file: Input) -> Iterator[Found]:
        """Yield what an input gives, in order; an `Input` is read before the next item is asked for.

        Raises:
            ReadError: nothing more of the input can be read, and why.
        """
        ...
