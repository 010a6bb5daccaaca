"""How a question is understood before anything is searched."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from index.filters import Filter
from rag.periods import Period, find_period
from rag.question import MAX_QUESTION_CHARACTERS, Message, Question
from rag.recency import recency_preference
from rag.terms import content_stems, names

_REFERRING = frozenset(
    """he him his she her hers they them their theirs it its this that these those there then both former
    latter one ones same else instead""".split()
)
_OPENS_FOLLOW_UP = re.compile(
    r"^(?:and|but|so|or|also|what about|how about|why|who else|where else|what else)\b", re.I
)
_JOINED = re.compile(
    r"(?:,|;)?\s+and\s+(?=(?:who|whom|what|when|where|why|how|which)\b)|(?<=\?)\s+(?=\w)", re.I
)
_WORD = re.compile(r"[a-z']+")
FEW_STEMS = 2
REMEMBERED_TURNS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A question made ready for retrieval.

    `standalone` can be understood without the conversation; `asks` is the part of it that is asked
    now, and `parts` the questions that it joins ("When … and who …?"). `period` is the time that the
    question names: a preference, not a bound. `recency` says how much it prefers what is new, 1 for most
    questions. `where` holds the bounds, and nothing outside them is ever seen.
    """

    question: Question
    standalone: str
    asks: str
    parts: tuple[str, ...]
    as_of: date
    period: Period | None
    where: Filter
    recency: float = 1.0


def make_plan(question: Question, *, today: date | None = None) -> Plan:
    """Return the plan of a question; `today` stands in for the clock.

    A follow-up is preceded by the question that it follows, so that retrieval has its names. The
    as-of day bounds the search together with `until`; articles of unknown date are seen only where
    no date was given, or the question asks for them.
    """
    as_of = question.as_of or today or datetime.now(UTC).date()
    subject = _subject(question.text, question.history)
    standalone = f"{subject} {question.text}" if subject else question.text
    bounded = any((question.as_of, question.since, question.until))
    return Plan(
        question=question,
        standalone=standalone,
        asks=question.text,
        parts=split_question(question.text),
        as_of=as_of,
        period=find_period(question.text, as_of) or (find_period(subject, as_of) if subject else None),
        where=Filter(
            since=question.since,
            until=min(as_of, question.until) if question.until else as_of,
            as_of=question.as_of,
            sources=question.sources,
            undated=question.include_undated or not bounded,
        ),
        recency=recency_preference(question.text),
    )


def split_question(text: str) -> tuple[str, ...]:
    """Return the questions that a question joins by "and", each with its own question word."""
    return tuple(part.strip(" ,;") for part in _JOINED.split(text) if part.strip(" ,;?"))


def plans_of_parts(plan: Plan) -> list[Plan]:
    """Return a plan for each question that the plan's question joins.

    A later part that names nothing ("and who was present?") leans on the first, as a follow-up does.
    """
    if len(plan.parts) < 2:
        return [plan]
    first = plan.standalone.removesuffix(plan.question.text) + plan.parts[0]
    plans = [replace(plan, asks=plan.parts[0], standalone=first)]
    for part in plan.parts[1:]:
        standalone = part if names(part) else f"{first} {part}"
        plans.append(replace(plan, asks=part, standalone=standalone))
    return plans


def is_follow_up(text: str) -> bool:
    """Return whether a question leans on what was said before it."""
    if _OPENS_FOLLOW_UP.match(text):
        return True
    if names(text):
        return False
    stems = content_stems(text)
    return len(stems) <= FEW_STEMS or bool(_REFERRING & set(_WORD.findall(text.lower())))


def _subject(text: str, history: tuple[Message, ...]) -> str | None:
    """Return the latest earlier question that stands by itself, if this one does not."""
    if not history or not is_follow_up(text):
        return None
    asked = [message.content for message in history if message.role == "user"][-REMEMBERED_TURNS:]
    for earlier in reversed(asked):
        if not is_follow_up(earlier):
            return _shortened(earlier)
    return _shortened(asked[0]) if asked else None


def _shortened(text: str) -> str:
    return " ".join(text[:MAX_QUESTION_CHARACTERS].split())
