"""The forms in which outlets write a day and a time of day, in the languages of `month_names`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from index.month_names import folded, month_number
from index.time_zones import zone_of

MAX_DATE_CHARS = 200

_YEAR = r"(?P<year>\d{4})(?!\d)"
_DAY = r"(?<!\d)(?P<day>\d{1,2})"
_MONTH = r"(?P<month>[^\W\d_]{2,15}(?: (?:الثاني|الاول))?)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<!\d){_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?!\d)(?:T(?=\d))?",
        rf"\b{_MONTH}\b\.?\s*{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}",
        rf"{_DAY}(?:st|nd|rd|th|er|οσ|-?e|\.|o|a)?(?:\s|-)*(?:(?:of|de|di|d|den)[\s'’])?\s*"
        rf"\b{_MONTH}\b\.?,?(?:\s|-)*(?:(?:del?|anul)\s)?\s*{_YEAR}",
        rf"(?<!\d){_YEAR}\.?\s(?:m\.\s)?{_MONTH}\b\.?\s{_DAY}(?!\d)",
        r"(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]",
        r"(?P<era>令和|平成|昭和)(?P<year>\d{1,2}|元)年\s?(?P<month>\d{1,2})月\s?(?P<day>\d{1,2})日",
        rf"{_DAY}\sthang\s(?P<month>\d{{1,2}})(?:\snam|,)?\s{_YEAR}",
        rf"(?<!\d)(?P<first>\d{{1,2}})(?P<mark>[/.-])\s?(?P<second>\d{{1,2}})(?P=mark)\s?{_YEAR}",
        rf"\b{_MONTH}\s+{_DAY}\s+(?=\d\d:)(?P<clock>[\d:]+(?:\s[A-Z]{{1,4}})?)\s+{_YEAR}",
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)(?:T(?=\d))?",
        r"(?<![\d./-])(?P<first>\d{1,2})(?P<mark>[/.])(?P<second>\d{1,2})(?P=mark)(?P<short>\d\d)(?![\d./-])",
    )
)
"""In the order in which they are tried, the last only where a short year is expected. Text is `folded` first,
so there are no accents in them."""

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
TIME_OF_DAY = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?:(?:[:.h]|\s?時"
    r"|\s?시\s?)(?P<minute>\d\d)(?![./]?\d)(?::(?P<second>\d\d)(?:[.,]\d+)?|分|분)?)?"
    r"\s*(?P<half>[ap]\.?\s?m\b\.?)?\s*\(?"
    r"(?P<zone>(?:UTC|GMT)?\s?[+\-−]\d{1,2}(?::?\d\d)?(?!\d)|\b(?:Eastern|Central|Mountain|Pacific)(?= Time)"
    r"|(?<![A-Z])[A-Z]{1,4}\b)?\)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A day or moment (ISO 8601) that was read, and the text beside it.

    `sure` is False where the same figures mean another day elsewhere. `rest` is what is neither day
    nor time, `before` what stands before the day.
    """

    value: str
    sure: bool = True
    rest: str = ""
    before: str = ""


def parse(text: str, *, day_first: bool = False, short_year: bool = False) -> Parsed | None:
    """Return the first day in `text`, with its time of day where a zone that is known stands beside it.

    `day_first` says that 03/04/2026 is in April; it is in March otherwise. 30.03.26 is a day only where
    a `short_year` is expected: it may be the number of something.
    """
    return next(all_days(text, day_first=day_first, short_year=short_year), None)


def all_days(text: str, *, day_first: bool = False, short_year: bool = False) -> Iterator[Parsed]:
    """Yield each day in `text`, those in the surest form first."""
    text = folded(text[:MAX_DATE_CHARS])
    for form in _FORMS if short_year else _FORMS[:-1]:
        for match in form.finditer(text):
            day = day_of(match, day_first=day_first)
            if day is None:
                continue
            before, after = text[: match.start()], text[match.end() :]
            clock = match.groupdict().get("clock") or ""
            moment, rest = _moment(
                day, f"{clock} {after}" if clock else after, before, iso=match[0].endswith("t")
            )
            yield Parsed(
                value=moment,
                sure=_is_sure(match, day_first=day_first),
                rest=rest,
                before=before,
            )


def day_of(match: re.Match[str], *, day_first: bool = False) -> date | None:
    """Return the day of a match with the groups year, month and day, or first and second; None if none."""
    groups = match.groupdict()
    if groups.get("first"):
        first, second = int(groups["first"]), int(groups["second"])
        first_is_day = first > 12 or groups["mark"] == "." or (day_first and second <= 12)
        month, day = (second, first) if first_is_day else (first, second)
    else:
        name, day = groups["month"], int(groups["day"])
        month = int(name) if name.isdecimal() else month_number(name.lower())
    try:
        return date(_year(groups), month, day)
    except ValueError:
        return None


def _year(groups: dict[str, str]) -> int:
    if groups.get("era"):
        return _ERAS[groups["era"]] + (1 if groups["year"] == "元" else int(groups["year"]))
    if groups.get("short"):
        short, now = int(groups["short"]), datetime.now(UTC).year
        return now // 100 * 100 + short - (100 if short > now % 100 else 0)
    return int(groups["year"])


def _is_sure(match: re.Match[str], *, day_first: bool) -> bool:
    groups = match.groupdict()
    first, second = int(groups.get("first") or 0), int(groups.get("second") or 0)
    either = 0 < first <= 12 and second <= 12 and first != second and groups["mark"] == "/"
    return not (either and not day_first) and not groups.get("short")


def _moment(day: date, after: str, before: str, *, iso: bool) -> tuple[str, str]:
    """Return the ISO form of a day with the time of day beside it, and the text that is neither."""
    for text in (after, before):
        for match in TIME_OF_DAY.finditer(text):
            if match["minute"] is None and match["half"] is None:
                continue
            rest = text[: match.start()] + " " + text[match.end() :]
            rest = before + rest if text is after else rest + after
            clock, zone = _clock(match), zone_of(match["zone"] or "")
            if clock is None:
                break
            if _is_range(match) and not iso:
                zone = None
            if match["zone"] and zone is None:
                rest += " " + match["zone"]
            if zone is None:
                return day.isoformat(), rest
            return datetime(day.year, day.month, day.day, *clock, tzinfo=zone).isoformat(), rest
    return day.isoformat(), before + " " + after


def _clock(match: re.Match[str]) -> tuple[int, int, int] | None:
    hour, minute, second = int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].lower().startswith("p") else 0)
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _is_range(match: re.Match[str]) -> bool:
    """Say whether 10:00-12:00 may be the hours of an event rather than a time and its offset."""
    return (match["zone"] or "").startswith(("-", "−")) and ":" in match["zone"] and not match["second"]
