"""What one question gave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rag.answer import Citation
from rag.evaluate.answers import Share
from rag.evaluate.dataset import EvalQuestion
from rag.evaluate.judging import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPassage:
    """A retrieved passage: whether it is a hit, whether the answer stands in it, its article's grade.

    `rank` counts passages from 1; where hits go by judgements it counts articles, so that passages of
    one article share a rank. `answers` is about the passage's text alone, whichever article it is of.
    """

    citation: Citation
    rank: int
    hit: bool
    answers: bool
    grade: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        shown = self.citation
        return {
            "rank": self.rank,
            "hit": self.hit,
            "answers": self.answers,
            "grade": self.grade,
            "score": shown.score,
            "title": shown.title,
            "published": shown.published,
            "source": shown.source,
            "url": shown.url,
            "article_id": shown.article_id,
            "chunk_id": shown.chunk_id,
            "passage": shown.passage,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What retrieval gave for a question.

    `passages` are the first ones, as deep as is measured; `sentences` those chosen for the model from
    the passages that it is given, None where none were to be. `answerable` is the abstention score of the
    choice, how surely the archive answers (0 to 1), None where nothing was chosen from. `timings_ms` are of
    plan, retrieve, cite and search (these three), and of evidence, the choice of sentences.
    """

    passages: tuple[JudgedPassage, ...]
    sentences: tuple[str, ...] | None
    timings_ms: Mapping[str, float]
    answerable: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the whole chain answered.

    `contains` says whether the answer has the gold answer in it, and `f1` is that of their words;
    `citations` are those of claims, and good where their passage has the claim's names and numbers;
    `sentences` are good where they are cited; `leaks` are of later than the as-of day, a line each. `seconds`
    are to the end, `first_word_seconds` to the first word that was shown, None where nothing was. `verdict`
    is the judge's, None without one.
    """

    answer: str
    abstained: bool
    contains: bool
    f1: float
    citations: Share
    sentences: Share
    leaks: tuple[str, ...]
    model: str
    first_word_seconds: float | None
    seconds: float
    timings_ms: Mapping[str, float]
    verdict: Verdict | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, as a part of a question's."""
        first = self.first_word_seconds
        return {
            "answer": self.answer,
            "abstained": self.abstained,
            "contains": self.contains,
            "model": self.model,
            "ask_seconds": round(self.seconds, 4),
            "first_word_seconds": None if first is None else round(first, 4),
            "citations": self.citations.total,
            "citations_right": self.citations.good,
            "answer_sentences": self.sentences.total,
            "answer_sentences_cited": self.sentences.good,
            "leaks": list(self.leaks),
            **(self.verdict.to_dict() if self.verdict else {}),
        }


REPLY_FIELDS = ("answer", "abstained", "contains", "model", "ask_seconds")
"""Keys that are there, and null, where no answer was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    """A question, what was found, and its scores by the name of the measure.

    A measure that the question says nothing about is not among `scores`. `rank` is that of the first
    hit, from 1; None where there is none.
    """

    question: EvalQuestion
    looked: Looked
    rank: int | None
    groups: Mapping[str, str]
    scores: Mapping[str, float] = field(default_factory=dict)
    reply: Reply | None = None

    @property
    def id(self) -> str:
        """The question's id."""
        return self.question.id

    @property
    def missed(self) -> bool:
        """Whether a passage should have been found, and none was among the first."""
        return self.question.answerable and self.rank is None

    def to_dict(self, *, passages: bool = False) -> dict[str, Any]:
        """Return the JSON form, on demand with the passages and the chosen sentences."""
        asked = self.question
        fields: dict[str, Any] = {
            "id": asked.id,
            "question": asked.text,
            "gold": asked.answer or None,
            "as_of": asked.as_of.isoformat() if asked.as_of else None,
            "answerable": asked.answerable,
            **self.groups,
            "rank": self.rank,
            "scores": {name: round(score, 4) for name, score in self.scores.items()},
            "search_seconds": round(self.looked.timings_ms["search"] / 1000, 4),
            "timings_ms": {name: round(spent, 2) for name, spent in self.looked.timings_ms.items()},
            "answerability": None if (score := self.looked.answerable) is None else round(score, 4),
            **(self.reply.to_dict() if self.reply else dict.fromkeys(REPLY_FIELDS)),
        }
        if passages:
            fields["passages"] = [passage.to_dict() for passage in self.looked.passages]
            fields["sentences"] = None if self.looked.sentences is None else list(self.looked.sentences)
        return fields
