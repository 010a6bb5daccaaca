"""The questions that one question is made of: joined by "and", or one for each of the things compared."""

import re
from dataclasses import dataclass

from rag.degrees import NAMED, VERB, asked, bare, comparison
from rag.entities import Kind, mentions
from rag.terms import content_stems, names
from rag.than import sides

MOST_PARTS = 6
"""Of so many parts evidence is gathered at most: each takes as long as a question of its own."""

_JOINED = re.compile(
    r"(?:,|;)?\s+and\s+(?=(?:who|whom|what|when|where|why|how|which)\b)|(?<=\?)\s+(?=\w)", re.IGNORECASE
)
_WORD_THAT_ASKS = re.compile(r"\b(?:who|whom|what|when|where|why|how|which)$", re.IGNORECASE)
_SEVERAL = r"(?:,\s*(?:(?:or|and)\s+)?|\s+(?:or|and)\s+)"
_FEW_WORDS = r"(?:[\w'’.&-]+\s+){0,6}[\w'’.&-]+"
_IN_RESPECT = r"(?P<rest>\s+(?i:on|in|over|about|regarding|in\s+terms\s+of|when\s+it\s+comes\s+to)\s.+?)?"

_CHOICE = re.compile(
    rf"^(?P<head>.+?)\s*[,:—–]\s*(?P<things>{_FEW_WORDS}(?:,\s+{_FEW_WORDS})*,?\s+or\s+{_FEW_WORDS})\s*\?*$"
)
_WHICH_OF = re.compile(
    rf"^(?i:which|who|what)(?:\s+one)?(?:\s+out)?\s+of\s+(?P<things>{NAMED}(?:{_SEVERAL}{NAMED})+)"
    r"\s+(?P<head>[^,?]+)\?*$"
)
_EITHER = re.compile(rf"^{VERB}\s+(?:either\s+)?(?P<things>{NAMED}\s+or\s+{NAMED})\s+(?P<head>[^,?]+)\?*$")
_BOTH = re.compile(
    rf"^(?P<asks>(?i:how\s+(?:many|much))\b[^?]*?)\s+(?P<verb>{VERB})\s+(?P<one>(?i:the)\s+{NAMED})\s+and\s+"
    rf"(?P<other>the\s+{NAMED})\s+(?P<rest>[a-z][^?]*)\?*$"
)
_ORDER = re.compile(
    rf"^(?P<verb>{VERB})\s+(?P<one>.+?)(?P<happened>\s+(?:happen|occur|come|take\s+place))?\s+"
    r"(?i:before\s+or\s+after|after\s+or\s+before)\s+(?P<other>.+?)\s*\?*$"
)
_DIFFERENCES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^(?i:please\s+)?(?i:compare|contrast)\s+(?P<one>.+?)\s+(?:and|with|to|against)\s+(?P<other>.+?)"
        rf"{_IN_RESPECT}[?.]*$",
        rf"^(?i:how)\s+(?:do|does|did)\s+(?P<one>.+?)\s+and\s+(?P<other>.+?)\s+(?:compare|differ)"
        rf"{_IN_RESPECT}\?*$",
        rf"^(?i:how)\s+(?:do|does|did)\s+(?P<one>.+?)\s+(?:compare\s+(?:with|to)|differ\s+from)\s+"
        rf"(?P<other>.+?){_IN_RESPECT}\?*$",
        rf"^(?i:what(?:['’]s|\s+is|\s+are|\s+was|\s+were)?)\s+the\s+(?:\w+\s+)?differences?\s+between\s+"
        rf"(?P<one>.+?)\s+and\s+(?P<other>.+?){_IN_RESPECT}\?*$",
        rf"^(?P<one>{NAMED})\s+(?:vs\.?|versus)\s+(?P<other>(?:[a-z]+\s+)*{NAMED}|[^?,A-Z]+?){_IN_RESPECT}\?*$",
    )
)
_ITS_OWN = re.compile(r"\bthe\s+(?!same\b)\w+", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|there|this|that|these|those)\b", re.IGNORECASE
)
_SOMEBODY = {"he": "{}", "she": "{}", "him": "{}", "his": "{}'s", "her": "{}'s"}
_SOMETHING = {"it": "{}", "they": "{}", "them": "{}", "its": "{}'s", "their": "{}'s"}
_THE_ONE = re.compile(
    r"^(?:the\s+ones?|that|those)\s+(?P<rest>(?:of|from|in|at|by|on|for|near|with|grown|made|built)\s.+)$",
    re.IGNORECASE,
)
_BEFORE_PREPOSITION = re.compile(
    r"^(?:.*?\s)?(?P<noun>[a-z][\w-]+)(?:\s+(?:of|from|in|at|by|on|for|near|with)\s.*)?$"
)
_ASKED_FOR = re.compile(
    rf"^(?i:which|what)\s+(?P<noun>(?!of\b|one\b)(?:[\w'’-]+\s+){{0,4}}?[\w'’-]+)\s+{VERB}\b"
)
_A_YEAR = re.compile(r"^(?:(?P<led>(?:in|of)\s+)?(?P<year>(?:19|20)\d\d)|the\s+(?P<of>(?:19|20)\d\d)\s+one)$")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_TOGETHER = re.compile(r"\b(?:together|combined|jointly|in\s+all|in\s+total|between\s+them)\b", re.IGNORECASE)

