"""What of a text is a quantity or a day: a claim has to have the same ones as its sentence."""

import re

from rag.terms import numbers, words

_ORDINAL = re.compile(r"\b\d+(?:st|nd|rd|th)\b", re.I)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b"
_DAY_OF_MONTH = re.compile(
    rf"(?<!\w)(?P<day>\d+)(?:st|nd|rd|th)(?=\s+(?:of\s+)?{_MONTH})"
    rf"|(?P<month>\b{_MONTH}\.?\s+)(?P<number>\d+)(?:st|nd|rd|th)\b",
    re.I,
)
_FROM_NOW = re.compile(
    r"\b(?:this|last|next|past|previous|coming) "
    r"(?:week|weekend|month|quarter|year|decade|century|spring|summer|autumn|fall|winter|season)\b"
)
_QUANTITIES = frozenset(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds
    thousand thousands million millions billion billions trillion dozen dozens half quarter third once
    twice double triple monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow
    january february march april may june july august september october november december""".split()
)


def quantities(text: str) -> set[str]:
    """Return the numbers, days and months of a text, folded; thousands separators left out.

    The second of March is a 2, and whatever else is the 2nd is no 2. "Last week" is one of them.
    """
    told = words(text)
    from_now = set(_FROM_NOW.findall(" ".join(told)))
    text = _DAY_OF_MONTH.sub(lambda day: f"{day['month'] or ''}{day['day'] or day['number']}", text)
    ordinals = {match.lower() for match in _ORDINAL.findall(text)}
    return from_now | ordinals | set(numbers(_ORDINAL.sub(" ", text))) | (_QUANTITIES & set(told))
