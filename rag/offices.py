"""The office that a question speaks of, by which "who followed him?" is asked of the same."""

import re

from rag.entities import Kind, mentions, surname
from rag.terms import names

_HEADS = frozenset(
    """president minister chancellor mayor governor senator chief director chair chairman chairwoman secretary
    leader premier deputy mediator manager editor coach commander captain executive engineer judge king
    queen pope spokesman spokeswoman warden speaker""".split()
)
_BEFORE_HEAD = frozenset(
    "prime vice deputy acting interim foreign finance defence interior general city project national".split()
)
_LITTLE = "of|for|at|in"
_WORD = re.compile(r"[\w'’&-]+")
_PLACE = re.compile(rf"\s+(?:{_LITTLE})\s+(?:the\s+)?[A-Z][\w'’&-]*(?:\s+(?:of\s+)?[A-Z&][\w'’&-]*)*")
_HOLDS = re.compile(
    r"^(?:and\s+)?who(?:['’]s|\s+(?:is|was|will\s+be|became|becomes))(?:\s+(?:the|elected|named|appointed|chosen"
    r"|made|sworn\s+in|nominated|now|as|currently|new|next)\b)*\s+$|\b(?:as|for|become|became)\s+(?:the\s+)?$"
    r"|^(?:when|why|where|how)\s+(?:is|was|did|does|has|had|will)\s+(?:the\s+)?$",
    re.I,
)
_CHANGES = re.compile(
    r"^who\s+(?:(?:has|will|had)\s+)?(?:follow|succeed|replace|come after|came after|take over from"
    r"|took over from|taken over from)(?:s|d|ed|eded)?\s+(?P<after>.+)$"
    r"|^who\s+(?:did|will|has)\s+(?P<before>.+?)\s+(?:succeed(?:ed)?|replaced?|follow(?:ed)?|take over from)$"
    r"|^(?:when|why|how)\s+(?:did|was|is|will|has)\s+(?P<when>.+?)\s+(?:resign(?:ed)?|quit|step(?:ped)? down"
    r"|sworn in|elected|appointed|named|replaced|succeeded|removed)$",
    re.I,
)


def with_office(text: str, question: str) -> str | None:
    """Return a question on how somebody came to an office or left it, with the office that is meant.

    `question` is the one before it. None where `text` asks nothing of that kind, or somebody else holds
    the office of that question.
    """
    asked = text.rstrip("?!. ")
    match = _CHANGES.match(asked)
    person = next(filter(None, match.groups()), None) if match else None
    held = office_of(person, question) if person and names(person) else None
    return f"{asked} as {held}?" if held else None


def office_of(person: str, question: str) -> str | None:
    """Return the office that a question says somebody has, had or gets: "mayor of Orvale".

    One that stands right before a name is that person's; any other has to be what is asked for, or
    to be led by "as".
    """
    words = list(_WORD.finditer(question))
    heads = [at for at, word in enumerate(words) if word.group().lower() in _HEADS]
    for at in heads:
        if at + 1 in heads:
            continue
        first = at
        while first and words[first - 1].group().lower() in _HEADS | _BEFORE_HEAD:
            first -= 1
        start, end = words[first].start(), words[at].end()
        office = " ".join(_WORD.findall(question[start:end])).lower()
        if titled := _named_next(question, end):
            if surname(titled) == surname(person):
                return office
            continue
        if _HOLDS.search(question[:start]):
            place = _PLACE.match(question, end)
            return f"{office}{place.group() if place else ''}"
    return None


def _named_next(question: str, end: int) -> str | None:
    """Return the person whose name follows an office at once."""
    rest = question[end:]
    found = mentions(f"Mr{rest}") if re.match(r"\s+[A-Z]", rest) else []
    return found[0].name if found and found[0].kind is Kind.PERSON else None
