"""Saying so where a question about now is answered from articles that are old for it.

How old is old depends on what is asked, in days between the newest cited article and the as-of day:

| asked about | old after |
|---|---|
| today, tonight, this morning, yesterday | 2 days |
| a time counted from now ("this week", "last month", "since May") | that time's first day, but 7 at least |
| what is latest, current, recent, or so "now" or "still" | 30 days |
| how things are or will be ("Who is …?", "When will …?"), no time named | 90 days |
| what was, and history | never |
"""

import re
from datetime import date

from rag.plan import Plan

OF_THE_DAY, OF_A_SPAN, OF_NOW, OF_A_STATE = 2, 7, 30, 90

_DAY = re.compile(r"\b(?:today|tonight|yesterday|this (?:morning|afternoon|evening))\b", re.IGNORECASE)
_FROM_NOW = re.compile(
    r"\b(?:this|last|past|previous)\s+(?:\w+\s+)?(?:days?|weeks?|weekend|months?|years?)\b|\bthe weekend\b|"
    r"\bsince\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|current(?:ly)?|now(?!-)|so far|still|at (?:the moment|present)|"
    r"as of today|to date|these days|nowadays|recent(?:ly)?)\b",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"^\W*(?:(?:and|so|but)\s+)?(?:(?:who|what|which|where|when|why|how)\s+(?:[\w’'-]+\s+){0,5}?)?"
    r"(?:is|are|do|does|has|have|can|will)\b|^\W*who\s+(?!was\b)\w+s\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:was|were|did|had|happened|became|won|died)\b", re.IGNORECASE)


def days_allowed(plan: Plan) -> int | None:
    """Return how many days old the newest article may be for what is asked; None where any age will do."""
    asked = plan.asks
    if plan.recency < 1:  # history
        return None
    if _DAY.search(asked):
        return OF_THE_DAY
    if _FROM_NOW.search(asked) and plan.period:
        return max((_seen_until(plan) - plan.period.start).days, OF_A_SPAN)
    if plan.period and plan.period.end < _seen_until(plan):
        return None
    if _NOW.search(asked):
        return OF_NOW
    tells_state = plan.period is None and _STATE.search(asked) and not _PAST.search(asked)
    return OF_A_STATE if tells_state else None


def staleness(plan: Plan, newest_cited: str | None) -> str | None:
    """Return a line on the age of the newest cited article (an ISO day), where it is old for the question."""
    allowed = days_allowed(plan)
    if allowed is None or newest_cited is None:
        return None
    newest, asked = date.fromisoformat(newest_cited[:10]), _seen_until(plan)
    age = (asked - newest).days
    if age <= allowed:
        return None
    return f"The newest article cited here is from {_day(newest)}, {age:,} days before {_day(asked)}."


def _seen_until(plan: Plan) -> date:
    """Return the last day whose articles the question may see."""
    return plan.where.until or plan.as_of


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
