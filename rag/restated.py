"""The ways in which one statement can be put: passive for active, a clause in front or behind, 12 or twelve.

Done by the letter, without a parser. A reading that goes wrong is of no use to anybody: it has to agree,
small words included, with a reading of the other text.
"""

import re
from collections.abc import Iterator, Sequence

from rag.terms import words

LONGEST = 80
"""Words of a text beyond which it is read as it stands only."""

_FROM_TWO = """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen""".split()
_UNITS = {word: number for number, word in enumerate(_FROM_TWO, start=2)}  # "one" is a pronoun too
_DIGITS = {"one": 1} | dict(list(_UNITS.items())[:8])
_TENS = {
    word: 10 * at
    for at, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SPELLED = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})(?:[-\s](?P<digit>{'|'.join(_DIGITS)}))?|(?P<unit>{'|'.join(_UNITS)}))\b",
    re.I,
)
_BE = frozenset("is are was were be been being".split())
_AUXILIARIES = _BE | frozenset("has have had will would may might could can should must shall".split())
JOINS = frozenset(
    """and but or while when where because although if unless after before since until who whom whose
    which""".split()
)
"""Small words after which another statement begins."""
PARTICLES = frozenset("off up down out away back".split())
"""Small words that belong to the verb before them: called off."""
_OPENERS = JOINS | frozenset("that as whether".split())
_AFTER_AGENTS = frozenset(
    "for over after before in on at to with during since until when because as although".split()
)
_MONTHS_AND_DAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september"
    r"|october|november|december"
)
_TIME = (
    rf"(?:\d{{1,4}}|{_MONTHS_AND_DAYS}|spring|summer|autumn|winter|week|month|year|morning|evening|night)\b"
)
_FRONTS = tuple(
    re.compile(pattern, re.I | re.S)
    for pattern in (
        r"^(?P<front>(?:after|before|since|until|unless|if|although|while|when|because|during|despite|in|on|at"
        r"|by|according|next|last)\b[^,;:]*),\s+(?P<rest>.+)$",
        rf"^(?P<front>(?:in|on|since|by|next|last|this)\s+{_TIME}(?:\s+{_TIME})*)\s+(?P<rest>[^\W\d].+)$",
    )
)
_SAID_LAST = re.compile(
    r"^(?P<what>.+),\s+"
    r"(?P<who>[^,;:]{2,60}?\s(?:said|says|warned|announced|added|reported|stated|told\s[^,]{2,40}))$",
    re.I | re.S,
)
_INFINITIVE = re.compile(r"\bto\s+(?!the\b|an?\b|its\b|his\b|her\b|their\b|\d)[a-z]")
_STOPS = re.compile(r"[;:—](?!\d)|\s[-–]\s")
_MAY = re.compile(r"(?<=\s)May\b")  # the month; as a number, since "may" is a small word
_LIGHT = frozenset(
    "give gives gave make makes made issue issues issued impose imposes imposed hold holds held".split()
)
_BEFORE_NOUNS = frozenset("a an the its his her their".split())
_AFTER_NOUNS = frozenset("to of on for".split())


def in_digits(text: str) -> str:
    """Return `text` with the numbers from two to ninety-nine written in digits."""

    def digits(match: re.Match[str]) -> str:
        if match["unit"]:
            return str(_UNITS[match["unit"].lower()])
        return str(_TENS[match["tens"].lower()] + _DIGITS.get((match["digit"] or "").lower(), 0))

    return _SPELLED.sub(digits, text)


def moved(text: str) -> list[list[str]]:
    """Return the folded words of `text`, and of its forms: its opening put behind, who said it in front."""
    text = _STOPS.sub(" and ", text.strip().rstrip(".!"))
    put = [text, *_behind(text)]
    if said := _SAID_LAST.match(text):
        put += [f"{said['who']} {what}" for what in (said["what"], *_behind(said["what"]))]
    return [words(_MAY.sub("5may", one)) for one in put]


def _behind(text: str) -> Iterator[str]:
    """Yield a text of one statement with its opening behind; of two it would go over to the other one."""
    for pattern in _FRONTS:
        found = pattern.match(text)
        if found and not _OPENERS & set(words(found["rest"])) and not _INFINITIVE.search(found["rest"]):
            yield f"{found['rest']} {found['front']}"


def lightened(said: Sequence[str]) -> Iterator[list[str]]:
    """Yield "approval the plan" for "gave its approval to the plan": the noun stands for the verb."""
    for at, word in enumerate(said[:-2]):
        noun = at + 2 if said[at + 1] in _BEFORE_NOUNS else at + 1
        if word in _LIGHT:
            after = noun + 2 if noun + 1 < len(said) and said[noun + 1] in _AFTER_NOUNS else noun + 1
            yield [*said[:at], said[noun], *said[after:]]


def active(said: Sequence[str], *, joined: bool) -> Iterator[list[str]]:
    """Yield in the active what "the plan was approved by the council" says, with its agent and without it.

    `joined` tells whether the subject may hold "and" and the like, after which another one may begin.
    """
    if len(said) > LONGEST:
        return
    for at, word in enumerate(said[:-1]):
        if word not in _BE or said[at + 1] in _AUXILIARIES or said[at + 1].endswith("ing"):
            continue
        first = at
        while first and said[first - 1] in _AUXILIARIES:
            first -= 1
        end = at + 3 if said[at + 2 : at + 3] and said[at + 2] in PARTICLES else at + 2
        verb = [*(one for one in said[first:at] if one not in _BE), *said[at + 1 : end]]
        for start in [0, *(number + 1 for number in range(first) if said[number] in _OPENERS)]:
            patient = said[start:first]
            if joined or not JOINS & set(patient):
                for agent, rest in _agents(said[end:]):
                    yield [*said[:start], *agent, *verb, *patient, *rest]


def _agents(after: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield who may have done it, nobody to begin with, and what is left of the words after the verb."""
    yield (), after
    for by in (number for number, word in enumerate(after) if word == "by"):
        for end in range(by + 2, len(after) + 1):
            if end == len(after) or after[end] in _AFTER_AGENTS or _of_doing(after[end:]):
                yield after[by + 1 : end], [*after[:by], *after[end:]]


def _of_doing(said: Sequence[str]) -> bool:
    """Return whether "of" opens what somebody is accused of, and does not belong to who accuses."""
    return said[0] == "of" and len(said) > 1 and said[1].endswith("ing")
