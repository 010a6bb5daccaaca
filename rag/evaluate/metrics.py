"""Measures of one question, and of the ranks of many, each between 0 and 1 and higher is better.

Texts are compared in lower case with every run of other characters than a-z and 0-9 as one blank.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from rag.answer import Citation

PASSAGE_WORDS = 220
CUTOFFS = (1, 4, 10, 20)
MRR_DEPTH = 10
NDCG_DEPTH = 10
RECALL_CUTOFFS = (10, 20)
_OTHER = re.compile(r"[^a-z0-9]+")


def normalise(text: str) -> str:
    """Return `text` as the measures compare it."""
    return _OTHER.sub(" ", text.lower()).strip()


def contains(text: str, gold: str) -> bool:
    """Return whether the gold answer stands in `text`."""
    answer = normalise(gold)
    return bool(answer) and answer in normalise(text)


def hits(passage: Citation, articles: Collection[str], gold: str) -> bool:
    """Return whether a passage answers.

    It does where it comes from one of `articles` and the gold answer stands in its title or in its
    first 220 words.
    """
    if passage.article_id not in articles:
        return False
    start = " ".join(passage.passage.split()[:PASSAGE_WORDS])
    return contains(passage.title, gold) or contains(start, gold)


def rank_of_hit(passages: Sequence[Citation], articles: Collection[str], gold: str) -> int | None:
    """Return the rank (from 1) of the first passage that answers, or None."""
    return first_rank([hits(passage, articles, gold) for passage in passages])


def first_rank(found: Sequence[bool]) -> int | None:
    """Return the rank (from 1) of the first that is true, or None."""
    return next((rank for rank, hit in enumerate(found, start=1) if hit), None)


def reciprocal_rank(rank: int | None, k: int) -> float:
    """Return 1/rank, 0 past rank k or without one."""
    return 1.0 / rank if rank is not None and rank <= k else 0.0


def within(rank: int | None, k: int) -> bool:
    """Return whether there is a rank, and it is at most k."""
    return rank is not None and rank <= k


def graded_scores(judged: Mapping[str, int], ranking: Sequence[str]) -> dict[str, float]:
    """Return nDCG@10 and recall@k of documents, best first and each once, as trec_eval computes them.

    The gain of a document is its grade; those without a grade are not relevant, and all relevant ones
    count in recall, found or not.
    """
    from pytrec_eval import RelevanceEvaluator

    names = {f"ndcg@{NDCG_DEPTH}": f"ndcg_cut_{NDCG_DEPTH}"}
    names |= {f"recall@{k}": f"recall_{k}" for k in RECALL_CUTOFFS}
    run = {document: float(-rank) for rank, document in enumerate(ranking)}
    found = RelevanceEvaluator({"q": dict(judged)}, set(names.values())).evaluate({"q": run}).get("q", {})
    return {name: float(found.get(theirs, 0.0)) for name, theirs in names.items()}


def hit_at(ranks: Sequence[int | None], k: int) -> float:
    """hit@k: the share of questions that one of the first k passages answers."""
    return mean([within(rank, k) for rank in ranks])


def mrr_at(ranks: Sequence[int | None], k: int) -> float:
    """MRR@k: the mean of 1/rank of the first passage that answers, 0 where it is past rank k."""
    return mean([reciprocal_rank(rank, k) for rank in ranks])


def mean(values: Sequence[float]) -> float:
    """Return the arithmetic mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0
