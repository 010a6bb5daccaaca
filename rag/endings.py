"""Whether something is over: when a question asks for that, and which sentences tell it."""

import re

OVER = "(over)"
"""Stands among the terms of a question and of a sentence for all the words that say so."""

_ASKS = re.compile(
    r"^(?:(?:and|so|but)\s+)?(?:is|are|was|were|has|have|had|did|does|do)(?:n['’]t)?\b.*"
    r"\b(?:over|end(?:s|ed|ing)?|finish(?:ed)?|settled?|resumed?|concluded?|continu(?:e[sd]?|ing)|stop(?:ped)?"
    r"|called off|still (?:on(?: strike)?|going on|going|under ?way|in force|in place|happening))"
    r"(?:\s+(?:now|yet|already|at last|for good))?\W*$",
    re.I,
)
_END_WORDS = frozenset(
    """end ends ended ending finish finished settle settled resume resumed conclude concluded continue
    continues continued continuing going stop stopped called off over still yet already last good""".split()
)
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
    return bool(_ASKS.match(question.strip()))


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
