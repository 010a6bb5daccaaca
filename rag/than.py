"""The two things of which a question asks which has more: "Did the nurses get a bigger raise than …?"."""

import re

from rag.degrees import NAMED, VERB, asked, bare, comparison
from rag.phrases import AUXILIARIES, is_plural
from rag.terms import STOP_WORDS, names

Side = tuple[str, str]
"""What is asked of one of the things, and the thing."""

_DEFINITE = r"(?:the|this|that|these|those|last)\s+[\w'’-]+(?:\s+(?!(?:than|or)\b)[\w'’-]+){0,4}"
_WHERE = r"in|at|from|on|by|under|for|during|after|before"
_MANY = r"(?i:by\s+how|how)\s+(?:many|much)"
_THAN = re.compile(
    rf"^(?P<verb>{VERB}|{_MANY})\s+(?P<head>.+?)\s+than\s+(?:(?P<where>{_WHERE})\s+)?"
    rf"(?P<other>{NAMED}(?:['’]s?)?|{_DEFINITE}|[a-z][\w'’-]*)(?:\s+{VERB})?\s*\?*$"
)
_OR = re.compile(
    rf"^(?P<verb>{VERB}|{_MANY})\s+(?P<head>.+?\s(?P<where>{_WHERE})\s+(?:{NAMED}|{_DEFINITE}))\s*,?\s+or\s+"
    rf"(?:(?P=where)\s+)?(?P<other>{NAMED}|{_DEFINITE})\s*\?*$"
)
_MUCH = re.compile(r"^(?:many|much)\s+")
_DID = re.compile(rf"\s+{VERB}$")
_ARTICLE = re.compile(r"\s+(?:an?|any|the|much|far|even|still)$", re.I)
_IS = re.compile(r"(?:is|are|was|were)\b", re.I)
_ONE = re.compile(r"\b(?:one|ones)$")
_NOUN = re.compile(rf"(?P<noun>[a-z][\w-]*)(?:\s+(?:{_WHERE}|of)\s.*)?$")
_YEAR = re.compile(r"^(?:the\s+)?(?:19|20)\d\d$", re.I)
_SAID = frozenset("said thought got had knew hoped sought bid paid won lost made felt meant".split())
_LITTLE = frozenset("of for with to".split())


def sides(question: str) -> tuple[Side, Side] | None:
    """Return what is asked of each of two things of which a question asks which has more; None for others."""
    match = _THAN.match(question) or _OR.match(question)
    if match is None or not comparison(match["head"]):
        return None
    head, where = _MUCH.sub("", match["head"]), match["where"]
    other = _DID.sub("", match["other"])
    place = (
        _named(head, where) or _definite(head, where) or (None if where else _subject(head, match["verb"]))
    )
    if place is None or not _is_thing(other):
        return None
    thing = head[slice(*place)]
    if noun := _ONE.search(other) and _NOUN.search(thing):
        other = _ONE.sub(noun["noun"], other)
    if other == thing:
        return None
    acts = not _IS.match(match["verb"])
    swapped = f"{head[: place[0]]}{other}{head[place[1] :]}"
    return (_asked(head, acts), thing), (_asked(swapped, acts), other)


def _asked(head: str, acts: bool) -> str:
    return asked(bare(head), acts=acts)


def _named(head: str, where: str | None) -> tuple[int, int] | None:
    """Return where the name stands that the other replaces: after the same preposition, or first."""
    led = rf"{where} " if where else ""
    found = [
        one
        for one in re.finditer(rf"\b{led}(?P<thing>{NAMED})", head)
        if not (_YEAR.search(one["thing"]) and re.match(r"\s+[a-z]", head[one.end() :]))
    ]
    if not found:
        return None
    return found[-1 if where else 0].span("thing")


def _definite(head: str, where: str | None) -> tuple[int, int] | None:
    """Return where the phrase stands that the same preposition leads."""
    found = re.search(rf"\b{where}\s+(?P<thing>{_DEFINITE})$", head) if where else None
    return found.span("thing") if found else None


def _subject(head: str, verb: str) -> tuple[int, int] | None:
    """Return where the subject stands: what comes before the comparing word, less the verb of "did … get"."""
    word = comparison(head)
    said = _ARTICLE.sub("", head[: word.start()].rstrip()) if word else ""
    if not _IS.match(verb):
        said, _, _ = said.rpartition(" ")
    words = said.split()
    if not words or words[-1].lower() in _LITTLE or any(one.lower() in AUXILIARIES for one in words):
        return None
    return (0, len(said)) if words[0].lower() in STOP_WORDS or is_plural(words[-1]) else None


def _is_thing(other: str) -> bool:
    """Return whether what follows "than" is a thing rather than what was expected or what somebody did."""
    words = other.split()
    last = words[-1]
    if names(other) or last[0].isupper() or last.isdigit():
        return True
    if any(one.lower() in AUXILIARIES for one in words) or last.endswith("ed") or last in _SAID:
        return False
    return len(words) > 1 or is_plural(last)
