"""Whether something is over: when a question asks for that, and which sentences tell it."""

import re

from rag.terms import words

OVER = "(over)"
"""Stands among the terms of a question and of a sentence for all the words that say so."""

_ASKS = re.compile(r"^(?:(?:and|so|but)\s+)?(?:is|are|was|were|has|have|had|did|does|do)(?:n['’]t)?\b", re.I)
_END_WORDS = frozenset(
    """end ends ended ending finish finished settled resume resumed conclude concluded continue continues
    continuing going goes stop stopped called off over still yet already""".split()
)
LAST = 4
"""Among so many words at the end of a question stands the one that asks for an end."""

_STILL = re.compile(r"\bstill\b", re.I)
_OVER = re.compile(
    r"\b(?:is|are|was|were|be|been|declared?|declares?)(?:n['’]t)?"
    r"(?:\s+(?:not|now|all|finally|officially|nearly|almost|far|from|nowhere|near|but|effectively|yet))*\s+over"
    r"(?=\s*(?:[.,;:!?\"”’)–—]|$)|\s+(?:and|after|but|for|now|by|since|as|in|when|yet|on|at|or)\b)",
    re.I,
)
_ENDED = re.compile(
    r"\b(?:ended|ends|(?:came|comes|come|brought|brings) to an end|call(?:ed|s) off|settled|settlement"
    r"|resum(?:ed|es)|concluded|lifted|finished|stopped|continu(?:es|ed|ing)|goes on|drags? on"
    r"|no end in sight)\b(?! up\b)",
    re.I,
)
_UNSURE = re.compile(
    r"\b(?:would|could|might|may|if|until|unless|when|once|before|whether|to|hop\w+|want\w*)\b[^,;:]*$", re.I
)


def asks_for_end(question: str) -> bool:
    """Return whether a question asks if something is over, or goes on."""
    text = question.strip()
    if not _ASKS.match(text):
        return False
    return bool(_STILL.search(text)) or not _END_WORDS.isdisjoint(words(text)[-LAST:])


def without_end(subject: list[str]) -> list[str]:
    """Return the words of a question that say what it is that may be over."""
    return [word for word in subject if word not in _END_WORDS]


def tells_end(sentence: str) -> bool:
    """Return whether a sentence says that something is over, or that it goes on; not that it may be."""
    return any(
        not _UNSURE.search(sentence[: match.start()])
        for pattern in (_OVER, _ENDED)
        for match in pattern.finditer(sentence)
    )
