"""Whether a question leans on what was said before it."""

import re

from rag.binding import points_back, unbound_pronouns
from rag.ellipsis import is_elliptic
from rag.terms import content_stems, names

FEW_STEMS = 2
"""Up to so many words of its own, a question that names nothing leans on the one before it."""

ENOUGH_STEMS = 4
"""With more words of its own than this, one that points back ("on those plans") is found without help."""

_OPENS = re.compile(r"^(?:and|but|so|or|also|what about|how about)\b", re.I)
_ENDS_POINTING = re.compile(r"\b(?:that|this|those|these)\W*$", re.I)
_INTRODUCES = re.compile(
    r"^(?:(?:is there )?any (?:news|word)|tell me|what(?:'s| is) (?:new|the latest))\b", re.I
)
_CORRECTION = re.compile(
    r"^(?:(?:no|nope|sorry|oops|actually|wait|oh(?=\W+(?:no|sorry|oops|actually|wait|i|we)\b))(?:\s*[,.:;!–-]+\s*|\s+(?=(?:i|we)\s+mean)))*"
    r"(?:(?:i|we)\s+(?:meant|mean|was asking about)(?:\s+to\s+say)?\s*[,:]?\s+)?",
    re.I,
)
_MEANT_AFTER = re.compile(r"\s*[,–-]\s*(?:i|we)\s+(?:meant|mean)\s*[.!]*$", re.I)
_NOT_THAT = re.compile(r"^not\s+[^,;]{1,60}[,;]\s*(?:but\s+)?(?=(?:i|we)\s+mean|\w)", re.I)
_GOES_ON = re.compile(
    r"^(?:(?:and|but|so)\s+)?(?:then|next|afterwards|later|since|really|seriously|(?:are you )?sure|go on"
    r"|(?:please\s+)?(?:tell|show|give) me more(?:\s+\w+){0,3}|(?:some\s+)?more(?:\s+(?:details|please))*"
    r"|details|explain|what (?:happened|comes|came|was) (?:then|next|after that|afterwards))"
    r"(?:\s+please)?\W*$",
    re.I,
)
_OPENERS = frozenset(
    "since name list show explain describe compare summarise summarize mention any anything okay".split()
)


def is_follow_up(text: str) -> bool:
    """Return whether a question leans on what was said before it.

    It does where it is cut short, corrects, or has a pronoun that it does not explain itself; where it names
    nothing and has few words of its own, or points back.
    """
    if _OPENS.match(text) or goes_on(text) or correction_of(text) is not None or is_elliptic(text):
        return True
    if unbound_pronouns(text) or _ENDS_POINTING.search(text):
        return True
    if own_names(text) or _INTRODUCES.match(text):
        return False
    stems = len(content_stems(text))
    return stems <= FEW_STEMS or (stems <= ENOUGH_STEMS and points_back(text))


def goes_on(text: str) -> bool:
    """Return whether a message asks for more of the same: "and then?", "tell me more"."""
    return bool(_GOES_ON.match(text))


def own_names(text: str) -> list[str]:
    """Return the names of a question, less a word that is in capitals for opening it."""
    first, _, rest = text.partition(" ")
    return names(rest if first.lower().strip(",.?!") in _OPENERS else text)


def correction_of(text: str) -> str | None:
    """Return what a user says was meant ("no, in May": "in May"), or None where nothing is corrected."""
    rest = _MEANT_AFTER.sub("", text)
    meant = rest != text
    if match := _NOT_THAT.match(rest):
        rest, meant = rest[match.end() :], True
    opened = _CORRECTION.match(rest)
    if not meant and not (opened and opened.group()):
        return None
    return rest[opened.end() if opened else 0 :].strip(" .!?") or None
