"""How rare words are in the archive, as it stood on the day that is asked about."""

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

from index.filters import Filter


class WordCounts(Protocol):
    """What is asked of a snapshot; of the filter the outlets and the first day do not count."""

    def document_frequencies(self, words: Sequence[str], where: Filter) -> Mapping[str, int]:
        """Return in how many chunks up to the filter's last day each word stands."""
        ...

    def chunks_until(self, where: Filter) -> int:
        """Return how many chunks there are up to the filter's last day."""
        ...


def rarities(words: Sequence[str], counts: WordCounts, where: Filter) -> dict[str, float]:
    """Return the smoothed inverse document frequency of each word: 1 or more.

    What is published after the as-of day does not change it, and so not what is answered.
    """
    chunks = counts.chunks_until(where)
    return {
        word: 1.0 + math.log(max(chunks + 1, found + 1) / (found + 1))
        for word, found in counts.document_frequencies(words, where).items()
    }
