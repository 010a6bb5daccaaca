"""How a question is understood before anything is searched."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from index.filters import Filter
from rag.conversation import stand_alone
from rag.parts import Part, parts_of
from rag.periods import Period, find_period
from rag.question import Question
from rag.recency import recency_preference
from rag.small_talk import without_greeting
from rag.two_steps import TwoSteps, two_steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A question made ready for retrieval.

    `standalone` can be understood without the conversation; `asks` is the part of it that is asked
    now, and `parts` the questions that it is made of ("When … and who …?", "Which is larger, … or …?").
    `steps` are those of a question that leans on the answer to another ("How old is the man who …?").
    `period` is the time that the question names: a preference, not a bound. `recency` says how much it
    prefers what is new, 1 for most questions. `where` holds the bounds; nothing outside them is ever seen.
    """

    question: Question
    standalone: str
    asks: str
    parts: tuple[Part, ...]
    steps: TwoSteps | None = None
    as_of: date
    period: Period | None
    where: Filter
    recency: float = 1.0


def make_plan(question: Question, *, today: date | None = None, decompose: bool = True) -> Plan:
    """Return the plan of a question; `today` stands in for the clock.

    A follow-up is made to stand by itself, so that retrieval has what it leans on. The
    as-of day bounds the search together with `until`; articles of unknown date are seen only where
    no date was given, or the question asks for them. Unless it is to `decompose`, the question is its
    only part.
    """
    as_of = question.as_of or today or datetime.now(UTC).date()
    resolved = stand_alone(without_greeting(question.text), question.history)
    bounded = any((question.as_of, question.since, question.until))
    return Plan(
        question=question,
        standalone=resolved.text,
        asks=resolved.asks,
        parts=parts_of(resolved.asks) if decompose else (),
        steps=two_steps(resolved.asks) if decompose else None,
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


def plans_of_parts(plan: Plan) -> list[Plan]:
    """Return a plan for each part of the plan's question, in order.

    A later part that names nothing ("and who was present?") leans on the first, as a follow-up does. One
    that names a time of its own ("… than in 2022?") prefers that.
    """
    if len(plan.parts) < 2:
        return [plan]
    context = plan.standalone.removesuffix(plan.asks)
    first = context + plan.parts[0].asks
    plans = []
    for part in plan.parts:
        standalone = f"{first} {part.asks}" if part.leans else context + part.asks
        period = find_period(part.asks, plan.as_of) or plan.period
        plans.append(replace(plan, asks=part.asks, standalone=standalone, parts=(part,), period=period))
    return plans
