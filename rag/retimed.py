"""A question asked of another time: "and in 2024?", "a week later?", "and now?"."""

import re

from rag.relative_time import Shift, find_shift, read_time, shifted

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"\b(?:{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?|{_MONTH}\s+{_DAY}\b(?:,?\s+{_YEAR})?"
    rf"|{_MONTH},?\s+{_YEAR}|(?<=\bin )(?:{_MONTH})|(?<=\bof )(?:{_MONTH})|{_YEAR}(?:-\d\d-\d\d)?"
    r"|(?:last|this|next)\s+(?:week|month|year)|yesterday|today)(?!\w)",
    re.I,
)
_WHOLE_DATE = re.compile(
    rf"^(?:(?:the|in|on|by|of|since|during|from|until)\s+)*(?P<date>{_DATE.pattern})$", re.I
)
_BY_TODAY = re.compile(r"^(?:last|this|next|yesterday|today)\b", re.I)
_BARE_YEAR = re.compile(rf"^{_YEAR}$")
_PREPOSITION = re.compile(r"^(?P<word>of|in|on|by|from|since|during|until)\s+", re.I)
_NOW = re.compile(r"^(?:(?:right|as of|until|up to)\s+)?(?:now|currently|at present|these days)$", re.I)
_LED_AT_END = re.compile(r"\s+(?:in|on|by|since|until|from|during)\s+$")
_LED = re.compile(r"\b(?:in|on|by|since|until|from|during)\s+$")


def retimed(question: str, fragment: str, *, whole: bool = False) -> str | None:
    """Return a question with the time that a fragment names in place of its own; None if it names none.

    A year takes the place of a year and leaves the month, unless it is the `whole` time. A way in time
    ("two weeks later") is gone from the time that the question names, and what the question did not say
    is put at its end.
    """
    found = _DATE.search(question)
    if shift := find_shift(fragment):
        return _moved(question, found, fragment, shift)
    if _NOW.match(fragment):
        return _put(question, found, "now", "")
    match = _WHOLE_DATE.match(fragment)
    if match is None:
        return None
    date = match["date"]
    if _BY_TODAY.match(date):
        return _put(question, found, date, "")
    if found is None:
        return f"{question} {fragment if fragment != date else f'in {date}'}"
    year = re.search(_YEAR, found.group())
    if _BARE_YEAR.match(date) and year and not whole:
        start = found.start() + year.start()
        return f"{question[:start]}{date}{question[start + len(year.group()) :]}"
    if year and not re.search(_YEAR, date):
        date = f"{date} {year.group()}"
    own = _PREPOSITION.match(fragment)
    return _put(question, found, date, own["word"] if own else None)


def is_time(fragment: str) -> bool:
    """Return whether a piece of a question is nothing but a time."""
    bare = fragment.strip(" ?.!,")
    return bool(find_shift(bare) or _NOW.match(bare) or _WHOLE_DATE.match(bare))


def names_time(question: str) -> bool:
    """Return whether a question names a day, a month or a year."""
    return _DATE.search(question) is not None


def without_time(question: str) -> tuple[str, str | None]:
    """Return a question less the date that it ends with and the preposition before that; and the date."""
    last = next((date for date in _DATE.finditer(question) if date.end() == len(question)), None)
    led = _LED_AT_END.search(question[: last.start()]) if last else None
    return (question[: led.start()], last.group()) if led and last else (question, None)


def _moved(question: str, found: re.Match[str] | None, fragment: str, shift: Shift) -> str:
    """Return the question a way before or after its own time; at its end where that is not known."""
    time = read_time(found.group()) if found else None
    moved = shifted(time, shift) if time else None
    if found is None or moved is None:
        return f"{question}, {fragment}"
    return _put(question, found, str(moved), moved.preposition)


def _put(question: str, found: re.Match[str] | None, date: str, preposition: str | None) -> str:
    """Return the question with a date in place of the one found, led by `preposition`, None for the old."""
    if found is None:
        return f"{question} {date}"
    before = question[: found.start()]
    if preposition is not None:
        led = f"{preposition} " if preposition else ""
        before = re.sub(r"\b(?:in|on)\s+$" if led else _LED, led, before)
    return f"{before}{date}{question[found.end() :]}"
