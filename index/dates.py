"""Dates of publication and update: where they stood and how far to trust them.

A date in the future, before `OLDEST_YEAR`, or one that software writes where it knows none, is
doubted: the next place that has one is asked. Only days and moments that are written out are read;
"yesterday", "2 hours ago" and a day without its year say nothing of an archived page.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from index.article import DateOrigin
from index.date_forms import Parsed, day_of, parse
from index.date_lines import read_dates

OLDEST_YEAR = 1900
CLOCK_SKEW = timedelta(days=1)
"""How far ahead a date may lie: a desk east of here already writes tomorrow's."""

HEAD_LINES = 16
AMBIGUOUS = 0.6
"""Factor on the confidence of a date such as 03/04/2026, which two countries read differently."""

CONFIDENCE = {
    DateOrigin.JSONLD: 0.95,
    DateOrigin.META: 0.9,
    DateOrigin.FEED: 0.9,
    DateOrigin.URL: 0.85,
    DateOrigin.TEXT: 0.7,
    DateOrigin.FILE: 0.2,
    DateOrigin.UNKNOWN: 0.0,
}
PLACEHOLDERS = ("1969-12-31", "1970-01-01", "1900-01-01")
"""The zero of clocks and spreadsheets, in fields that software fills; in a text they are days like others."""

