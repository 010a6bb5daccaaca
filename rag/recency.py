"""How much a question prefers what is new: less where it asks about history, more for the latest."""

import re

HISTORY, LATEST = 0.3, 1.5

_HISTORY = re.compile(
    r"\b(?:anniversary|histor(?:y|ic|ical|ically)|originally|first ever|founded|invented|centur(?:y|ies)|"
    r"decades? ago|years? ago|in the (?:19|20)?\d0s|used to|back then|at the time|"
    r"when was .* (?:born|built))\b",
    re.I,
)
_LATEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|current(?:ly)?|right now|so far|still|as of (?:now|today)|"
    r"(?<!-)breaking news|this (?:week|morning|afternoon|evening)|today|tonight|yesterday)\b",
    re.I,
)
_STATE = re.compile(
    r"^(?:(?:who|what|which|where)(?:\s+\w+)?|how\s+\w+)\s+(?:is|are|does|do|has|have|will|stands?|leads?)\b"
    r"|^(?:is|are|has|have|does|do|will)\b|\b(?:still|so far|by now)\b"
    r"|^how\s+(?:many|much)\b[^,;]*\b(?:has|have|is|are|does|do|will)\b",
    re.IGNORECASE,
)


def recency_preference(question: str) -> float:
    """Return by what the weight of recency is multiplied for a question: 1 where it says nothing."""
    if _LATEST.search(question):
        return LATEST
    return HISTORY if _HISTORY.search(question) else 1.0


def asks_for_state(question: str) -> bool:
    """Return whether a question asks how things stand: in the present tense, whatever is past counts less."""
    return _STATE.search(question.strip()) is not None and not _HISTORY.search(question)
