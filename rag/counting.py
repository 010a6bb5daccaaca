"""Questions for how often something happened, where no article gives the number."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.answer import Citation, Claim
from rag.chronology import Timeline
from rag.evidence import Evidence
from rag.periods import Period

LEAST_EVENTS = 2
STATED = 3
"""Sentences, the best, of which one may state the number."""

UNCOUNTED = "No article found says how often; these are the reports of it, by day."

_HOW_OFTEN = re.compile(
    r"^how (?:many times|often)\s+(?:(?:did|does|do|has|have|had|was|were|is|are)\s+)?(?P<what>\S.+?)\s*\?*$",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(
    r"^how many\s+(?P<what>[\w'’ -]+?)\s+(?:(?:has|have|had)\s+there\s+been|(?:were|are)\s+there"
    r"|(?:have\s+)?(?:taken|took)\s+place|(?:have\s+)?happened|(?:have\s+)?occurred)\b(?P<where>.*?)\s*\?*$",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"\b(?:once|twice|thrice|times|(?:every|each|per|a) (?:day|week|month|year)|daily|weekly|monthly"
    r"|annual(?:ly)?"
    r"|(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th))"
    r" (?:\w+ )?(?:time|since|this year|in))\b",
    re.IGNORECASE,
)


def occasions(question: str) -> str | None:
    """Return what a question wants counted that happened more than once, None where it asks for no such."""
    if match := _HOW_OFTEN.match(question.strip()):
        return match["what"]
    match = _HOW_MANY.match(question.strip())
    return f"{match['what']}{match['where']}" if match else None


def states_number(question: str, evidence: Evidence) -> bool:
    """Return whether one of the best sentences has a number of what is to be counted."""
    often = _HOW_OFTEN.match(question.strip())
    return any(
        _TIMES.search(sentence.text) if often else sentence.measured
        for sentence in evidence.sentences[:STATED]
    )


def reports(timeline: Timeline, period: Period | None) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """Return a claim for each event of the period, oldest first, with its first article; none for too few."""
    events = [
        event
        for event in timeline.events
        if period is None or period.start.isoformat() <= event.date <= period.end.isoformat()
    ]
    if len(events) < LEAST_EVENTS:
        return (), ()
    used = list(dict.fromkeys(event.citations[0] for event in events))
    claims = tuple(
        Claim(text=event.text, citations=(used.index(event.citations[0]) + 1,), supported=True, support=1.0)
        for event in events
    )
    return claims, _numbered(timeline.citations, used)


def _numbered(citations: Sequence[Citation], used: Sequence[int]) -> tuple[Citation, ...]:
    by_number = {citation.n: citation for citation in citations}
    return tuple(replace(by_number[number], n=n) for n, number in enumerate(used, start=1))
