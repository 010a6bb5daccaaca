"""Dates of publication and update: reading them in the forms outlets write, and where they stood.

A date in the future or before `OLDEST_YEAR` is doubted: the next place that has one is asked.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from index.article import DateOrigin

OLDEST_YEAR = 1900
CLOCK_SKEW = timedelta(days=1)
"""How far ahead a date may lie: a desk east of here already writes tomorrow's."""

MAX_DATE_CHARS = 200
HEAD_LINES = 10
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

_ZONE_NAMES = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
_ZONE_NAMES |= {"EASTERN": "America/New_York", "CENTRAL": "America/Chicago", "PACIFIC": "America/Los_Angeles"}
_ZONE_HOURS = {
    "Z": 0.0, "UTC": 0.0, "GMT": 0.0, "WET": 0.0, "BST": 1.0, "WEST": 1.0, "CET": 1.0, "CEST": 2.0,
    "EET": 2.0, "EEST": 3.0, "MSK": 3.0, "SAST": 2.0, "PKT": 5.0, "HKT": 8.0, "SGT": 8.0, "JST": 9.0,
    "KST": 9.0, "AEST": 10.0, "AEDT": 11.0, "NZST": 12.0, "NZDT": 13.0, "EST": -5.0, "EDT": -4.0,
    "CST": -6.0, "CDT": -5.0, "MST": -7.0, "MDT": -6.0, "PST": -8.0, "PDT": -7.0,
}  # fmt: skip

_MONTH_NAMES = (
    "january jan januar janvier enero gennaio janeiro januari",
    "february feb februar février fevrier febrero febbraio fevereiro februari",
    "march mar märz maerz mars marzo março marco maart",
    "april apr avril abril aprile",
    "may mai mayo maggio maio mei",
    "june jun juni juin junio giugno junho",
    "july jul juli juillet julio luglio julho",
    "august aug août aout agosto augustus",
    "september sep sept septembre septiembre settembre setembro",
    "october oct oktober octobre octubre ottobre outubro",
    "november nov novembre noviembre novembro",
    "december dec dezember décembre decembre diciembre dicembre dezembro",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}

_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_DAY = r"(?<!\d)(?P<day>\d{1,2})"
_DATE_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<!\d){_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?!\d)(?:T(?=\d))?",
        rf"\b{_MONTH}\s*{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}",
        rf"{_DAY}(?:st|nd|rd|th|er|\.|º)?(?:\s|-)*(?:of\s|de\s)?\s*{_MONTH},?(?:\s|-)*(?:del?\s)?\s*{_YEAR}",
        r"(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]",
        rf"(?<!\d)(?P<first>\d{{1,2}})(?P<mark>[/.-])(?P<second>\d{{1,2}})(?P=mark){_YEAR}",
        rf"\b{_MONTH}\s+{_DAY}\s+(?=\d\d:)(?P<clock>[\d:]+(?:\s[A-Z]{{1,4}})?)\s+{_YEAR}",
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)(?:T(?=\d))?",
    )
)
_TIME = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?)?"
    r"\s*(?P<half>[ap]\.?\s?m\b\.?)?\s*\(?"
    r"(?P<zone>(?:UTC|GMT)?[+-]\d\d:?\d\d|\b(?:Eastern|Central|Pacific)(?= Time)|(?<![A-Z])[A-Z]{1,4}\b)?\)?",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"\b(?:(?:first\s+|last\s+|originally\s+)?(?:published|posted|updated|modified|issued|released|created|date|dated)"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|on|at|time|as|of|the|am|pm)\b|[\W_]",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:^|[|•·;(—–]\s*|[\d.)]\s+)"
    r"(?P<label>(?:first |originally )?(?:published|posted)|(?:last )?(?:updated|modified)|date)\b"
    r"(?:\s+(?:on|at))?\s*[:\-–]?\s*",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"[A-ZÀ-Þ][\w .,'’-]{2,60}?[,(]?\s(?P<when>[^—–()]{8,24}\d{4})\)?\s*(?:\([^()]{2,40}\))?\s*(?:—|–|--?)\s"
)
_URL_DATES = (
    re.compile(r"[/_=-](?P<year>(?:19|20)\d\d)[/_-](?P<month>\d{1,2})[/_-](?P<day>\d{1,2})(?=[/_.?&#-]|$)"),
    re.compile(
        r"/(?P<year>(?:19|20)\d\d)/(?P<month>[a-z]{3,9})/(?P<day>\d{1,2})(?=[/_.?&#-]|$)", re.IGNORECASE
    ),
    re.compile(r"[/_=-](?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?=[/_.?&#-]|$)"),
)
_EPOCH_SECONDS = range(10**8, 10**10)


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
    updated: str | None = None
    lines: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Parsed:
    value: str
    sure: bool
    rest: str = ""
    before: str = ""


