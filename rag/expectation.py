"""What kind of answer a question waits for, and whether a sentence has one."""

import re
from collections.abc import Sequence
from enum import StrEnum
from operator import itemgetter

from rag.terms import names


class Expectation(StrEnum):
    """The kind of thing that would answer a question."""

    TIME = "time"
    COMPANY = "company"
    PERSON = "person"
    PLACE = "place"
    QUANTITY = "quantity"
    AGE = "age"
    CAUSE = "cause"
    STATEMENT = "statement"
    CONDITION = "condition"
    NAME = "name"
    OPEN = "open"


_CAUSING = r"(?:caus|led|dr[io]v|trigger|explain|prompt|spark|push|happen)"

_CLAUSE_BEFORE = re.compile(
    r"^(?:when|where|after|before|while|as)\b[^?]*?,\s+(?=(?:who|whom|whose|what|which|when|where|why|how)\b)"
)

_ASKS: tuple[tuple[re.Pattern[str], Expectation], ...] = (
    (
        re.compile(r"\b(?:when|(?:what|which) (?:day|date|year|month|time)|how soon|how long)\b"),
        Expectation.TIME,
    ),
    (re.compile(r"\bhow old\b|\b(?:what|which) age\b"), Expectation.AGE),
    (re.compile(r"\bhow (?:many|much|far|big|large|tall|high|often)\b"), Expectation.QUANTITY),
    (
        re.compile(
            r"\b(?:what|which)(?:['’]s| is| was| are| were| will be)? (?:the |its |their |his |her )?"
            rf"(?:(?!{_CAUSING})\w+ ){{0,2}}"
            r"(?:percent\w*|number|amount|share|age|price|cost|sum|figure|budget|toll|turnout|rate|margin|raise"
            r"|(?:pay|wage) (?:rise|increase)|(?:net|annual|quarterly|operating|pre-?tax) (?:loss|profit)"
            r"|revenues?|turnover|salary|magnitude|score|temperature|speed|population)\b(?! of living)"
        ),
        Expectation.QUANTITY,
    ),
    (
        re.compile(
            r"\bwho(?:m)?\b.*\b(?:present|attend|accompan|join|took part|take part|came with|went with)"
        ),
        Expectation.COMPANY,
    ),
    (re.compile(r"\b(?:who|whom|whose)\b"), Expectation.PERSON),
    (
        re.compile(
            r"\bwhere\b|\b(?:what|which) (?:\w+ )?(?:city|country|town|village|state|place|continent)\b"
        ),
        Expectation.PLACE,
    ),
    (re.compile(r"\bwhy\b|\bwhat (?:\w+ )?(?:caused?|reason|led to)\b"), Expectation.CAUSE),
    (
        re.compile(r"\b(?:demand|require|condition|precondition|insist)\w*|\bmust\b|\bneeds? to\b"),
        Expectation.CONDITION,
    ),
    (
        re.compile(r"\bwhat (?:did|does|do|has|have|was|were)\b.*\b(?:say|said|tell|told|call|called)\b"),
        Expectation.STATEMENT,
    ),
    (
        re.compile(r"\bwhich\b|\bwhat (?:company|team|app|film|movie|show|party|agency|name)\b"),
        Expectation.NAME,
    ),
)

_MONTH = r"(?:jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\b\.?|may\s+\d"
_HAS: dict[Expectation, re.Pattern[str]] = {
    Expectation.TIME: re.compile(
        rf"\b(?:{_MONTH}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:19|20)\d\d"
        r"|today|yesterday|tomorrow|tonight"
        r"|(?:last|next|this) (?:week|month|year|spring|summer|autumn|fall|winter)"
        r"|\d{1,2}(?::\d\d)? ?[ap]\.?m\b|\d+ (?:minute|hour|day|week|month|year)s?"
        r"|(?:week|month|year|decade)s? ago)",
        re.I,
    ),
    Expectation.QUANTITY: re.compile(
        r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?"
        r"|million|billion|half|twice|double|third|quarter|no one|none)\b",
        re.I,
    ),
    Expectation.AGE: re.compile(
        r"\baged? (?:of )?\d|\b\d+[- ]years?[- ]old|, \d{1,3},|\bborn\b|\b\d+th birthday", re.I
    ),
    Expectation.PLACE: re.compile(
        r"\b(?:in|at|near|from|to|outside|inside|across|off|on)\s+(?:the\s+)?[A-Z]"
    ),
    Expectation.CAUSE: re.compile(
        r"\b(?:because|due to|after|amid|since|so that|in order to|caused?|led to|blam\w+|result\w*|citing"
        r"|over|as a|despite)\b",
        re.I,
    ),
    Expectation.COMPANY: re.compile(
        r"\b(?:accompan|attend|join|alongside|together with|along with|present|greet|welcom|delegation"
        r"|participa|took part|guests?|escort|flank|convened)",
        re.I,
    ),
    Expectation.STATEMENT: re.compile(
        r"[\"“”]|\b(?:said|says|told|called|described|stressed|added|warned|hailed|praised|noted"
        r"|emphasi[sz]ed|reiterated)\b",
        re.I,
    ),
    Expectation.CONDITION: re.compile(
        r"\b(?:must|until|unless|cannot|first|begins? with)\b"
        r"|\b(?:demand|requir|condition|insist|need)\w*",
        re.I,
    ),
}


# Words that say what is asked for rather than about what: a sentence that answers seldom repeats them.
_ASKING: dict[Expectation, frozenset[str]] = {
    Expectation.TIME: frozenset("take took taken place hold held date day time".split()),
    Expectation.PLACE: frozenset("take took taken place hold held located".split()),
    Expectation.COMPANY: frozenset(
        "present attend attended attending join joined joining part took take".split()
    ),
    Expectation.CONDITION: frozenset(
        "demand demands demanded demanding require requires required condition conditions insist insists "
        "insisted first need needs done come comes".split()
    ),
    Expectation.AGE: frozenset("old age".split()),
    Expectation.CAUSE: frozenset("reason reasons cause caused".split()),
    Expectation.OPEN: frozenset(
        "know known happen happened happening tell told report reported reports explain describe detail "
        "details information learn learned learnt".split()
    ),
}


def expectation(question: str) -> Expectation:
    """Return what kind of answer `question` waits for: its first word that asks says so."""
    text = _CLAUSE_BEFORE.sub("", question.lower())
    found = [(match.start(), kind) for pattern, kind in _ASKS if (match := pattern.search(text))]
    return min(found, key=itemgetter(0), default=(0, Expectation.OPEN))[1]


def subject_words(question_words: Sequence[str], kind: Expectation) -> list[str]:
    """Return the words that say what a question is about, less those that only ask; all if none is left."""
    asking = _ASKING.get(kind, frozenset())
    return [word for word in question_words if word not in asking] or list(question_words)


def meets(kind: Expectation, sentence: str, question: str) -> bool:
    """Return whether `sentence` holds something of the kind that `question` waits for."""
    if kind is Expectation.OPEN:
        return True
    if kind in (Expectation.PERSON, Expectation.NAME):
        return bool(set(names(sentence)) - set(names(question)))
    return bool(_HAS[kind].search(sentence))
