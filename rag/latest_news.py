"""Questions for the news itself: "What's new?", "Latest news from Orvale", "What happened yesterday?"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.passage import Passage
from rag.answer import Claim
from rag.chronology import Timeline
from rag.citing import Citer
from rag.counting import Listed, states_corrected, told_by
from rag.drafts import drafts_of
from rag.event_reports import tells
from rag.periods import Period
from rag.ranked import Hits, RankedPassage, Trace
from rag.retimed import is_time
from rag.terms import content_stems
from rag.wording import spelled_day

NEWEST = 5
"""So many articles, or events of one story, are told."""

LONGEST_TIME = 5
"""Words of a time at most: "since the beginning of May"."""

_OPENS = (
    r"(?:(?:(?:can|could) you\s+)?(?:please\s+)?(?:show|give|tell|bring|list|summari[sz]e)(?:\s+(?:me|us))?"
    r"|(?:a\s+)?summary of|what(?:['’]s|\s+is|\s+are|\s+was|\s+were)|are there|is there|any)"
)
_FRESH = (
    r"(?:latest|newest|most recent|recent|new|current|top|main|breaking|daily|(?:to|yester)day['’]s"
    r"|this (?:week|month)['’]s)"
)
_ABOUT = r"(?:about|on|from|in|of|for|regarding|concerning|around)"
_ASKS = (
    re.compile(
        rf"^(?:{_OPENS}\s+)?(?:(?:the|any|some|all|your)\s+)?"
        rf"(?:(?:{_FRESH}\s+)*(?:news|headlines)|(?:{_FRESH}\s+)+(?:stories|articles|updates|developments))"
        rf"(?:\s+{_ABOUT}\s+(?P<what>.+?)|\s+(?P<when>.+?))?$",
        re.I,
    ),
    re.compile(
        r"^what(?:['’]s|\s+is)\s+(?:new|going on|happening)"
        rf"(?:\s+(?:{_ABOUT}|with|at)\s+(?P<what>.+?)|\s+(?P<when>.+?))?$",
        re.I,
    ),
)
# "The main stories of the Bible", "the current articles of the constitution".
_OF_A_WORK = re.compile(r"^.*?\b(?:stories|articles)\s+of\b", re.I)
_HAPPENED = re.compile(
    r"^what(?:\s+has|\s+have|['’]s)?\s+(?:happened|been happening|been going on)(?:\s+(?P<when>.+?))?$", re.I
)
_ALL = re.compile(
    r"(?:(?:in|around|across)\s+)?(?:the\s+)?"
    r"(?:world|news|archive|general|here|now|right now|lately|recently)",
    re.I,
)


def news_asked(question: str) -> str | None:
    """Return the topic on which a question wants the news, "" for all news; None where it wants other things.

    "What happened?" is for the news only with a time: "What happened in Orvale?" has an answer of its own.
    """
    text = question.strip().rstrip("?!. ")
    if (match := _HAPPENED.match(text)) is not None:
        return "" if _is_of_all(match["when"] or "") else None
    match = next((found for pattern in _ASKS if (found := pattern.match(text))), None)
    if match is None or not _is_of_all(match["when"] or ""):
        return None
    what = _without_time(match["what"] or "")
    if what and _OF_A_WORK.match(text):
        return None
    return "" if _is_of_all(what) else what


def newest(passages: Sequence[Passage], citer: Citer, period: Period | None) -> Listed:
    """Return a claim for each article, given by its first passage, newest first: what it opens with.

    Its title again, headings and orders are passed over. A second report of a story is left out, and so is
    a figure that was corrected.
    """
    claims: list[Claim] = []
    citations = []
    told: set[int] = set()
    for passage in passages:
        found = RankedPassage(
            passage=passage, score=0.0, strength=0.0, trace=Trace(hits=Hits(), shares=(), rank=len(told) + 1)
        )
        title = frozenset(content_stems(passage.title))
        opening = next(
            (draft for draft in drafts_of([found]) if tells(draft) and not draft.own <= title), None
        )
        if opening is None or passage.cluster in told or len(claims) == NEWEST:
            continue
        citation = citer.citation(found, len(claims) + 1, [(opening.start, opening.end)])
        if states_corrected(opening.text, citation):
            continue
        told.add(passage.cluster)
        citations.append(citation)
        claims.append(_claim(told_by(citation), citation.n))
    if not claims and period:
        return Listed(note=f"The archive has no article of {_spelled(period)}.")
    lead = f"The newest articles of {_spelled(period)}:" if period else "The newest articles in the archive:"
    return Listed(claims=tuple(claims), citations=tuple(citations), lead=lead)


def newest_events(timeline: Timeline, what: str) -> Listed:
    """Return a claim for each of the last events of a story, newest first; empty where it has none."""
    by_number = {citation.n: citation for citation in timeline.citations}
    events = [
        event
        for event in reversed(timeline.events)
        if not states_corrected(event.text, by_number[event.citations[0]])
    ][:NEWEST]
    used = list(dict.fromkeys(event.citations[0] for event in events))
    return Listed(
        claims=tuple(
            _claim(f"{spelled_day(event.date)}: {event.text}", used.index(event.citations[0]) + 1)
            for event in events
        ),
        citations=tuple(replace(by_number[number], n=n) for n, number in enumerate(used, start=1)),
        lead=f"The latest in the archive on {what}, newest first:",
    )


def _claim(text: str, number: int) -> Claim:
    return Claim(text=text, citations=(number,), supported=True, support=1.0)


def _spelled(period: Period) -> str:
    first, last = spelled_day(period.start.isoformat()), spelled_day(period.end.isoformat())
    return first if first == last else f"{first} to {last}"


def _is_of_all(what: str) -> bool:
    return not what or bool(_ALL.fullmatch(what)) or is_time(what)


def _without_time(what: str) -> str:
    """Return a topic less the time that it ends with: "Orvale this week" is about Orvale."""
    parts = what.split()
    for count in range(min(LONGEST_TIME, len(parts)), 0, -1):
        if is_time(" ".join(parts[-count:])):
            return " ".join(parts[:-count])
    return what