def parse_date(text: str, *, now: datetime | None = None) -> str | None:
    """Return the first date in `text` as ISO 8601: a day, or with time and offset where both are given.

    None where there is none, or it is not to be believed (see `is_believable`). 03/04/2026 is read
    as outlets in the United States write it.
    """
    parsed = _parse(text)
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


def found_date(value: object, origin: DateOrigin) -> FoundDate | None:
    """Return the date that a field holds: text, a number of seconds since 1970, a date or a datetime."""
    if isinstance(value, datetime):
        parsed: _Parsed | None = _Parsed(_iso(value), sure=True)
    elif isinstance(value, date):
        parsed = _Parsed(value.isoformat(), sure=True)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        parsed = _parse_number(value)
    elif isinstance(value, str):
        parsed = (
            _parse_number(float(value))
            if re.fullmatch(r"\s*\d{8,13}(?:\.\d{1,9})?\s*", value, re.ASCII)
            else _parse(value)
        )
    else:
        parsed = None
    return _found(parsed, origin)


def date_from_url(url: str) -> FoundDate | None:
    """Return the day that an address names, as in /2026/03/04/, /2026/mar/04/ or -20260304."""
    for form in _URL_DATES:
        match = form.search(url)
        if match and (day := _day_of(match)):
            return _found(_Parsed(day.isoformat(), sure=True), DateOrigin.URL)
    return None


def date_from_text(lines: Sequence[str]) -> TextDates:
    """Return what the first lines say: "Published March 4, 2026", "Updated …", a bare date, a dateline.

    Where a text gives only the day of its update, that day stands for the publication, with less
    confidence: the text as it is was not there before.
    """
    published: FoundDate | None = None
    updated: FoundDate | None = None
    whole: set[int] = set()
    for number, line in enumerate(lines[:HEAD_LINES]):
        if not line or not any(character.isdigit() for character in line):
            continue
        said, changed, is_all = _dates_of_line(line)
        published, updated = published or said, updated or changed
        whole |= {number} if is_all else set()
    if published is None and updated is not None:
        published = FoundDate(
            value=updated.value, origin=DateOrigin.TEXT, confidence=updated.confidence * AMBIGUOUS
        )
    return TextDates(published=published, updated=updated.value if updated else None, lines=frozenset(whole))


def date_from_mtime(path: Path) -> FoundDate | None:
    """Return the day (UTC) on which a file was last written: the last resort."""
    try:
        day = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()
    except (OSError, OverflowError, ValueError):
        return None
    return _found(_Parsed(day.isoformat(), sure=True), DateOrigin.FILE)


def _dates_of_line(line: str) -> tuple[FoundDate | None, FoundDate | None, bool]:
    """Return the publication and update that one line tells, and whether it tells nothing else."""
    labels = list(_LABEL.finditer(line)) if len(line) <= MAX_DATE_CHARS else []
    ends = [*(label.start("label") for label in labels[1:]), len(line)]
    said: FoundDate | None = None
    changed: FoundDate | None = None
    rest = line[: labels[0].start("label")] if labels else ""
    if (parsed := _parse(rest)) and not _FILLER.sub("", parsed.rest):
        said, rest = _found(parsed, DateOrigin.TEXT), ""
    for label, end in zip(labels, ends, strict=False):
        parsed = _parse(line[label.end() : end])
        if parsed is None or _FILLER.sub("", _TIME.sub("", parsed.before)):
            continue
        rest += parsed.rest
        if label["label"].lower().endswith(("updated", "modified")):
            changed = changed or _found(parsed, DateOrigin.TEXT)
        else:
            said = said or _found(parsed, DateOrigin.TEXT)
    if said or changed:
        return said, changed, not _FILLER.sub("", rest)
    if len(line) <= MAX_DATE_CHARS and (parsed := _parse(line)) and not _FILLER.sub("", parsed.rest):
        return _found(parsed, DateOrigin.TEXT), None, True
    dateline = _DATELINE.match(line)
    parsed = _parse(dateline["when"]) if dateline else None
    return _found(parsed, DateOrigin.TEXT), None, False


