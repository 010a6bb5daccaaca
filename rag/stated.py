"""The numbers, days and persons that statements give for what is asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.dates_in_text import NamedDay, named_days
from rag.expectation import Expectation
from rag.figures import Figure, figures
from rag.ranks import ranks_of
from rag.statements import TOLLS, Statement, canonical, subject, usable
from rag.terms import content_words, name_groups, names, stem

_PEOPLE = frozenset(map(stem, "people person men man women woman victims residents others".split()))
LENGTH = re.compile(r"\bhow (?:long|far|high|tall|deep|wide)\b", re.IGNORECASE)
_MUCH = re.compile(r"\bhow much\b|\bwhat (?:\w+ )?(?:cost|price|budget|sum)\b", re.IGNORECASE)
_SHARE = re.compile(r"\b(?:percent\w*|per cent|share)\b", re.IGNORECASE)
_SAID_WHEN = re.compile(r"\b(?:said|told|announced|reported)\b[^,]{0,40}$")
# "Four other people died", "two of the 12": counted beside others, or among them.
_AMONG = re.compile(
    r"\s+(?:[a-z]+\s+){0,2}?(?:of (?:the|them|those|these|whom)\b|(?:others?|more|further|additional)\b)"
)
_BESIDE = re.compile(r"\b(?:another|an? (?:further|additional|extra))\s+$", re.IGNORECASE)
_GROUPS = frozenset(
    map(
        stem,
        """child children baby boy girl teenager pupil student soldier officer policeman firefighter civilian
        foreigner tourist worker nurse doctor farmer journalist""".split(),
    )
)
"""Of people whom a toll counts, some: their number is no other toll."""

_CAPITALS = r"(?P<name>[A-Z][\w.’'-]*(?:(?:\s+(?:of\s+|(?<=['’]s\s)[a-z]+\s+)?|,\s+)[A-Z][\w.’'-]*)*)"
_PLACES = (
    re.compile(
        r"\b(?:[Ii]n|[Ii]nto|[Aa]t|[Aa]cross|[Aa]round|[Nn]ear|[Ff]rom|[Tt]hrough|[Oo]utside|[Ww]ithin)\s+"
        rf"(?:the\s+)?(?:[a-z]+\s+)?{_CAPITALS}"
    ),
    re.compile(rf"{_CAPITALS}(?:['’]s)?\s+(?:official\s+)?(?:death\s+)?(?:tolls?|deaths?)\b"),
)
_JOINS = re.compile(r"[,;:—]\s|\s(?:and|but|while|whereas|after|before)\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """The value of one statement, for holding against those of others; a toll `grows`.

    A number stands in the part `within` of its sentence; a count is of `places` that the question does not
    name, none where it is of all that is asked for.
    """

    at: int
    value: Figure | date | frozenset[str]
    said: str
    grows: bool = False
    within: str = ""
    places: frozenset[str] = frozenset()


def figures_of(statements: Sequence[Statement], question: str, kind: Expectation) -> list[Stated]:
    """Return the quantity that each statement gives for what is asked; none of one that gives several."""
    asked = subject(question)
    states = asked & TOLLS
    if kind is Expectation.OPEN and not states:
        return []
    found = []
    for at, statement in usable(statements, question, asked):
        fitting = [one for one in figures(statement.text) if _answers(one, statement.text, question, states)]
        if len(fitting) == 1:
            found.append(_counted(at, statement.text, fitting[0], question, grows=bool(states)))
    return found


def _counted(at: int, text: str, figure: Figure, question: str, *, grows: bool) -> Stated:
    within = _segment(text, figure)
    places = frozenset[str]()
    if not figure.unit:
        places = (_places(within) or _places(text)) - frozenset(names(question))
    return Stated(
        at=at,
        value=figure,
        said=text[figure.start : figure.end],
        grows=grows,
        within=within,
        places=places,
    )


def _places(text: str) -> frozenset[str]:
    """Return the words of the names that a text puts after "in" and the like, or before a toll."""
    return frozenset(
        word for pattern in _PLACES for match in pattern.finditer(text) for word in names(match["name"])
    )


def _answers(figure: Figure, text: str, question: str, states: frozenset[str]) -> bool:
    """Return whether a quantity is of the kind that is asked for, and counts what is asked for."""
    if _SHARE.search(question):
        return figure.unit == "percent"
    if _MUCH.search(question):
        return figure.unit.startswith("money")
    if LENGTH.search(question):
        return figure.unit == "length"
    if figure.unit or _AMONG.match(text, figure.end) or _BESIDE.search(text[: figure.start]):
        return False
    segment = _segment(text, figure)
    if states:
        part = figure.things & _GROUPS - subject(question)
        return bool(states & subject(segment)) and not part
    counted = re.search(r"\bhow many\s+(?P<of>[^?]*)", question, re.IGNORECASE)
    of = [stem(word) for word in content_words(counted["of"])] if counted else []
    if not of:
        return False
    return bool(figure.things & _PEOPLE) if of[0] in _PEOPLE else of[0] in figure.things


def days_of(statements: Sequence[Statement], question: str) -> list[Stated]:
    """Return the day that each statement gives for what is asked; none of one that gives several."""
    asked = subject(question)
    said = asked - frozenset(map(canonical, names(question)))
    found = []
    for at, statement in usable(statements, question, asked):
        published = date.fromisoformat((statement.published or "")[:10])
        days = [
            day
            for day in named_days(statement.text, published)
            if not day.bounds and not _SAID_WHEN.search(statement.text[: day.start])
        ]
        days = [day for day in days if said <= subject(_segment(statement.text, day))]
        if len({day.day for day in days}) == 1:
            found.append(Stated(at=at, value=days[0].day, said=statement.text[days[0].start : days[0].end]))
    return found


def persons_of(statements: Sequence[Statement], question: str) -> list[Stated]:
    """Return who does what is asked ("Who won …?"): the name before the question's verb."""
    asked = subject(question)
    verb = next((canonical(word) for word in content_words(question)), "")
    if not verb or not re.match(r"\s*who\b", question, re.IGNORECASE):
        return []
    known = frozenset(names(question))
    rank = ranks_of(question)
    found = []
    for at, statement in usable(statements, question, asked):
        text = statement.text
        if ranks_of(text) != rank:
            continue
        for match in re.finditer(r"[^\W\d_]+", text):
            if canonical(match.group()) != verb or match.group()[0].isupper():
                continue
            before = re.sub(
                r"(?:\s+(?:has|had|have|was|is|will|been|be|also))*\s*$", "", text[: match.start()]
            )
            named = re.search(r"(?:[A-Z][^\W\d_]+(?:[-\s]|$))+$", before)
            groups = name_groups(named[0]) if named else []
            if groups and not groups[-1] <= known:
                found.append(Stated(at=at, value=groups[-1], said=(named[0] if named else "").strip()))
            break
    return found


def _segment(text: str, figure: Figure | NamedDay) -> str:
    """Return the part of a sentence between commas, "and" and the like in which a quantity or day stands."""
    start = max((joint.end() for joint in _JOINS.finditer(text, 0, figure.start)), default=0)
    end = next((joint.start() for joint in _JOINS.finditer(text, figure.end)), len(text))
    return text[start:end]
