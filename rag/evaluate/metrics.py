"""Measures of retrieval and answers, each between 0 and 1 and higher is better unless it says so.

Texts are compared in lower case with every run of other characters than a-z and 0-9 as one blank.
"""

import re
from collections.abc import Collection, Sequence

from rag.answer import Citation

PASSAGE_WORDS = 220
_OTHER = re.compile(r"[^a-z0-9]+")


def normalise(text: str) -> str:
    """Return `text` as the measures compare it."""
    return _OTHER.sub(" ", text.lower()).strip()


def contains(text: str, gold: str) -> bool:
    """Return whether the gold answer stands in `text`."""
    answer = normalise(gold)
    return bool(answer) and answer in normalise(text)


def rank_of_hit(passages: Sequence[Citation], articles: Collection[str], gold: str) -> int | None:
    """Return the rank (from 1) of the first passage that answers, or None.

    It does where it comes from one of `articles` and the gold answer stands in its title or in its
    first 220 words.
    """
    for rank, passage in enumerate(passages, start=1):
        start = " ".join(passage.passage.split()[:PASSAGE_WORDS])
        if passage.article_id in articles and (contains(passage.title, gold) or contains(start, gold)):
            return rank
    return None


def hit_at(ranks: Sequence[int | None], k: int) -> float:
    """hit@k: the share of questions that one of the first k passages answers."""
    return mean([rank is not None and rank <= k for rank in ranks])


def mrr_at(ranks: Sequence[int | None], k: int) -> float:
    """MRR@k: the mean of 1/rank of the first passage that answers, 0 where it is past rank k."""
    return mean([1.0 / rank if rank is not None and rank <= k else 0.0 for rank in ranks])


def mean(values: Sequence[float]) -> float:
    """Return the arithmetic mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0
