"""How good the answers of a tool are, by the measures of `dateline eval`, and the table of all tools."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from peers_scores import DATED, OPEN, TOOL, Known, citation_of, table

from index.sentences import sentence_spans
from rag.answer import Answer, Citation, Claim, Freshness
from rag.evaluate.answers import Share, cited_rightly, cited_sentences, missing_from, text_of, token_f1
from rag.evaluate.bootstrap import p_values
from rag.evaluate.dataset import EvalQuestion
from rag.evaluate.metrics import contains, mean

ABSTAINING = (
    "don't know",
    "do not know",
    "cannot answer",
    "can't answer",
    "unable to answer",
    "cannot be answered",
    "can't assist",
    "cannot assist",
    "cannot determine",
    "cannot be determined",
    "unable to determine",
    "cannot provide",
    "can't provide",
    "unable to provide",
    "don't have enough information",
    "do not have enough information",
    "not enough information",
    "no information",
    "does not provide",
    "does not mention",
    "does not specify",
    "does not contain",
    "doesn't provide",
    "doesn't mention",
    "doesn't specify",
    "doesn't contain",
    "not mentioned in",
    "not provided in",
    "not specified in",
    "empty response",
)
"""An answer whose first sentence has one of these, in any case, is an abstention; so is an empty one."""
QUALITY = (
    "contains",
    "token F1",
    "citation precision",
    "citation recall",
    "borne out",
    "abstained, answerable",
    "abstained, unanswerable",
)
WORK = ("passages", "leaks", "unfiltered", "p50 s", "p95 s")
TENTHS = ("passages", "p50 s", "p95 s")
NONE = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What one question gave.

    `checkable` counts the sentences of the answer, and as good those whose names and numbers all stand in
    one of the passages that the tool returns with it; `passages` is how many these are. `later` is how
    many of the passages behind the answer are of later than the question's day, and `unfiltered` how many
    without a date filter.
    """

    answerable: bool
    abstained: bool
    contains: bool
    f1: float
    citations: Share
    sentences: Share
    checkable: Share
    passages: int
    later: int
    unfiltered: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One tool, measured.

    `p` is of contains and `f1_p` of token F1, both against Dateline as of the day; None where it is that.
    """

    peer: str
    name: str
    dated: bool
    scored: tuple[Scored, ...] = field(repr=False)
    p: float | None = None
    f1_p: float | None = None

    def values(self) -> dict[str, float | None]:
        """Return the measures by the heads of their columns; None of nothing."""
        answerable = [one for one in self.scored if one.answerable]
        rest = [one for one in self.scored if not one.answerable]
        given = [one for one in self.scored if not one.abstained]
        p50, p95 = np.percentile([one.seconds for one in given], [50, 95]) if given else (None, None)
        return {
            "contains": _mean([one.contains for one in answerable]),
            "token F1": _mean([one.f1 for one in answerable]),
            "citation precision": _mean([one.citations.value for one in given]),
            "citation recall": _mean([one.sentences.value for one in given]),
            "borne out": _mean([one.checkable.value for one in given]),
            "abstained, answerable": _mean([one.abstained for one in answerable]),
            "abstained, unanswerable": _mean([one.abstained for one in rest]),
            "passages": _mean([one.passages for one in given]),
            "leaks": _mean([one.later > 0 for one in self.scored]),
            "unfiltered": _mean([one.unfiltered > 0 for one in self.scored]),
            "p50 s": None if p50 is None else float(p50),
            "p95 s": None if p95 is None else float(p95),
        }

    def cells(self) -> list[str]:
        """Return a line of the table; a p value stands in brackets behind its measure."""
        values, tested = self.values(), {"contains": self.p, "token F1": self.f1_p}
        cells = [self.name, DATED if self.dated else OPEN]
        for head in (*QUALITY, *WORK):
            value, p = values[head], tested.get(head)
            digits = 1 if head in TENTHS else 3
            shown = NONE if value is None else f"{value:.{digits}f}"
            cells.append(shown + (f" ({p:.3f})" if p is not None else ""))
        return cells


def scored(question: EvalQuestion, message: Mapping[str, Any], articles: Mapping[str, Known]) -> Scored:
    """Return the scores of a worker's message on a question."""
    said = message["said"]
    answer = answer_of(question, said, articles)
    text = text_of(answer)
    shown = said["cited"] if said["claims"] is not None else said["passages"]
    checked = _citations(shown, articles)
    borne_out = [
        any(not missing_from(citation, claim.text) for citation in checked) for claim in answer.claims
    ]
    return Scored(
        answerable=question.answerable,
        abstained=answer.abstained,
        contains=contains(text, question.answer),
        f1=token_f1(text, question.answer),
        citations=cited_rightly(answer),
        sentences=cited_sentences(answer),
        checkable=Share(good=sum(borne_out), total=len(borne_out)),
        passages=len(shown),
        later=_later(question, [article for article, _ in said["passages"]], articles),
        unfiltered=_later(question, message["unfiltered"], articles),
        seconds=message["seconds"],
    )


