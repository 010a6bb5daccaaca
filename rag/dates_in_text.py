"""The days that an article's sentence names, read as of the day on which it was published.

"Today" in an article is that article's day, and "Monday" the last one before it, whenever it is read.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from rag.calendar_names import MONTHS, WEEKDAYS

_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_RECENT = {"today": 0, "tonight": 0, "yesterday": -1, "last night": -1, "tomorrow": 1}

YEAR = 365
"""Days before the article from which on a day is history, told in passing."""

LONGEST_BACK = 6
LONGEST_BACK_LIVE = 2
"""Days that a weekday is read back at most; in a page that is written on for days, its day is the first."""

HALF_A_YEAR = 183
"""Days within which a day without its year lies before or after the article."""

_NAMED_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_NAMED_DAY = r"(?<![\d.,])(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_WEEKDAY = (
    rf"(?<!good )(?<!black )(?<!ash )(?<!palm )(?<!easter )(?<!bloody )(?P<weekday>{'|'.join(WEEKDAYS)})\b"
)

_BARE_WEEKDAY = re.compile(
    rf"\b(?<!last )(?<!next ){_WEEKDAY}(?!,?\s+(?:the\s+)?(?:\d|{_NAMED_MONTH}))", re.IGNORECASE
)

# What stands before a day that only bounds or places something else, or after one that does.
_BOUNDS = re.compile(
    r"\b(?:since|until|till|by|from|before|after|between|through|of|to|than|beyond|following|prior to)"
    r"(?:\s+(?:on|the|late|early|noon|midnight|last|next|this|at least))*"
    rf"(?:\s+(?:{'|'.join(WEEKDAYS)}),?)?\s*$",
    re.IGNORECASE,
)
_COMPARED = re.compile(  # "fewer votes than he had on Tuesday"
    r"\bthan\b(?:\s+(?!and\b|when\b|after\b)[\w'’-]+){1,6}\s+(?:on\s+|last\s+)?$", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"['’]s\b")
# "the 10 November flood", "the Jan. 6 riot": the day is part of a name.
_NAMES_BEFORE = re.compile(r"(?<!\bon )\bthe\s+$", re.IGNORECASE)
_ON = re.compile(r"\bon\s+(?:\w+day,?\s+)?$", re.IGNORECASE)
_NAMES_AFTER = re.compile(
    r"\s+(?!(?:in|at|on|and|or|but|after|before|as|with|when|where|while|that|the|an?|to|for|from|by|of|near|he|"
    r"she|it|they|we|was|were|is|are|has|had|have|said|without|outside|inside|during|over|about|who|which|this|"
    r"because|amid|following|last|next|night|morning|evening|afternoon|alongside)\b)[a-z]"
)
_COMING = re.compile(
    r"\b(?:will|shall|would|to be|is to|are to|due|plans?|planned|scheduled|set to|set for|expected|next|"
    r"coming|upcoming|starting|beginning|ahead|opens|starts|begins|resumes|kicks off|gets under way"
    r"|takes (?:effect|place|office)|comes into (?:force|effect)|goes on (?:sale|trial))\b",
    re.IGNORECASE,
)
_LAST_YEAR = re.compile(r",?\s+(?:of\s+)?last year\b", re.IGNORECASE)
_DONE = re.compile(
    r"\b(?:\w+ed|held|begun|began|made|built|won|lost|born|shot|put)\s+(?:on|of)\s+$", re.IGNORECASE
)
_LIVE = re.compile(
    r"\blive[\s-]?(?:updates?|news|blog|coverage|reports?|ticker)\b|/live/|\bas it happen(?:ed|s)\b"
    r"|[–—|:-]\s*live\s*$|^live\s*[:–—-]",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    rf"\b(?:in|during|since|of|early|late|mid)[\s-]+(?:{_NAMED_MONTH}(?:,?\s+{_YEAR})?|(?P<alone>(?:19|20)\d\d))"
    r"(?!\s*\d)|\b(?:last|previous) (?:year|spring|summer|autumn|winter|month)\b"
    r"|\b(?:\w+) (?:months|years|decades) (?:ago|earlier|before)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDay:
    """A day that stands in `text[start:end]`; one that `bounds` ("since Monday") dates no event by itself."""

    start: int
    end: int
    day: date
    bounds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDay:
    """When what a sentence tells took place.

    `written`: the sentence names the day; else it is the article's. `announced_for` is a day after the
    article's for which the sentence announces something: nobody has reported that it took place.
    """

    day: date
    written: bool
    announced_for: date | None = None


def named_days(text: str, published: date | None) -> list[NamedDay]:
    """Return the days that `text` names, in order; without `published` only those with their year."""
    found: list[NamedDay] = []
    for pattern, resolve in _RULES:
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            try:
                day = resolve(match, published, text)
            except (ValueError, OverflowError):  # 31 February
                continue
            if day:
                bounds = _only_bounds(match, text)
                found.append(NamedDay(start=match.start(), end=match.end(), day=day, bounds=bounds))
    return sorted(found, key=lambda named: named.start)


def is_live(title: str, url: str) -> bool:
    """Return whether a page is of live updates, which is written on after the day that it bears."""
    return bool(_LIVE.search(title.strip()) or _LIVE.search(url))


def event_day(text: str, published: date | None, *, live: bool = False) -> EventDay | None:
    """Return when what a sentence tells took place; None where that is not known to the day.

    It is the first day that the sentence names, and the article's where it names none. One that tells only
    of an earlier month or year ("in November 2025", "last summer"), or of a day more than a year before, is
    background, and has no day. Nor has one with a weekday in a `live` page, unless it was just before its
    day: it may be of the days after.
    """
    if live and published and _may_be_later(text, published):
        return None
    days = [named for named in named_days(text, published) if not named.bounds]
    if published is None:
        return EventDay(day=days[0].day, written=True) if days else None
    past = [named.day for named in days if named.day <= published]
    if past:
        is_history = (published - past[0]).days > YEAR
        return None if is_history else EventDay(day=past[0], written=True)
    if days:
        return EventDay(day=published, written=False, announced_for=days[0].day)
    if _is_background(text, published):
        return None
    return EventDay(day=published, written=False)


def _only_bounds(match: re.Match[str], text: str) -> bool:
    """Return whether a day bounds a time or is part of a name, and so is not when something took place."""
    before = text[: match.start()]
    if _BOUNDS.search(before) or _COMPARED.search(before):
        return True
    if _NAMES_BEFORE.search(before) or _POSSESSIVE.match(text, match.end()):
        return True
    is_written = "month" in match.groupdict()
    return is_written and not _ON.search(before) and bool(_NAMES_AFTER.match(text, match.end()))


def _may_be_later(text: str, published: date) -> bool:
    """Return whether a sentence names a weekday that is not one of the few up to the article's day."""
    return any(
        (published.weekday() - WEEKDAYS[match["weekday"].lower()]) % 7 > LONGEST_BACK_LIVE
        for match in _BARE_WEEKDAY.finditer(text)
    )


