"""What a question asks for and which time it names, by its words alone: what a report is broken down by.

The rules are few and do not follow those of retrieval, so that a change there leaves the groups as they are
and figures of different releases can be compared.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from rag.evaluate.dataset import EvalQuestion

UNDATED = "undated"


class QuestionKind(StrEnum):
    """What is asked for: by the first question word of the last sentence, else of the whole text."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how many"
    WHICH = "which"
    WHAT = "what"
    YES_NO = "yes-no"
    OTHER = "other"


class TimeKind(StrEnum):
    """Which time is named: none; one that hangs on the day of asking; or a month, day or year.

    A question that does both ("this week … since 2008") is relative: that is what places its answer.
    """

    NONE = "none"
    RELATIVE = "relative"
    EXPLICIT = "explicit"


_SENTENCE_END = re.compile(r"(?<=[.?!])[\"”’)]*\s+(?=\S)")
_TRUE_OR_FALSE = re.compile(r"true or false", re.I)
_YES_NO = re.compile(r"(?:is|are|was|were|do|does|did|has|have|had|could|would|should)\b", re.I)
_YES_NO_OR_NAME = re.compile(r"(?:can|will|may|might)\b", re.I)  # "Will Byrd won which prize?"
_KINDS = (
    (QuestionKind.WHO, r"who|whom|whose"),
    (QuestionKind.WHEN, r"when|(?:what|which)\s+(?:year|month|day|date|decade|century)"),
    (QuestionKind.WHERE, r"where"),
    (QuestionKind.HOW_MANY, r"how\s+(?:many|much)"),
    (QuestionKind.WHICH, r"which"),
    (QuestionKind.WHAT, r"what"),
    (QuestionKind.OTHER, r"why|how"),
)
_QUESTION_WORD = re.compile(
    r"\b(?:" + "|".join(rf"(?P<k{at}>{words})" for at, (_, words) in enumerate(_KINDS)) + r")\b", re.I
)
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|few|several|couple\s+of)"
_UNIT = r"(?:day|night|week|weekend|month|quarter|season|summer|winter|spring|autumn|fall|year|decade)"
_RELATIVE = re.compile(
    r"\b(?:today|tonight|yesterday|tomorrow|now|currently|recent|recently|latest|newest|lately|"
    rf"(?:this|last|past|previous|next|coming)\s+(?:{_COUNT}\s+)?{_UNIT}s?|{_COUNT}\s+{_UNIT}s?\s+ago|"
    rf"(?:this|last|next)\s+(?:{'|'.join(('mon', 'tues', 'wednes', 'thurs', 'fri', 'satur', 'sun'))})day|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.I,
)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
# A month's name is also a word and a person's: it counts next to a day or year, or behind a preposition.
_EXPLICIT = re.compile(
    rf"\b(?:1[89]|20)\d\ds?\b|\b{_MONTH}\s+\d|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?!\w)|"
    rf"\b(?:in|of|on|since|by|until|during|before|after|early|mid|late)[\s-]+{_MONTH}(?!\w)"
)


def kind_of(text: str) -> QuestionKind:
    """Return what a question asks for."""
    sentences = [sentence for sentence in _SENTENCE_END.split(text.strip()) if sentence.strip()]
    if not sentences:
        return QuestionKind.OTHER
    for part in (sentences[-1], text):
        if _TRUE_OR_FALSE.search(part) or _YES_NO.match(part.strip()):
            return QuestionKind.YES_NO
        if match := _QUESTION_WORD.search(part):
            return next(kind for at, (kind, _) in enumerate(_KINDS) if match[f"k{at}"])
        if _YES_NO_OR_NAME.match(part.strip()):
            return QuestionKind.YES_NO
    return QuestionKind.OTHER


def time_of(text: str) -> TimeKind:
    """Return which time a question names."""
    if _RELATIVE.search(text):
        return TimeKind.RELATIVE
    return TimeKind.EXPLICIT if _EXPLICIT.search(text) else TimeKind.NONE


def year_of(question: EvalQuestion) -> str:
    """Return the year of the question's day, else of the day on which it is asked."""
    day = question.day or question.as_of
    return str(day.year) if day else UNDATED


def groups_of(question: EvalQuestion) -> dict[str, str]:
    """Return the group of a question in each of the ways to break a report down."""
    return {
        "year": year_of(question),
        "kind": kind_of(question.text).value,
        "time": time_of(question.text).value,
    }


def order_of(by: str, names: Sequence[str]) -> list[str]:
    """Return the groups of one way in the order in which they are shown."""
    listed: dict[str, list[str]] = {
        "kind": [kind.value for kind in QuestionKind],
        "time": [time.value for time in TimeKind],
    }
    return sorted(names, key=listed[by].index if by in listed else None)
