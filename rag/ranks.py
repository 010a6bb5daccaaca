"""Words that make another office of one: a deputy mayor is no mayor, and neither is a former one."""

import re

from rag.entities import is_role
from rag.terms import stem

_LESSER = r"(?:deputy|vice|former|acting|interim|assistant|outgoing|honorary)"
_RANK = re.compile(rf"\b{_LESSER}\b", re.IGNORECASE)
_OFFICE = re.compile(rf"\b(?P<rank>{_LESSER}[\s-]+)?(?P<office>[a-z]+)\b", re.IGNORECASE)


def ranks_of(text: str) -> frozenset[str]:
    """Return the words of a text that make other offices, in lower case."""
    return frozenset(match.lower() for match in _RANK.findall(text))


def offices_of(text: str) -> frozenset[str]:
    """Return the stems of the offices that a text names, less those that it names with such a word only."""
    return frozenset(
        stem(match["office"].lower())
        for match in _OFFICE.finditer(text)
        if not match["rank"] and is_role(match["office"].lower())
    )
