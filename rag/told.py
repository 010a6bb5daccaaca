"""How an answer is told, event by event."""

from collections.abc import Iterator, Sequence

from rag.answer import Claim
from rag.events import ClaimEvent, Event, PlanEvent, TokenEvent
from rag.plan import Plan
from rag.wording import marked


def plan_event(plan: Plan) -> PlanEvent:
    """Return how a question was read."""
    return PlanEvent(
        standalone_question=plan.standalone,
        as_of=plan.as_of.isoformat(),
        since=plan.where.since.isoformat() if plan.where.since else None,
        until=plan.where.until.isoformat() if plan.where.until else None,
        sources=plan.where.sources,
    )


def token_events(text: str) -> Iterator[Event]:
    """Yield a text word by word; nothing for none."""
    words = text.split(" ") if text else []
    for at, word in enumerate(words):
        yield TokenEvent(text=word if at == len(words) - 1 else f"{word} ")


def claim_events(claims: Sequence[Claim]) -> Iterator[Event]:
    """Yield the newest claim's text word by word, then the claim."""
    yield from token_events(marked(claims[-1], first=len(claims) == 1))
    yield ClaimEvent(claim=claims[-1])
