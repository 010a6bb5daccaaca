"""What sets two sentences apart, so that they may both be so though their values differ."""

import re
from datetime import date

import simplemma

from rag.calendar_names import MONTH
from rag.dates_in_text import named_days
from rag.figures import Figure
from rag.stated import Stated
from rag.statements import Statement
from rag.terms import STOP_WORDS, names, stem, words

ONE_EVENT = 14
"""Days between those that two counts name from which on they are not of one event."""

YEARLY = 60
"""Days after one that had passed from which on a day is of another event of its kind."""

_MONTH = re.compile(rf"\b(?:{MONTH})\b")
_FOR = re.compile(
    r"\bfor\s+(?:(?:the|an?|its|their|his|her|every|each|all)\s+)?"
    r"(?!(?:first|second|last|next|more|less|about|nearly|over|at|example|now|years?|days?|weeks?|months?)\b)([a-z]{3,})"
)
_TOLD_BY = re.compile(
    r",\s[^,]{1,80}?\b(?:said|says|told|reported|according to)\b[^,]*$|,\s+according to\b.*$"
)
_TELLS = re.compile(r"^[^,]{1,60}?\b(?:said|says)\b(?:\s+(?:on\s+)?\w+day)?(?:\s+that)?\s+")
_SPAN = re.compile(
    r"\b(?:first|second|last|past|this|each|every|per|whole|previous)\s+(?:\w+\s+)?"
    r"(?:hour|day|week|weekend|month|quarter|year|season|decade)s?\b|\ba (?:day|week|month|year)\b"
    r"|\bso far this\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d,.])(?:19|20)\d\d(?![\d,.]\d)")


def of_other_times(one: Stated, other: Stated, first: Statement, second: Statement) -> bool:
    """Return whether claims are of events that lie apart: two accidents, two months, two years' parades."""
    if isinstance(one.value, date) and isinstance(other.value, date):
        (early, told), (late, _) = sorted([(one.value, day_of(first)), (other.value, day_of(second))])
        return early.isoformat() <= told and (late - early).days > YEARLY
    if not isinstance(one.value, Figure) or one.value.unit:
        return False
    days = [_days_named(statement) for statement in (first, second)]
    if all(days) and min(abs((a - b).days) for a in days[0] for b in days[1]) > ONE_EVENT:
        return True
    months = [frozenset(_MONTH.findall(statement.text)) for statement in (first, second)]
    return not one.grows and all(months) and months[0].isdisjoint(months[1])


def _days_named(statement: Statement) -> list[date]:
    published = date.fromisoformat(day_of(statement))
    return [named.day for named in named_days(_bare(statement.text), published) if not named.bounds]


def for_others(one: Stated, other: Stated) -> bool:
    """Return whether two quantities are for other things: "for roads" and "for schools"."""
    told = [frozenset(map(stem, _FOR.findall(claim.within.lower()))) for claim in (one, other)]
    return all(told) and told[0].isdisjoint(told[1])


def set_apart(one: Statement, other: Statement, kind: str) -> bool:
    """Return whether each of two sentences names something that the other does not, or another time."""
    first, second = _bare(one.text), _bare(other.text)
    if kind == "name":
        told, retold = _without_names(first), _without_names(second)
    else:
        told, retold = _named(first), _named(second)
    if told - retold and retold - told:
        return True
    if kind == "date":
        return False
    return _time_of(one) != _time_of(other)


def _bare(text: str) -> str:
    """Return a sentence without who said it."""
    return _TELLS.sub("", _TOLD_BY.sub("", text.rstrip(" .")))


def _named(text: str) -> frozenset[str]:
    """Return the names of a sentence; its first word is one only where the dictionary does not know it."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    opens = first and simplemma.is_known(first.lower().strip(",."), lang="en")
    return frozenset(names(text[len(first) :] if opens else text))


def _without_names(text: str) -> frozenset[str]:
    named = set(names(text))
    return frozenset(stem(word) for word in words(text) if word not in STOP_WORDS and word not in named)


def _time_of(statement: Statement) -> tuple[bool, frozenset[str]]:
    """Return what time a count is bounded to: a span such as "in its first year", and years of the past."""
    return bool(_SPAN.search(statement.text)), _years(statement)


def _years(statement: Statement) -> frozenset[str]:
    return frozenset(_YEAR.findall(statement.text)) - {day_of(statement)[:4]}


def day_of(statement: Statement) -> str:
    """Return the day of publication as it is written in ISO form; empty where it is not known."""
    return (statement.published or "")[:10]
