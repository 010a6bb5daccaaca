"""The scores of one question, by the name of the measure."""

from collections.abc import Sequence

from rag.compose import QUOTE_MODEL
from rag.evaluate.dataset import EvalQuestion
from rag.evaluate.judging import Verdict
from rag.evaluate.metrics import (
    CUTOFFS,
    MRR_DEPTH,
    contains,
    graded_scores,
    reciprocal_rank,
    within,
)
from rag.evaluate.results import JudgedPassage, Looked, Reply

MRR = f"mrr@{MRR_DEPTH}"
IN_SENTENCES = "answer_in_sentences"


def first_hit(passages: Sequence[JudgedPassage]) -> int | None:
    """Return the rank of the first hit, None where there is none."""
    return next((passage.rank for passage in passages if passage.hit), None)


def scores_of(
    question: EvalQuestion, looked: Looked, rank: int | None, reply: Reply | None
) -> dict[str, float]:
    """Return the scores that the question has something to say about, each 0 to 1."""
    scores: dict[str, float] = {}
    if question.answerable:
        scores |= {f"hit@{k}": float(within(rank, k)) for k in CUTOFFS}
        scores[MRR] = reciprocal_rank(rank, MRR_DEPTH)
        if not question.by_judgement:
            scores |= _context_scores(question.answer, looked)
    if question.relevant:
        found = dict.fromkeys(passage.citation.article_id for passage in looked.passages)
        scores |= graded_scores(question.judged, list(found))
    return scores | (_reply_scores(question, reply) if reply else {})


def _context_scores(gold: str, looked: Looked) -> dict[str, float]:
    """Return whether the answer stands in the first k passages, and in the sentences chosen from them."""
    first = next((passage.rank for passage in looked.passages if passage.answers), None)
    scores = {f"answer_in_context@{k}": float(within(first, k)) for k in CUTOFFS}
    if looked.sentences is not None:
        scores[IN_SENTENCES] = float(any(contains(sentence, gold) for sentence in looked.sentences))
    return scores


def _reply_scores(question: EvalQuestion, reply: Reply) -> dict[str, float]:
    """Return the scores of an answer; the names of those of a part of the questions say which part."""
    kind = "answerable" if question.answerable else "unanswerable"
    scores = {"abstained": float(reply.abstained), f"abstained_{kind}": float(reply.abstained)}
    if question.answerable and not question.by_judgement:
        scores |= {"contains": float(reply.contains), "token_f1": reply.f1}
    shares = {"citation_precision": reply.citations.value, "citation_recall": reply.sentences.value}
    scores |= {name: share for name, share in shares.items() if share is not None}
    if reply.verdict:
        scores |= _verdict_scores(question, reply.verdict)
    scores["leaked"] = float(bool(reply.leaks))
    if not reply.abstained:
        scores["written"] = float(reply.model != QUOTE_MODEL)
    return scores


def _verdict_scores(question: EvalQuestion, verdict: Verdict) -> dict[str, float]:
    """Return what the judge says; what it left unjudged has no score."""
    scores: dict[str, float] = {}
    if question.answerable and verdict.right is not None:
        scores["judged_right"] = float(verdict.right)
    if verdict.supported is not None:
        scores["judged_supported"] = verdict.supported
    return scores