def answer_of(question: EvalQuestion, said: Mapping[str, Any], articles: Mapping[str, Known]) -> Answer:
    """Return what a tool said in the form that `dateline eval` measures.

    Where the tool does not name its claims, every sentence is one; where it does not say that it abstains,
    its words say so (`ABSTAINING`).
    """
    text = said["answer"]
    abstained = said["abstained"] if said["abstained"] is not None else abstains(text)
    claims = said["claims"]
    if claims is None:
        claims = [(text[start:end], []) for start, end in sentence_spans(text)]
    return Answer(
        question=question.text,
        standalone_question=question.text,
        as_of=question.as_of.isoformat() if question.as_of else "",
        answer=text,
        abstained=abstained,
        reason=None,
        claims=()
        if abstained
        else tuple(
            Claim(text=claim, citations=tuple(numbers), supported=True, support=1.0)
            for claim, numbers in claims
        ),
        citations=tuple(_citations(said["cited"], articles)),
        freshness=Freshness(),
        follow_ups=(),
        index_version=None,
        model="",
    )


def abstains(text: str) -> bool:
    """Return whether a text without a flag of its own says that it does not answer."""
    spans = sentence_spans(text)
    if not spans:
        return True
    start, end = spans[0]
    first = text[start:end].casefold().replace("’", "'")
    return any(phrase in first for phrase in ABSTAINING)


def compared(row: AnswerRow, ours: AnswerRow) -> AnswerRow:
    """Return a row with the p values of its differences to another's, over the answerable questions."""
    pairs = [(one, other) for one, other in zip(row.scored, ours.scored, strict=True) if one.answerable]
    gains = np.array(
        [
            [float(one.contains) - float(other.contains) for one, other in pairs],
            [one.f1 - other.f1 for one, other in pairs],
        ]
    )
    p, f1_p = p_values(gains, seed=0)
    return replace(row, p=p, f1_p=f1_p)


def tables(rows: Sequence[AnswerRow], failed: Mapping[str, str]) -> str:
    """Return the table in Markdown, and what the tools that failed said."""
    failures = [f"failed: {name}: {text}" for name, text in failed.items()]
    lines = [[*TOOL, *QUALITY, *WORK], *(row.cells() for row in rows)]
    return "\n\n".join([table(lines), *failures])


def _citations(passages: Sequence[tuple[str, str]], articles: Mapping[str, Known]) -> list[Citation]:
    """Return passages, each an article's id and a text, numbered from 1."""
    return [
        citation_of(article, text, articles, number=number)
        for number, (article, text) in enumerate(passages, start=1)
    ]


def _later(question: EvalQuestion, found: Sequence[str], articles: Mapping[str, Known]) -> int:
    """Return how many articles are of later than the question's day."""
    as_of = question.as_of.isoformat() if question.as_of else None
    return sum(as_of is not None and articles[one].published > as_of for one in found)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [float(value) for value in values if value is not None]
    return mean(known) if known else None
