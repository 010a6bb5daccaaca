"""What a question wants counted or measured, and whether a sentence has a number of it."""

import re

from rag.currencies import SIGN, WORDS
from rag.terms import stem, words

_HOW_MANY = re.compile(r"\bhow (?:many|few)\s+((?:[\w'’-]+\s*){1,3})", re.I)
_BY_UNIT: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"\bhow heavy\b|\bweigh", re.I),
        r"tonnes?|tons?|kilograms?|kilos?|kg|pounds?|lbs?|ounces?|grams?",
    ),
    (
        re.compile(r"\bhow (?:tall|high|far|wide|deep|big|large)\b|\bhow long is\b", re.I),
        r"met(?:re|er)s?|kilomet(?:re|er)s?|centimet(?:re|er)s?|km|cm|feet|foot|ft|inch(?:es)?|miles?|acres?"
        r"|hectares?|square \w+",
    ),
    (
        re.compile(r"\bhow long (?:did|does|do|will|has|have|was)\b", re.I),
        r"(?:minute|hour|day|week|month|year)s?",
    ),
    (
        re.compile(r"\bhow fast\b|\bspeed\b", re.I),
        r"mph|km/h|kmh|kph|knots|miles an hour|kilomet(?:re|er)s an hour",
    ),
    (re.compile(r"\bpercent\w*|\bper cent\b", re.I), r"%|per ?cent\w*"),
    (
        re.compile(
            r"\bhow much\b|\bwhat (?:\w+ )?(?:price|cost|budget|sum|fine|amount)\b"
            r"|\b(?:price|cost|budget) of\b",
            re.I,
        ),
        rf"{WORDS}|dollar|pound|pence|cents?|per ?cent|%",
    ),
)
_NUMBER = (
    r"(?:\d[\d,.]*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty"
    r"|fifty)\b)"
)
_MONEY = re.compile(rf"{SIGN}\s?\d")
_IS_NUMBER = re.compile(_NUMBER, re.I)
_SCALE = r"(?:\s*(?:hundred|thousand|million|billion|trillion|bn|m))?"
_NEAR = 3
"""Words that may stand between a number and what it counts: "57 more valid votes"."""


class Measure:
    """What `question` wants counted ("how many votes") or measured ("how heavy"), if it wants that."""

    def __init__(self, question: str) -> None:
        """Read the question."""
        counted = _HOW_MANY.search(question)
        self._things = frozenset(map(stem, words(counted[1]))) if counted else frozenset()
        unit = next((units for asks, units in _BY_UNIT if asks.search(question)), None)
        self._money = unit is not None and "euros" in unit
        self._unit = re.compile(rf"{_NUMBER}{_SCALE}[\s-]*(?:{unit})(?!\w)", re.I) if unit else None

    def stands_in(self, sentence: str) -> bool:
        """Return whether a sentence has a number of that."""
        if self._money and _MONEY.search(sentence):
            return True
        if self._unit and self._unit.search(sentence):
            return True
        return bool(self._things) and self._is_counted(words(sentence))

    def _is_counted(self, said: list[str]) -> bool:
        return any(
            _IS_NUMBER.fullmatch(word)
            and any(stem(near) in self._things for near in said[at + 1 : at + 1 + _NEAR])
            for at, word in enumerate(said)
        )