def _is_background(text: str, published: date) -> bool:
    """Return whether a sentence tells of another month or year than the article's, before it."""
    for match in _BACKGROUND.finditer(text):
        if match["alone"]:
            if int(match["alone"]) < published.year:
                return True
        elif match["month"]:
            month = MONTHS[match["month"].lower()]
            year = int(match["year"]) if match["year"] else published.year
            ahead = not match["year"] and _COMING.search(text[: match.start()])
            if (year, month) != (published.year, published.month) and not ahead:
                return (year, month) < (published.year, published.month) or not match["year"]
        else:
            return True
    return False


def _iso(match: re.Match[str], _: date | None, __: str) -> date:
    return date.fromisoformat(match.group())


def _written(match: re.Match[str], published: date | None, text: str) -> date | None:
    if match["month"] in ("may", "march", "mar"):  # the verb
        return None
    month, number = MONTHS[match["month"].lower()], int(match["day"])
    if match["year"]:
        return date(int(match["year"]), month, number)
    if published is None:
        return None
    day = date(published.year, month, number)
    if _LAST_YEAR.match(text, match.end()):
        return day.replace(year=day.year - 1)
    if day > published and _DONE.search(text[: match.start()]) and not _looks_ahead(match, text):
        return day.replace(year=day.year - 1)
    if (day - published).days > HALF_A_YEAR:
        return day.replace(year=day.year - 1)
    return day.replace(year=day.year + 1) if (published - day).days > HALF_A_YEAR else day


def _recent(match: re.Match[str], published: date | None, _: str) -> date | None:
    return published + timedelta(days=_RECENT[match.group().lower()]) if published else None


def _ago(match: re.Match[str], published: date | None, _: str) -> date | None:
    count = match["count"].lower()
    return published - timedelta(days=_COUNTS.get(count) or int(count)) if published else None


def _weekday(match: re.Match[str], published: date | None, text: str) -> date | None:
    """Return the last such day up to the article's, or the next one where the sentence looks ahead.

    The day after the article's is neither: more often than a week ago, it is that of a later edition.
    """
    if published is None:
        return None
    wanted, which = WEEKDAYS[match["weekday"].lower()], (match["which"] or "").lower()
    back = (published.weekday() - wanted) % 7
    if which in ("next", "coming") or (which not in ("last", "past") and _looks_ahead(match, text)):
        return published + timedelta(days=7 - back)
    if which in ("last", "past"):
        back = back or 7
    elif back == LONGEST_BACK:
        return None
    return published - timedelta(days=back)


def _looks_ahead(match: re.Match[str], text: str) -> bool:
    """Return whether what comes before a weekday in its clause speaks of what is to come."""
    clause = re.split(r"[;:]|,\s+(?:and|but|which|who)\b|\bsaid\b", text[: match.start()])[-1]
    return bool(_COMING.search(clause))


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date | None, str], date | None]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), resolve)
    for pattern, resolve in (
        (r"\b(?:19|20)\d\d-\d\d-\d\d\b", _iso),
        (rf"{_NAMED_DAY}\s+(?:of\s+)?{_NAMED_MONTH}(?:,?\s+{_YEAR})?", _written),
        (rf"\b{_NAMED_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,\d)(?:,?\s+{_YEAR})?", _written),
        (r"\b(?:today|tonight|yesterday|last night|tomorrow)\b", _recent),
        (rf"\b(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)})\s+days?\s+ago\b", _ago),
        (rf"\b(?:(?P<which>last|past|next|coming|this)\s+)?{_WEEKDAY}", _weekday),
    )
)