_URL_DATES = (
    re.compile(r"[/_=-](?P<year>(?:19|20)\d\d)[/_-](?P<month>\d{1,2})[/_-](?P<day>\d{1,2})(?=[/_.?&#-]|$)"),
    re.compile(
        r"/(?P<year>(?:19|20)\d\d)/(?P<month>[a-z]{3,9})/(?P<day>\d{1,2})(?=[/_.?&#-]|$)", re.IGNORECASE
    ),
    re.compile(r"[/_=-](?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?=[/_.?&#-]|$)"),
)
_EPOCH_SECONDS = range(10**8, 10**10)
_BASIC_MOMENT = re.compile(r"\d{8}T\d{4}(?:\d\d)?(?:Z|[+-]\d{4})")
_WEEK_DATE = re.compile(r"\d{4}-?W\d\d-?[1-7]")
_DAY_OF_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)-(?P<day>[0-3]\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """A date (ISO 8601, or None), where it was found, and how far to trust it (0 to 1)."""

    value: str | None
    origin: DateOrigin
    confidence: float


UNKNOWN_DATE = FoundDate(value=None, origin=DateOrigin.UNKNOWN, confidence=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDates:
    """What the first lines of an article say of its dates; `lines` are those that say nothing else."""

    published: FoundDate | None = None
    updated: FoundDate | None = None
    lines: frozenset[int] = frozenset()


def parse_date(text: str, *, now: datetime | None = None, day_first: bool = False) -> str | None:
    """Return the first date in `text` as ISO 8601: a day, or with time and offset where both are given.

    None where there is none, or it is not to be believed (see `is_believable`). 03/04/2026 is read
    as outlets in the United States write it, unless `day_first`.
    """
    parsed = parse(text, day_first=day_first)
    return parsed.value if parsed and is_believable(parsed.value, now=now) else None


def is_believable(value: str, *, now: datetime | None = None) -> bool:
    """Say whether an ISO date lies between `OLDEST_YEAR` and tomorrow."""
    latest = (now or datetime.now(UTC)) + CLOCK_SKEW
    return f"{OLDEST_YEAR:04}" <= value[:10] <= latest.date().isoformat()


def first_believed(candidates: Iterable[FoundDate | None], *, now: datetime | None = None) -> FoundDate:
    """Return the first candidate that can be believed, else `UNKNOWN_DATE`."""
    for found in candidates:
        if found is not None and found.value is not None and is_believable(found.value, now=now):
            return found
    return UNKNOWN_DATE


def found_date(value: object, origin: DateOrigin, *, day_first: bool = False) -> FoundDate | None:
    """Return the date that a field holds: text, a number of seconds since 1970, a date or a datetime."""
    if isinstance(value, datetime):
        parsed: Parsed | None = Parsed(value=_iso(value))
    elif isinstance(value, date):
        parsed = Parsed(value=value.isoformat())
    elif isinstance(value, int | float) and not isinstance(value, bool):
        parsed = _parse_number(value)
    elif isinstance(value, str):
        parsed = _parse_field(value.strip(), day_first=day_first)
    else:
        parsed = None
    if parsed and parsed.value[:10] in PLACEHOLDERS and origin is not DateOrigin.TEXT:
        return None
    return found_as(parsed, origin)


def date_from_url(url: str) -> FoundDate | None:
    """Return the day that an address names, as in /2026/03/04/, /2026/mar/04/ or -20260304."""
    for form in _URL_DATES:
        match = form.search(url)
        if match and (day := day_of(match)):
            return found_as(Parsed(value=day.isoformat()), DateOrigin.URL)
    return None


def date_from_text(lines: Sequence[str], *, day_first: bool = False, loose: bool = False) -> TextDates:
    """Return what the first lines say: "Published March 4, 2026", "Updated …", a bare date, a dateline.

    Where a text gives only the day of its update, that day stands for the publication, with less
    confidence: the text as it is was not there before. `loose` is for lines beside a page's headline.
    """
    found = read_dates(lines[:HEAD_LINES], day_first=day_first, loose=loose)
    updated = found_as(found.updated, DateOrigin.TEXT)
    published = found_as(found.published, DateOrigin.TEXT)
    if published is None and updated is not None:
        published = replace(updated, confidence=updated.confidence * AMBIGUOUS)
    return TextDates(published=published, updated=updated, lines=found.whole)


def date_from_mtime(path: Path) -> FoundDate | None:
    """Return the day (UTC) on which a file was last written: the last resort."""
    try:
        day = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()
    except (OSError, OverflowError, ValueError):
        return None
    return found_as(Parsed(value=day.isoformat()), DateOrigin.FILE)


def found_as(parsed: Parsed | None, origin: DateOrigin) -> FoundDate | None:
    """Return what was parsed as found at `origin`, trusted as far as that place and its form allow."""
    if parsed is None:
        return None
    confidence = CONFIDENCE[origin] * (1.0 if parsed.sure else AMBIGUOUS)
    return FoundDate(value=parsed.value, origin=origin, confidence=confidence)


def _parse_field(text: str, *, day_first: bool) -> Parsed | None:
    """Return the date of a text field; the forms of machines count only where the field holds no more."""
    if re.fullmatch(r"\d{8,13}(?:\.\d{1,9})?", text, re.ASCII):
        return _parse_number(float(text))
    try:
        if _BASIC_MOMENT.fullmatch(text):
            return Parsed(value=_iso(datetime.fromisoformat(text)))
        if _WEEK_DATE.fullmatch(text):
            return Parsed(value=date.fromisoformat(text).isoformat())
        if _DAY_OF_YEAR.fullmatch(text):
            return Parsed(value=datetime.strptime(text, "%Y-%j").date().isoformat())
    except ValueError:
        return None
    return parse(text, day_first=day_first, short_year=True)


def _parse_number(number: float) -> Parsed | None:
    """Return the moment of a count of seconds or milliseconds since 1970, or of 20260304."""
    if not 0 < number < _EPOCH_SECONDS.stop * 1000:
        return None
    if 19_000_101 <= number <= 21_001_231:
        return parse(str(int(number)))
    seconds = number / 1000 if int(number) // 1000 in _EPOCH_SECONDS else number
    if int(seconds) not in _EPOCH_SECONDS:
        return None
    return Parsed(value=_iso(datetime.fromtimestamp(int(seconds), tz=UTC)))


def _iso(moment: datetime) -> str:
    """Return a moment with its offset, or its day alone where it has none."""
    return moment.date().isoformat() if moment.tzinfo is None else moment.replace(microsecond=0).isoformat()
