"""Questions that are answered by a list: how often something happened, and which articles tell of it."""

import re
from dataclasses import dataclass, replace

from rag.answer import Citation, Claim
from rag.chronology import Timeline
from rag.evidence import Evidence
from rag.periods import Period
from rag.plain import is_correction, plain_title
from rag.terms import content_stems, numbers
from rag.wording import spelled_day, worded

LEAST_EVENTS = 2
TOLD = 0.5
"""Share of the words that name what is counted, of which a report has to have more."""

STATED = 3
"""Sentences, the best, of which one may state the number."""

UNCOUNTED = "No article found says how often; these are the reports of it, by day."

_ARTICLES = r"(?:articles|news articles|news stories|stories|reports|news items)"
_OUTLETS = (
    r"(?:news )?(?:outlets?|newspapers?|papers?|publications?|sites?|websites?|agency|agencies|sources?)"
)
_ON = r"(?:about|on|of|covering|mentioning|concerning|regarding)"
_ASKS_FOR_ARTICLES = (
    re.compile(
        rf"^how many {_ARTICLES}\s+(?:(?:are|were|do you have|does the archive have)\s+)?(?:there\s+)?"
        rf"(?:in the archive\s+)?(?:{_ON}|mention|cover|tell of|deal with)\s+(?P<what>.+?)\s*\?*$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^(?:which|what) {_OUTLETS}\s+(?:(?:have|has|had|was|were)\s+)?(?:first\s+)?"
        rf"(?:reported|covered|wrote|published|ran|carried|broke|told)\s+"
        rf"(?:(?:an?|the) (?:story|article|report)s?\s+)?(?:{_ON}\s+)?(?P<what>.+?)\s*\?*$",
        re.IGNORECASE,
    ),
)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An answer that is a list: its claims and citations, and what is said before and after them."""

    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    lead: str = ""
    note: str = ""


def articles_asked(question: str) -> str | None:
    """Return what a question wants the articles or outlets on, None where it asks for something else."""
    for pattern in _ASKS_FOR_ARTICLES:
        if match := pattern.match(question.strip()):
            return match["what"]
    return None


def articles(timeline: Timeline) -> Listed:
    """Return a claim for each article of a story, oldest first, with its outlet and day; empty for none.

    A timeline reads the best passages only, so the lead does not say that these are all.
    """
    found = {citation.article_id: citation for citation in reversed(timeline.citations)}
    ordered = sorted(found.values(), key=lambda citation: (citation.published or "", citation.n))
    if not ordered:
        return Listed()
    outlets = list(dict.fromkeys(plain_title(citation.source) for citation in ordered))
    several = f"{len(ordered)} articles" if len(ordered) > 1 else "one article"
    where = f"{len(outlets)} outlets ({', '.join(outlets)})" if len(outlets) > 1 else outlets[0]
    return Listed(
        claims=tuple(
            Claim(text=told_by(citation), citations=(n,), supported=True, support=1.0)
            for n, citation in enumerate(ordered, start=1)
        ),
        citations=tuple(replace(citation, n=n) for n, citation in enumerate(ordered, start=1)),
        lead=f"I found {several} on this, from {where}; the archive may hold more.",
    )


def told_by(citation: Citation) -> str:
    """Return what an article tells of the story, under its outlet and day."""
    told = worded(citation.passage[slice(*citation.highlights[0])]) if citation.highlights else ""
    dated = f", {spelled_day(citation.published)}" if citation.published else ""
    return f"{plain_title(citation.source)}{dated}: {told or plain_title(citation.title)}"


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


def reports(timeline: Timeline, what: str, period: Period | None) -> Listed:
    """Return a claim for each event of the period that tells of `what`, oldest first; none for too few.

    Each cites its first article. A figure that was corrected, and the correction, are no events of their own.
    """
    citations = {citation.n: citation for citation in timeline.citations}
    events = [
        event
        for event in timeline.events
        if (period is None or period.start.isoformat() <= event.date <= period.end.isoformat())
        and _tells_of(what, event.text)
        and not is_correction(event.text)
        and not states_corrected(event.text, citations[event.citations[0]])
    ]
    if len(events) < LEAST_EVENTS:
        return Listed()
    used = list(dict.fromkeys(event.citations[0] for event in events))
    claims = tuple(
        Claim(text=event.text, citations=(used.index(event.citations[0]) + 1,), supported=True, support=1.0)
        for event in events
    )
    cited = tuple(replace(citations[number], n=n) for n, number in enumerate(used, start=1))
    return Listed(claims=claims, citations=cited, note=UNCOUNTED)


def _tells_of(what: str, text: str) -> bool:
    """Return whether a sentence has more than half of the words by which the event is named."""
    wanted, said = frozenset(content_stems(what)), frozenset(content_stems(text))
    return len(wanted & said) > len(wanted) * TOLD


def states_corrected(text: str, citation: Citation) -> bool:
    """Return whether a sentence has a number that a correction of its article names."""
    own = frozenset(numbers(text))
    return any(own & {*numbers(one.text)} for one in citation.corrections)