_NOT_THINGS = frozenset("true false yes no neither both other others not nothing today yesterday".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A question of its own: `asks` is its text, `named` what is said of it where nothing is found.

    The text is for searching and weighing, in the words of the question rather than in good English. A part
    that `leans` is understood with the one before it only; one that is `compared` asks the same of one
    thing as the other parts ask of others; those that are `ordered` are events of which one came first.
    """

    asks: str
    named: str
    leans: bool = False
    compared: bool = False
    ordered: bool = False


def parts_of(question: str) -> tuple[Part, ...]:
    """Return the parts of a question in their order: itself alone where it asks one thing, or too many."""
    text = " ".join(question.split())
    ways = (way(text) for way in (_ordered, _chosen, _than, _both, _differences, _joined))
    parts = next(filter(None, ways), ())
    parts = tuple({part.asks: part for part in reversed(parts)}.values())[::-1]
    return parts if len(parts) <= MOST_PARTS else (Part(asks=text, named=text),)


def _joined(text: str) -> tuple[Part, ...]:
    """Return the questions that "and" joins, or that stand in a row."""
    joined = [one.strip(" ,;") for one in _JOINED.split(text) if one.strip(" ,;?")]
    if any(_WORD_THAT_ASKS.search(one) for one in joined[:-1]):  # "how and why the dam cracked" is one
        joined = [text]
    return tuple(
        Part(asks=one, named=one, leans=at > 0 and _leans(one, joined[0])) for at, one in enumerate(joined)
    )


def _leans(part: str, first: str) -> bool:
    """Return whether a part has its subject from the first: it names none, or goes on about the same."""
    if names(part):
        return False
    own = _ITS_OWN.search(part)
    return (
        own is None or bool(_PRONOUN.search(part)) or bool({*content_stems(part)} & {*content_stems(first)})
    )


def _ordered(text: str) -> tuple[Part, ...]:
    """Return the parts of "Did … before or after …?": the one event, and the other.

    Neither is asked for with "when": a report without a day in its sentence is of its article's day.
    """
    match = _ORDER.match(text)
    if not match:
        return ()
    verb = "was" if match["happened"] else match["verb"].lower()
    one, other = match["one"], _with_names(match["other"], match["one"])
    return (
        Part(asks=f"Did {one}?", named=f"when {verb} {one}", ordered=True),
        Part(asks=f"Did {other}?", named=f"when {other}", ordered=True),
    )


def _with_names(text: str, first: str) -> str:
    """Return the second event with the name of the first in place of its pronouns."""
    there = mentions(first)
    people = [one for one in there if one.kind is Kind.PERSON] or there
    known = {
        **({pronoun: form.format(people[-1].name) for pronoun, form in _SOMEBODY.items()} if people else {}),
        **({pronoun: form.format(there[0].name) for pronoun, form in _SOMETHING.items()} if there else {}),
    }
    return re.sub(r"[\w’']+", lambda word: known.get(word.group().lower(), word.group()), text)


def _chosen(text: str) -> tuple[Part, ...]:
    """Return the parts of a choice between named things, or between any that are compared by degree."""
    for pattern in (_WHICH_OF, _EITHER, _CHOICE):
        match = pattern.match(text)
        if not match:
            continue
        things = [one.strip() for one in re.split(_SEVERAL, match["things"]) if one.strip()]
        things = [_spelled_out(one, things[0], match["head"]) for one in things]
        compared = comparison(match["head"]) is not None
        listed = pattern is _CHOICE and re.search(rf"{NAMED}$", match["head"])  # "… of Ford, Tesla or Kia"
        if (
            len(things) < 2
            or not all(_is_thing(one, compared) for one in things)
            or (listed and not compared)
        ):
            continue
        return tuple(
            Part(asks=asked(bare(match["head"]), thing), named=thing, compared=True) for thing in things
        )
    return ()


def _spelled_out(thing: str, first: str, head: str) -> str:
    """Return a thing with the noun of the first one for its "the one": "the pumpkin from Pellow".

    Where the first is such a one too, the noun is what is asked for: "Which pumpkin was heavier, …?".
    """
    wanted = _ASKED_FOR.match(head)
    if wanted and (year := _A_YEAR.match(thing)):
        return f"the {wanted['noun']} {year['led'] or 'of '}{year['year'] or year['of']}"
    match, noun = _THE_ONE.match(thing), _BEFORE_PREPOSITION.match(first)
    if match and wanted and _THE_ONE.match(first):
        return f"the {wanted['noun']} {match['rest']}"
    return f"the {noun['noun']} {match['rest']}" if match and noun else thing


def _is_thing(text: str, compared: bool) -> bool:
    return not _NOT_THINGS.intersection(text.lower().split()) and (compared or bool(names(text)))


def _than(text: str) -> tuple[Part, ...]:
    """Return the parts of "Did more people … in A than in B?"."""
    return tuple(Part(asks=asks, named=named, compared=True) for asks, named in sides(text) or ())


def _both(text: str) -> tuple[Part, ...]:
    """Return the parts of "How many seats did the Greens and the Reds win?", unless it is asked of both."""
    match = _BOTH.match(text)
    if not match or _TOGETHER.search(match["rest"]):
        return ()
    return tuple(
        Part(asks=f"{match['asks']} {match['verb']} {one} {match['rest']}?", named=one, compared=True)
        for one in (match["one"], match["other"])
    )


def _differences(text: str) -> tuple[Part, ...]:
    """Return the parts of a question for the difference between two things."""
    for pattern in _DIFFERENCES:
        match = pattern.match(text)
        if match and content_stems(match["one"]) and content_stems(match["other"]):
            rest = match["rest"] or ""
            one, other = match["one"], _completed(match["other"], match["one"])
            return (
                Part(asks=f"What of {one}{rest}?", named=one, compared=True),
                Part(asks=f"What of {other}{rest}?", named=other, compared=True),
            )
    return ()


def _completed(other: str, one: str) -> str:
    """Return the second thing with what only the first one says: "the budgets of Orvale and Stellhaven"."""
    owned = re.search(r"['’]s?\s+(?P<what>.+)$", one)
    if owned and re.search(r"['’]s?$", other):
        return f"{other} {owned['what']}"
    if _YEAR.fullmatch(other) and _YEAR.search(one):
        return _YEAR.sub(other, one, count=1)
    shared = re.match(rf"(?P<what>.*\b(?:of|in|by|for|from|at))\s+{NAMED}$", one)
    return f"{shared['what']} {other}" if shared and re.fullmatch(NAMED, other) else other
