"""Who holds an office by what a sentence says, where others named it, left it or were sent away."""

import re

from rag.entities import Kind, Mention, mentions
from rag.terms import content_stems, names, stem, words

_RULES = "(?:runs?|ran|leads?|led|heads?|headed|manages?|managed|governs?|governed|chairs?|chaired)"
_ASKS_NOW = re.compile(rf"^(?:and\s+)?who(?:['’]s| is| (?:now |currently )?{_RULES}(?<!n|d))\s", re.I)
_WHO_RULES = re.compile(
    rf"^(?:and\s+)?who\s+(?:now\s+|currently\s+)?{_RULES}\s+"
    r"(?!for\b|against\b|in\b|(?:the\s+)?(?:race|polls?|standings|league|table|vote|field)\b)",
    re.I,
)
_RULERS = frozenset(
    map(stem, "head helm leader executive ceo president premier chancellor mayor governor".split())
)
_RULES_OTHER = re.compile(
    r"\b(?:head|helm|leader|executive|ceo|president|premier|chancellor|mayor|governor)\s+(?:of|at)\s+"
    r"(?:[a-z][\w-]*\s+){0,4}(?P<name>[A-Z][\w'’-]*)"
)
_NAMING = re.compile(
    r"(?:[\s,]+(?!was\b|were\b|is\b|been\b|be\b|being\b|got\b)[\w'’-]+){0,5}?[\s,]+(?P<verb>nominate[sd]|name[sd]"
    r"|appoint(?:s|ed)|chooses|chose|pick(?:s|ed)|tap(?:s|ped)|elect(?:s|ed)|confirm(?:s|ed)|hire[sd]"
    r"|promote[sd]|made|swore\s+in)\s+(?:[a-z][\w'’-]*[\s,]+){0,4}(?=[A-Z])"
)
_SENT_AWAY = re.compile(
    r"\b(?:sack(?:s|ed)|fire[sd]|dismiss(?:es|ed)|oust(?:s|ed)|remove[sd]|axe[sd]|drop(?:s|ped)"
    r"|replac(?:es|ed|ing)|succeed(?:s|ed|ing)|part(?:s|ed)\s+(?:company|ways)\s+with)\s+(?!by\b)"
    r"(?:(?:the|its|their|his|her|[a-z]+)\s+){0,5}$"
)
_BROUGHT_IN = re.compile(
    r"\b(?:brought\s+(?:back|in)|turned\s+(?:back\s+)?to|appointed|named|hired|installed|replaced\s+by)\s+"
    r"(?:[a-z][\w'’-]*[\s,]+){0,4}$"
)
_LEFT = re.compile(
    r"[\s,]*(?:[\w'’-]+[\s,]+){0,5}?(?:resigned|fired|sacked|ousted|stepped down|quit|was replaced)\b"
)


def asks_now(question: str) -> bool:
    """Return whether a question asks who has an office, or runs something, now."""
    return _ASKS_NOW.match(question) is not None


def rulers(question: str, sentence: str, known: set[str]) -> set[str]:
    """Return what a sentence may call somebody who "runs" what a question names; empty for others."""
    if not _WHO_RULES.match(question) or known.isdisjoint(words(sentence)):
        return set()
    others = {name for match in _RULES_OTHER.finditer(sentence) for name in names(match["name"])}
    return set() if others - known else set(_RULERS)


def names_other(one: Mention, sentence: str, asked: set[str]) -> bool:
    """Return whether somebody names another to an office, unless that was `asked` for.

    "President Nils Holt named Ida Brask as premier" does not say that he is the premier.
    """
    match = _NAMING.match(sentence, one.end)
    if match is None or asked & set(content_stems(match["verb"])):
        return False
    return any(other.start == match.end() and other.kind is Kind.PERSON for other in mentions(sentence))


def holding(
    likely: list[Mention], named: list[Mention], there: list[Mention], sentence: str
) -> list[Mention]:
    """Return who holds an office now: none who left it or was sent away, else who was brought in for them."""
    gone = [
        one for one in named if _LEFT.match(sentence, one.end) or _SENT_AWAY.search(sentence[: one.start])
    ]
    stay = [one for one in likely if one not in gone]
    new = [one for one in there if one not in gone and _BROUGHT_IN.search(sentence[: one.start])]
    return stay or (new if gone else [])