def _parse(text: str) -> _Parsed | None:
    text = text[:MAX_DATE_CHARS]
    for form in _DATE_FORMS:
        for match in form.finditer(text):
            day = _day_of(match)
            if day is None:
                continue
            before, after = text[: match.start()], text[match.end() :]
            groups = match.groupdict()
            clock = groups.get("clock") or ""
            moment, rest = _moment(day, f"{clock} {after}" if clock else after, before)
            first, second = int(groups.get("first") or 0), int(groups.get("second") or 0)
            sure = not (0 < first <= 12 and second <= 12 and first != second and groups["mark"] == "/")
            return _Parsed(moment, sure=sure, rest=rest, before=before)
    return None


def _day_of(match: re.Match[str]) -> date | None:
    groups = match.groupdict()
    if groups.get("first"):
        first, second = int(groups["first"]), int(groups["second"])
        day_first = first > 12 or groups["mark"] == "."
        month, day = (second, first) if day_first else (first, second)
    else:
        name, day = groups["month"].lower(), int(groups["day"])
        month = int(name) if name.isdecimal() else _MONTHS.get(name, 0)
    try:
        return date(int(groups["year"]), month, day)
    except ValueError:
        return None


def _moment(day: date, after: str, before: str) -> tuple[str, str]:
    """Return the ISO form of a day with the time of day beside it, and the text that is neither."""
    for text in (after, before):
        for match in _TIME.finditer(text):
            if match["minute"] is None and match["half"] is None:
                continue
            rest = text[: match.start()] + " " + text[match.end() :]
            rest = before + rest if text is after else rest + after
            clock, zone = _clock(match), _zone(match["zone"] or "")
            if clock is None:
                break
            if match["zone"] and zone is None:
                rest += " " + match["zone"]
            if zone is None:
                return day.isoformat(), rest
            hour, minute, second = clock
            moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)
            return moment.isoformat(), rest
    return day.isoformat(), before + " " + after


def _clock(match: re.Match[str]) -> tuple[int, int, int] | None:
    hour, minute, second = int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].lower().startswith("p") else 0)
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _zone(name: str) -> tzinfo | None:
    """Return the zone of an abbreviation or an offset such as +02:00; None where it is not known."""
    name = name.upper()
    if name in _ZONE_NAMES:
        return ZoneInfo(_ZONE_NAMES[name])
    if name in _ZONE_HOURS:
        return timezone(timedelta(hours=_ZONE_HOURS[name]))
    offset = re.search(r"([+-])(\d\d):?(\d\d)$", name)
    if offset is None:
        return None
    minutes = int(offset[2]) * 60 + int(offset[3])
    return (
        timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes)) if minutes < 24 * 60 else None
    )


def _parse_number(number: float) -> _Parsed | None:
    """Return the moment of a count of seconds or milliseconds since 1970, or of 20260304."""
    if not 0 < number < _EPOCH_SECONDS.stop * 1000:
        return None
    if 19_000_101 <= number <= 21_001_231:
        return _parse(str(int(number)))
    seconds = number / 1000 if int(number) // 1000 in _EPOCH_SECONDS else number
    if int(seconds) not in _EPOCH_SECONDS:
        return None
    return _Parsed(_iso(datetime.fromtimestamp(int(seconds), tz=UTC)), sure=True)


def _iso(moment: datetime) -> str:
    """Return a moment with its offset, or its day alone where it has none."""
    return moment.date().isoformat() if moment.tzinfo is None else moment.replace(microsecond=0).isoformat()


def _found(parsed: _Parsed | None, origin: DateOrigin) -> FoundDate | None:
    if parsed is None:
        return None
    confidence = CONFIDENCE[origin] * (1.0 if parsed.sure else AMBIGUOUS)
    return FoundDate(value=parsed.value, origin=origin, confidence=confidence)
