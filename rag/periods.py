"""The dates and periods that a question names, resolved against its as-of day."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.calendar_names import MONTHS, WEEKDAYS
from rag.relative_time import COUNTS, Shift, WrittenTime, find_shift, shifted

_UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}

LEAP_YEARS_APART = 8  # at most: from 1896 to 1904
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_COUNT = r"\d{1,3}|" + "|".join(sorted(COUNTS, key=len, reverse=True))
BEFORE_DAYS = 365
"""How far back a time goes that is told only by its end: "before March 2025"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A range of whole days, both ends included."""

    start: date
    end: date

    def distance(self, day: date) -> int:
        """Return how many days lie between `day` and the period; 0 inside it."""
        return max((self.start - day).days, (day - self.end).days, 0)


def find_period(question: str, as_of: date) -> Period | None:
    """Return the first period that the question names, or None.

    A month or day without its year is the latest one that has begun by `as_of`. "Since", "after", "before"
    and "until" open it to one side, "two weeks after" and ", two weeks later" move it. A period that
    would begin after `as_of` is none: the archive knows nothing of it.
    """
    text = question.lower()
    for pattern, resolve in _RULES:
        if match := pattern.search(text):
            try:
                named = resolve(match, as_of)
                period = _placed(named, match, text, as_of) if named else None
            except (ValueError, OverflowError):  # 31 February, the year 0
                continue
            if period and period.start <= as_of:
                return Period(start=period.start, end=min(period.end, as_of))
    return None


def moved(period: Period, shift: Shift) -> Period | None:
    """Return the period that lies a way from another: the whole year before, or the same days a year earlier.

    Raises:
        ValueError, OverflowError: for a day that no calendar has.
    """
    if shift.unit == "week" and shift.whole:  # "the week after" a day is the seven days that follow
        if shift.count > 0:
            return Period(start=period.end + timedelta(days=1), end=period.end + timedelta(days=7))
        return Period(start=period.start - timedelta(days=7), end=period.start - timedelta(days=1))
    ends = []
    for day in (period.start, period.end):
        time = shifted(WrittenTime(year=day.year, month=day.month, day=day.day), shift)
        if time is None:
            return None
        ends.append(time)
    first, last = ends
    if first.month is None:
        return Period(start=date(first.year, 1, 1), end=date(first.year, 12, 31))
    if first.day is None:
        return _month(first.year, first.month)
    end = date(last.year, last.month or 12, last.day or 1)
    return Period(start=date(first.year, first.month, first.day), end=end)


def opened(period: Period, side: str, as_of: date) -> Period:
    """Return what lies on one side of a period: `side` is "since", "after", "before" or "until"."""
    match side:
        case "since":
            return replace(period, end=max(as_of, period.start))
        case "after":
            start = min(period.end + timedelta(days=1), max(as_of, period.start))
            return Period(start=start, end=max(as_of, start))
        case "before":
            start = period.start - timedelta(days=BEFORE_DAYS)
            return Period(start=start, end=period.start - timedelta(days=1))
        case "until" | "till":
            return replace(period, start=period.start - timedelta(days=BEFORE_DAYS))
    return period


def _placed(period: Period, match: re.Match[str], text: str, as_of: date) -> Period | None:
    """Return the period with what stands around it in the question: "two weeks after", "before"."""
    before, after = text[: match.start()], text[match.end() :]
    side = match.groupdict().get("part") or ""
    if side in _SIDES:
        before, side = f"{before}{side} ", ""
    if (way := _WAY.search(before)) and (shift := find_shift(way.group())):
        return moved(period, shift)
    if (way := _LATER.match(after)) and (shift := find_shift(way["shift"])):
        return moved(period, shift)
    led = _LED.search(before)
    return opened(period, led["side"], as_of) if led else period


def _month(year: int, month: int) -> Period:
    return Period(start=date(year, month, 1), end=date(year, month, calendar.monthrange(year, month)[1]))


def _iso_day(match: re.Match[str], _: date) -> Period:
    day = date.fromisoformat(match.group())
    return Period(start=day, end=day)


def _written_day(match: re.Match[str], as_of: date) -> Period | None:
    month, day_number = MONTHS[match["month"]], int(match["day"])
    if match["year"]:
        day = date(int(match["year"]), month, day_number)
        return Period(start=day, end=day)
    for year in range(as_of.year, as_of.year - LEAP_YEARS_APART - 1, -1):
        if day_number <= calendar.monthrange(year, month)[1]:
            day = date(year, month, day_number)
            if day <= as_of:
                return Period(start=day, end=day)
    return None


def _written_month(match: re.Match[str], as_of: date) -> Period:
    month = MONTHS[match["month"]]
    if match["year"]:
        return _part(match, _month(int(match["year"]), month))
    return _part(match, _month(as_of.year if month <= as_of.month else as_of.year - 1, month))


def _year(match: re.Match[str], _: date) -> Period:
    year = int(match["year"])
    return _part(match, Period(start=date(year, 1, 1), end=date(year, 12, 31)))


def _part(match: re.Match[str], whole: Period) -> Period:
    """Return the third of a month or year that is meant; the whole by default."""
    third = ((whole.end - whole.start).days + 1) // 3
    first, last = whole.start + timedelta(days=third), whole.end - timedelta(days=third)
    match match["part"]:
        case "early":
            return replace(whole, end=first - timedelta(days=1))
        case "mid":
            return Period(start=first, end=last)
        case "late":
            return replace(whole, start=last + timedelta(days=1))
    return whole


def _weekend(match: re.Match[str], as_of: date) -> Period:
    """Return the latest Saturday and Sunday that have begun, or those before where "last" is said of one."""
    saturday = as_of - timedelta(days=(as_of.weekday() - WEEKDAYS["saturday"]) % 7)
    if match["which"] == "last" and (as_of - saturday).days <= 1:
        saturday -= timedelta(days=7)
    return Period(start=saturday, end=saturday + timedelta(days=1))


def _recent_day(match: re.Match[str], as_of: date) -> Period:
    day = as_of - timedelta(days=1 if match.group() == "yesterday" else 0)
    return Period(start=day, end=day)


def _this_or_last(match: re.Match[str], as_of: date) -> Period:
    last, unit = match["which"] in ("last", "previous"), match["unit"]
    if unit == "week":  # the seven days up to as-of, since a week's news is asked for as the next one begins
        end = as_of - timedelta(days=7 if last else 0)
        return Period(start=end - timedelta(days=7), end=end)
    if unit == "month":
        first = as_of.replace(day=1)
        day = first - timedelta(days=1) if last else as_of
        return _month(day.year, day.month)
    year = as_of.year - (1 if last else 0)
    return Period(start=date(year, 1, 1), end=date(year, 12, 31))


def _ago(match: re.Match[str], as_of: date) -> Period:
    days = _count(match["count"]) * _UNIT_DAYS[match["unit"]]
    middle, slack = as_of - timedelta(days=days), _UNIT_DAYS[match["unit"]] // 2
    return Period(start=middle - timedelta(days=slack), end=middle + timedelta(days=slack))


def _past(match: re.Match[str], as_of: date) -> Period:
    days = _count(match["count"]) * _UNIT_DAYS[match["unit"]]
    return Period(start=as_of - timedelta(days=days), end=as_of)


def _weekday(match: re.Match[str], as_of: date) -> Period:
    back = (as_of.weekday() - WEEKDAYS[match["weekday"]]) % 7
    day = as_of - timedelta(days=back or (7 if match["last"] else 0))
    return Period(start=day, end=day)


def _months(match: re.Match[str], as_of: date) -> Period:
    """Return the months from one to another; without its year the last has begun by the as-of day."""
    first, last = MONTHS[match["first"]], MONTHS[match["month"]]
    year = int(match["year"]) if match["year"] else as_of.year - (last > as_of.month)
    begun = int(match["first_year"]) if match["first_year"] else year - (first > last)
    return Period(start=_month(begun, first).start, end=_month(year, last).end)


def _count(text: str) -> int:
    return COUNTS[text] if text in COUNTS else int(text)


_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_UNIT = r"(?P<unit>day|week|month|year)"
_PART = r"(?P<part>in|of|during|since|by|early|mid|late|after|before|until|till)"
_NAMED_MONTH = rf"(?P<month>{_MONTH})\b\.?"

_SIDES = frozenset("since after before until till".split())
_LED = re.compile(r"\b(?P<side>since|after|before|until|till)\s+(?:on\s+|the\s+)?$")
_WAY = re.compile(rf"(?:\bthe\s+{_UNIT}|\b(?:{_COUNT})\s+(?:day|week|month|year)s?)\s+(?:before|after)\s+$")
_LATER = re.compile(r"^,\s*(?P<shift>[\w\s]+?)\W*$")

_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Period | None]], ...] = (
    (re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d\b"), _iso_day),
    (re.compile(rf"\b{_DAY}\s+(?:of\s+)?{_NAMED_MONTH}(?:,?\s+{_YEAR})?\b"), _written_day),
    (re.compile(rf"\b{_NAMED_MONTH}\s+{_DAY}\b(?:,?\s+{_YEAR})?"), _written_day),
    (
        re.compile(
            rf"\b(?:from|between)\s+(?P<first>{_MONTH})\b\.?(?:,?\s+(?P<first_year>(?:19|20)\d\d))?"
            rf"\s+(?:to|and|until|till)\s+{_NAMED_MONTH}(?:,?\s+{_YEAR})?(?!\s*\d)"
        ),
        _months,
    ),
    (re.compile(rf"\b{_PART}[\s-]+{_NAMED_MONTH}(?:,?\s+{_YEAR})?"), _written_month),
    (re.compile(rf"(?P<part>)\b{_NAMED_MONTH},?\s+{_YEAR}\b"), _written_month),
    (re.compile(r"\b(?:today|yesterday|tonight)\b"), _recent_day),
    (re.compile(r"\b(?P<which>this|last|previous)\s+(?P<unit>week|month|year)\b"), _this_or_last),
    (re.compile(r"\b(?P<which>this|last|past|previous|the)\s+(?:past\s+)?weekend\b"), _weekend),
    (re.compile(rf"\b(?P<count>{_COUNT})\s+{_UNIT}s?\s+ago\b"), _ago),
    (re.compile(rf"\b(?:past|last)\s+(?P<count>{_COUNT})\s+{_UNIT}s?\b"), _past),
    (re.compile(rf"\b{_PART}[\s-]+{_YEAR}\b"), _year),
    (
        re.compile(
            r"(?<!good )(?<!black )(?<!ash )(?<!palm )(?<!easter )(?<!bloody )"
            rf"\b(?P<last>last\s+)?(?P<weekday>{'|'.join(WEEKDAYS)})\b(?!\s+(?:times|telegraph|mirror|mail)\b)"
        ),
        _weekday,
    ),
)
