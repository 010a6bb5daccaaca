"""Questions for how often something happened, where no article gives the number."""

import re
from dataclasses import replace

from rag.answer import Citation, Claim
from rag.chronology import Timeline
from rag.evidence import Evidence
from rag.periods import Period
from rag.terms import content_stems, numbers

LEAST_EVENTS = 2
TOLD = 0.5
"""Share of the words that name what is counted, of which a report has to have more."""

STATED = 3
"""Sentences, the best, of which one may state the number."""

UNCOUNTED = "No article found says how often; these are the reports of it, by day."

_CORRECTION = re.compile(r"(?:correction|clarification|corrected)\b", re.IGNORECASE)
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


def reports(
    timeline: Timeline, what: str, period: Period | None
) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """Return a claim for each event of the period that tells of `what`, oldest first; none for too few.

    Each cites its first article. A figure that was corrected, and the correction, are no events of their own.
    """
    citations = {citation.n: citation for citation in timeline.citations}
    events = [
        event
        for event in timeline.events
        if (period is None or period.start.isoformat() <= event.date <= period.end.isoformat())
        and _tells_of(what, event.text)
        and not _is_corrected(event.text, citations[event.citations[0]])
    ]
    if len(events) < LEAST_EVENTS:
        return (), ()
    used = list(dict.fromkeys(event.citations[0] for event in events))
    claims = tuple(
        Claim(text=event.text, citations=(used.index(event.citations[0]) + 1,), supported=True, support=1.0)
        for event in events
    )
    return claims, tuple(replace(citations[number], n=n) for n, number in enumerate(used, start=1))


def _tells_of(what: str, text: str) -> bool:
    """Return whether a sentence has more than half of the words by which the event is named."""
    wanted, said = frozenset(content_stems(what)), frozenset(content_stems(text))
    return len(wanted & said) > len(wanted) * TOLD


def _is_corrected(text: str, citation: Citation) -> bool:
    """Return whether a sentence is a correction, or has a number that one of its article names."""
    own = frozenset(numbers(text))
    return bool(_CORRECTION.match(text)) or any(own & {*numbers(one.text)} for one in citation.corrections)
