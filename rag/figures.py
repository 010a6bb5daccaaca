"""The quantities that a sentence states, each with its unit and the interval that it stands for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.currencies import CURRENCIES, SIGN, SIGNS, WORDS
from rag.dates_in_text import named_days
from rag.terms import STOP_WORDS, stem, words

_ONES = dict(
    zip(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
        sixteen seventeen eighteen nineteen twenty""".split(),
        range(21),
        strict=True,
    )
) | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "dozen": 12.0}
_LENGTHS = {"metre": 1.0, "meter": 1.0, "kilometre": 1e3, "kilometer": 1e3, "km": 1e3, "mile": 1609.3}
ABOUT = 0.1
"""How far from a number that is only about right the true one may lie, as a share of it."""

_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMBER = rf"(?:{_FIGURE}|(?:{'|'.join(sorted(_ONES, key=len, reverse=True))})\b)"
_SCALE = rf"(?:\s+(?P<scale>{'|'.join(_SCALES)})\b)?"
_QUANTITY = re.compile(
    rf"(?<![\w.,:/-])(?P<sign>{SIGN})?"
    rf"(?P<number>{_NUMBER})(?:\s*(?:-|–|to|and)\s*(?P<upper>{_NUMBER}))?(?![\w:/]|[-–]\d|\.\d){_SCALE}"
    rf"(?:\s*(?P<percent>%|per cent\b|percent\b))?(?:\s+(?P<money>{WORDS})\b)?",
    re.IGNORECASE,
)
_MODIFIERS = (
    (re.compile(r"\b(?:at least|more than|over|no fewer than|upwards of)\s+$", re.I), "least"),
    (re.compile(r"\b(?:at most|up to|fewer than|less than|as many as|under|no more than)\s+$", re.I), "most"),
    (
        re.compile(r"\b(?:about|around|some|roughly|approximately|an estimated|nearly|almost)\s+$", re.I),
        "about",
    ),
)
_REPLACED = re.compile(r"\b(?:from|than the|earlier|previously|originally|instead of)\s+$", re.IGNORECASE)
_AGE_BEFORE = re.compile(
    r"\b(?:aged?(?: of)?|number|page|article|chapter|room|route|flight|category|magnitude|level|phase|stage"
    r"|type|class|grade|section|highway)\s+$",
    re.IGNORECASE,
)
_AGE_AFTER = re.compile(r"(?:-|\s)years?(?:-|\s)old|(?<=\d),(?=\s)|(?:st|nd|rd|th)\b", re.IGNORECASE)
_RUN = re.compile(r"\s+([^\W\d_]+(?:[-'’][^\W\d_]+)*)")
_YEARS = range(1000, 2100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A quantity in `text[start:end]`, between `low` and `high`.

    `unit` is `percent`, `money euro` and the like, `length` (metres), or empty for a count, whose `things`
    are the stems of the words after it. `open_ended`: "at least", so that more may be known later.
    """

    start: int
    end: int
    low: float
    high: float
    unit: str
    things: frozenset[str]
    open_ended: bool = False

    def agrees(self, other: "Figure") -> bool:
        """Return whether one number may be what both say."""
        return self.low <= other.high and other.low <= self.high


def figures(text: str) -> list[Figure]:
    """Return the quantities of a sentence: no ages, days, years, scores, and none that was replaced."""
    days = [(day.start, day.end) for day in named_days(text, None)]
    return [figure for match in _QUANTITY.finditer(text) for figure in _figure(match, text, days)]


def _figure(match: re.Match[str], text: str, days: list[tuple[int, int]]) -> Iterator[Figure]:
    before, after = text[: match.start()], text[match.end() :]
    if _REPLACED.search(before) or _AGE_BEFORE.search(before) or _AGE_AFTER.match(text, match.end()):
        return
    if any(match.start() < end and start < match.end() for start, end in days):
        return
    unit, factor = _unit(match, after)
    scale = _SCALES.get((match["scale"] or "").lower(), 1.0) * factor
    first = _value(match["number"])
    last = _value(match["upper"]) if match["upper"] else first
    things = _things(after)
    if not unit and not match["scale"] and first in _YEARS and "," not in match["number"]:
        return
    if last < first or (match["upper"] and not unit and not things):
        return
    slack = _rounding(match["number"]) if match["scale"] else 0.0
    low, high = (first - slack) * scale, (last + slack) * scale
    modifier = next((name for pattern, name in _MODIFIERS if pattern.search(before)), "")
    if modifier == "least":
        high = float("inf")
    elif modifier == "most":
        low = 0.0
    elif modifier == "about" or (match["scale"] or "").lower() == "dozen":
        low, high = low * (1 - ABOUT), high * (1 + ABOUT)
    yield Figure(
        start=match.start(),
        end=match.end(),
        low=low,
        high=high,
        unit=unit,
        things=things,
        open_ended=modifier == "least",
    )


def _unit(match: re.Match[str], after: str) -> tuple[str, float]:
    if match["percent"]:
        return "percent", 1.0
    if match["sign"] or match["money"]:
        return f"money {SIGNS.get(match['sign'] or '') or CURRENCIES[match['money'].lower()]}", 1.0
    run = _RUN.match(after)
    name = run[1].lower().removesuffix("s") if run else ""
    return ("length", _LENGTHS[name]) if name in _LENGTHS else ("", 1.0)


def _value(number: str) -> float:
    plain = number.lower()
    return float(_ONES[plain]) if plain in _ONES else float(plain.replace(",", ""))


def _rounding(number: str) -> float:
    """Return half a unit of the last digit that is written: 3.2 million is 3.15 to 3.25."""
    decimals = len(number.partition(".")[2])
    return float(0.5 * 10.0**-decimals) if number[0].isdigit() else 0.0


def _things(after: str) -> frozenset[str]:
    """Return the stems of up to three words after a number, as far as no function word stands between."""
    found: list[str] = []
    position = 0
    while len(found) < 3 and (run := _RUN.match(after, position)):
        if run[1].lower() in STOP_WORDS:
            break
        found += [stem(word) for word in words(run[1])]
        position = run.end()
    return frozenset(found)
