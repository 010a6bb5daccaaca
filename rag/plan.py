"""How a question is understood before anything is searched."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from index.filters import Filter
from rag.conversation import stand_alone
from rag.periods import Period, find_period
from rag.question import Question
from rag.recency import recency_preference
from rag.small_talk import without_greeting
from rag.terms import names

_JOINED = re.compile(
    r"(?:,|;)?\s+and\s+(?=(?:who|whom|what|when|where|why|how|which)\b)|(?<=\?)\s+(?=\w)", re.I
)


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

    A follow-up is made to stand by itself, so that retrieval has what it leans on. The
    as-of day bounds the search together with `until`; articles of unknown date are seen only where
    no date was given, or the question asks for them.
    """
    as_of = question.as_of or today or datetime.now(UTC).date()
    resolved = stand_alone(without_greeting(question.text), question.history)
    bounded = any((question.as_of, question.since, question.until))
    return Plan(
        question=question,
        standalone=resolved.text,
        asks=resolved.asks,
        parts=split_question(resolved.asks),
        as_of=as_of,
        period=find_period(resolved.asks, as_of) or find_period(resolved.context, as_of),
        where=Filter(
            since=question.since,
            until=min(as_of, question.until) if question.until else as_of,
            as_of=question.as_of,
            sources=question.sources,
            undated=question.include_undated or not bounded,
        ),
        recency=recency_preference(resolved.asks),
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
    first = plan.standalone.removesuffix(plan.asks) + plan.parts[0]
    plans = [replace(plan, asks=plan.parts[0], standalone=first)]
    for part in plan.parts[1:]:
        standalone = part if names(part) else f"{first} {part}"
        plans.append(replace(plan, asks=part, standalone=standalone))
    return plans
