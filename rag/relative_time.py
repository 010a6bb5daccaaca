"""Times told by their distance from another: "the year before", "two weeks later", "the following day"."""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from rag.calendar_names import MONTHS

Unit = Literal["day", "week", "month", "year"]

COUNTS = {
    word: count
    for count, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
} | {"a": 1, "an": 1}

_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(COUNTS, key=len, reverse=True))})"
_UNITS = r"(?P<{name}>day|week|month|year)"
_SIDES = r"before|after|earlier|later|previously|on|afterwards"
_BEFORE = frozenset("before earlier previous previously preceding prior".split())
_SHIFT = (
    rf"(?:(?:on|in|during|by)\s+)?(?:"
    rf"the\s+(?:very\s+)?(?P<which>previous|preceding|prior|next|following)\s+{_UNITS.format(name='following')}"
    rf"|(?:(?:the|that)\s+)?{_UNITS.format(name='single')}\s+(?P<single_side>before|after|earlier|later)"
    rf"(?:\s+(?:that|then|this))?"
    rf"|{_COUNT}\s+{_UNITS.format(name='counted')}s?\s+(?P<side>{_SIDES})(?:\s+(?:that|then|this))?)"
)
_WHOLE = re.compile(rf"^(?:and\s+)?{_SHIFT}$", re.I)

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WRITTEN = re.compile(
    rf"^(?:(?P<iso>(?:19|20)\d\d-\d\d-\d\d)|(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\.?"
    rf"(?:,?\s+(?P<year>(?:19|20)\d\d))?|(?P<us_month>{_MONTH})\.?\s+(?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"(?:,?\s+(?P<us_year>(?:19|20)\d\d))?|(?P<of_month>{_MONTH})\.?,?\s+(?P<of_year>(?:19|20)\d\d)"
    rf"|(?P<alone>(?:19|20)\d\d))$",
    re.I,
)
_LENGTHS: dict[Unit, int] = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A way in time: `count` units, backwards where it is negative.

    `whole` says that the unit as such is meant: "the year before", but not "a year earlier".
    """

    count: int
    unit: Unit
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTime:
    """A day, month or year as a question writes it: `day` and `month` are None where it names none."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        """Return it as a question would write it."""
        if self.month is None:
            return str(self.year)
        named = f"{calendar.month_name[self.month]} {self.year}"
        return named if self.day is None else f"{self.day} {named}"

    @property
    def preposition(self) -> str:
        """What stands before it in a sentence."""
        return "in" if self.day is None else "on"


def find_shift(text: str) -> Shift | None:
    """Return the way in time that a piece of a question is ("and the year before"), or None."""
    match = _WHOLE.match(text.strip(" ?.!,"))
    if match is None:
        return None
    side = (match["which"] or match["single_side"] or match["side"]).lower()
    unit = _unit(match["following"] or match["single"] or match["counted"])
    written = match["count"].lower() if match["count"] else "one"
    count = COUNTS.get(written) or int(written)
    return Shift(count=-count if side in _BEFORE else count, unit=unit, whole=match["count"] is None)


def read_time(text: str) -> WrittenTime | None:
    """Return what a day, month or year says that has its year; None for any other text."""
    match = _WRITTEN.match(text.strip())
    if match is None:
        return None
    if match["iso"]:
        year, month, day = (int(part) for part in match["iso"].split("-"))
        return _checked(WrittenTime(year=year, month=month, day=day))
    if match["alone"]:
        return WrittenTime(year=int(match["alone"]))
    if match["of_year"]:
        return WrittenTime(year=int(match["of_year"]), month=MONTHS[match["of_month"].lower()])
    written = match["year"] or match["us_year"]
    if written is None:
        return None
    month = MONTHS[(match["month"] or match["us_month"]).lower()]
    return _checked(WrittenTime(year=int(written), month=month, day=int(match["day"] or match["us_day"])))


def shifted(time: WrittenTime, shift: Shift) -> WrittenTime | None:
    """Return the time that lies a way from another, no more exact than that; None where that says nothing.

    "The year before" 4 March 2025 is 2024, "a year earlier" is 4 March 2024; a week from a month is none.
    """
    if shift.unit in _LENGTHS:
        return _by_days(time, shift.count * _LENGTHS[shift.unit])
    if shift.unit == "month":
        if time.month is None:
            return None
        years, month = divmod(time.month - 1 + shift.count, 12)
        moved = WrittenTime(year=time.year + years, month=month + 1, day=None if shift.whole else time.day)
    else:
        moved = replace(time, year=time.year + shift.count)
        if shift.whole:
            moved = WrittenTime(year=moved.year)
    return _in_month(moved)


def _by_days(time: WrittenTime, days: int) -> WrittenTime | None:
    if time.month is None or time.day is None:
        return None
    try:
        day = date(time.year, time.month, time.day) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return WrittenTime(year=day.year, month=day.month, day=day.day)


def _in_month(time: WrittenTime) -> WrittenTime | None:
    """Return the time with its day put back to the last of its month, where that is shorter."""
    if not date.min.year <= time.year <= date.max.year:
        return None
    if time.month is None or time.day is None:
        return time
    return replace(time, day=min(time.day, calendar.monthrange(time.year, time.month)[1]))


def _checked(time: WrittenTime) -> WrittenTime | None:
    """Return a time whose day is one; None for 31 February."""
    try:
        date(time.year, time.month or 1, time.day or 1)
    except ValueError:
        return None
    return time


def _unit(text: str) -> Unit:
    return next(unit for unit in ("day", "week", "month", "year") if unit == text.lower())
