"""What was measured of one configuration, as a whole and in its JSON form."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rag.evaluate.answers import Share
from rag.evaluate.bootstrap import CONFIDENCE, RESAMPLES
from rag.evaluate.judging import Judged
from rag.evaluate.measures import MEASURES, Group, Measure, Percentiles, percentiles_of
from rag.evaluate.metrics import CUTOFFS, mean
from rag.evaluate.results import QuestionResult
from rag.evaluate.risk import RiskCoverage
from rag.evaluate.scoring import MRR

# Keys of the JSON form that are there whatever was measured, null where it was not.
ALWAYS = (
    *(f"hit@{k}" for k in CUTOFFS),
    "contains",
    "token_f1",
    "citation_precision",
    "citation_recall",
    "abstained",
    "abstained_answerable",
    "abstained_unanswerable",
    "leaked",
    "written",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the answers hold, all together, and within how many seconds they were read.

    `answered` counts the questions that were answered, and the seconds are over these: to the first word
    that was shown, and to the end; None where none was. `citations` and `sentences` are those of all answers.
    `leaks` counts what is of later than its question's as-of day, in abstentions too.
    """

    answered: int
    citations: Share
    sentences: Share
    leaks: int
    first_word_s: Percentiles | None
    end_s: Percentiles | None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "answered": self.answered,
            "citations": self.citations.total,
            "citations_right": self.citations.good,
            "sentences": self.sentences.total,
            "sentences_cited": self.sentences.good,
            "leaks": self.leaks,
            "first_word_seconds": asdict(self.first_word_s) if self.first_word_s else None,
            "end_seconds": asdict(self.end_s) if self.end_s else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalReport:
    """What was measured of one configuration.

    `search_ms` and `ask_ms` are by stage; `build_seconds` is 0 where the index was in the cache, which
    is at `index`. `written` and `risk_coverage` are of questions that were asked to the end, None without
    any. `judge` is what a judge model said, None without one. `notes` say what a reader should know of
    the data.
    """

    dataset: str
    index: str
    articles: int
    chunks: int
    build_seconds: float
    questions: int
    answerable: int
    judged: int
    seed: int
    evidence_tokens: int
    measures: tuple[Measure, ...]
    groups: tuple[Group, ...]
    search_ms: Mapping[str, Percentiles]
    ask_ms: Mapping[str, Percentiles]
    notes: tuple[str, ...]
    results: tuple[QuestionResult, ...]
    written: Written | None = None
    risk_coverage: RiskCoverage | None = None
    judge: Judged | None = None

    def value(self, name: str) -> float | None:
        """Return the mean of a measure, None where it was not measured."""
        return next((measure.value for measure in self.measures if measure.name == name), None)

    def to_dict(self, *, passages: frozenset[str] = frozenset()) -> dict[str, Any]:
        """Return the JSON form; the results of the questions with an id in `passages` have theirs."""
        spent = [result.looked.timings_ms["search"] / 1000 for result in self.results]
        asked = [result.reply.seconds for result in self.results if result.reply]
        return {
            "dataset": self.dataset,
            "index": self.index,
            "articles": self.articles,
            "chunks": self.chunks,
            "build_seconds": self.build_seconds,
            "questions": self.questions,
            "answerable": self.answerable,
            "judged": self.judged,
            **{name: self.value(name) for name in MEASURES if name in ALWAYS or self.value(name) is not None},
            "mrr": self.value(MRR),
            "search_seconds": round(mean(spent), 4),
            "ask_seconds": round(mean(asked), 3) if asked else None,
            "ask_seconds_median": round(float(np.median(asked)), 3) if asked else None,
            "evidence_tokens": self.evidence_tokens,
            "measures": {measure.name: _bounds(measure) for measure in self.measures},
            "groups": [_group(group) for group in self.groups],
            "search_ms": {stage: asdict(spent) for stage, spent in self.search_ms.items()},
            "ask_ms": {stage: asdict(spent) for stage, spent in self.ask_ms.items()},
            "leaks": self.written.leaks if self.written else None,
            "answers": self.written.to_dict() if self.written else None,
            "risk_coverage": self.risk_coverage.to_dict() if self.risk_coverage else None,
            "judge": asdict(self.judge) if self.judge else None,
            "confidence": CONFIDENCE,
            "resamples": RESAMPLES,
            "seed": self.seed,
            "notes": list(self.notes),
            "results": [result.to_dict(passages=result.id in passages) for result in self.results],
        }


def written_of(results: Sequence[QuestionResult]) -> Written | None:
    """Return what the answers hold all together; None where no question was asked to the end."""
    replies = [result.reply for result in results if result.reply]
    if not replies:
        return None
    timings = [
        {"first": reply.first_word_seconds or 0.0, "end": reply.seconds}
        for reply in replies
        if not reply.abstained
    ]
    spent = percentiles_of(timings, digits=4)
    return Written(
        answered=len(timings),
        citations=_sum([reply.citations for reply in replies]),
        sentences=_sum([reply.sentences for reply in replies]),
        leaks=sum(len(reply.leaks) for reply in replies),
        first_word_s=spent.get("first"),
        end_s=spent.get("end"),
    )


def _sum(shares: Sequence[Share]) -> Share:
    return Share(good=sum(share.good for share in shares), total=sum(share.total for share in shares))


def _group(group: Group) -> dict[str, Any]:
    return {
        "by": group.by,
        "name": group.name,
        "questions": group.questions,
        "measures": {measure.name: _bounds(measure) for measure in group.measures},
    }


def _bounds(measure: Measure) -> dict[str, Any]:
    return {
        "value": measure.value,
        "low": measure.low,
        "high": measure.high,
        "questions": measure.questions,
    }
