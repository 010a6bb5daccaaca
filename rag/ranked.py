"""A retrieved passage, and why it stands where it does."""

from dataclasses import asdict, dataclass
from typing import Any

from index.passage import Passage
from index.records import LeftOut
from rag.answer import Citation
from rag.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one signal adds to a passage's score: `weight * value`."""

    signal: str
    value: float
    weight: float

    @property
    def adds(self) -> float:
        """The part of the score that comes from this signal."""
        return self.value * self.weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What the two searches gave a passage.

    `dense` is the cosine to the question, whether the dense search gave the passage or not; `lexical` the
    BM25 score, 0 where the lexical search did not give it. Ranks count from 1, None where a search did not.
    """

    dense: float = 0.0
    dense_rank: int | None = None
    lexical: float = 0.0
    lexical_rank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What each stage of retrieval gave a passage; `rank` is the one before reranking, `rerank` its score."""

    hits: Hits
    shares: tuple[Share, ...]
    rank: int
    rerank: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "dense": {"score": round(self.hits.dense, 4), "rank": self.hits.dense_rank},
            "lexical": {"score": round(self.hits.lexical, 4), "rank": self.hits.lexical_rank},
            "signals": [
                {
                    "name": share.signal,
                    "value": round(share.value, 4),
                    "weight": share.weight,
                    "adds": round(share.adds, 4),
                }
                for share in self.shares
            ],
            "rank": self.rank,
            "rerank": None if self.rerank is None else round(self.rerank, 4),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPassage:
    """A passage with its retrieval score (0 to 1).

    `strength` is the sum of the signals that the score is made of, of any sign; `trace` tells them.
    """

    passage: Passage
    score: float
    strength: float
    trace: Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How a query was read, what was found for it, and why: `traces[i]` is that of `passages[i]`.

    `left_out` counts the articles that could not be seen for want of a date.
    """

    plan: Plan
    passages: tuple[Citation, ...]
    traces: tuple[Trace, ...]
    left_out: LeftOut

    def to_dict(self, *, explained: bool = True) -> dict[str, Any]:
        """Return the JSON form: with `explained`, the reading, and each passage with its `explanation`."""
        passages = [passage.to_dict() for passage in self.passages]
        document: dict[str, Any] = {"passages": passages, "left_out": asdict(self.left_out)}
        if not explained:
            return document
        for passage, trace in zip(passages, self.traces, strict=True):
            passage["explanation"] = trace.to_dict()
        period = self.plan.period
        reading = {
            "query": self.plan.standalone,
            "as_of": self.plan.as_of.isoformat(),
            "period": [period.start.isoformat(), period.end.isoformat()] if period else None,
            "recency": self.plan.recency,
        }
        return {"plan": reading, **document}
