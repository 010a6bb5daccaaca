"""The questions that one question is made of: joined by "and", or one for each of the things compared."""

import re
from dataclasses import dataclass

from rag.terms import content_stems, names

_JOINED = re.compile(
    r"(?:,|;)?\s+and\s+(?=(?:who|whom|what|when|where|why|how|which)\b)|(?<=\?)\s+(?=\w)", re.IGNORECASE
)
_SEVERAL = r"(?:,\s*(?:or\s|and\s)?\s*|\s+(?:or|and)\s+)"
_NAMED = (
    r"(?:[Tt]he\s+)?[A-Z\d][\w'’.&-]*(?:\s+(?:(?:of|for|de|du|von|van|al)\s+(?:the\s+)?)?[A-Z\d][\w'’.&-]*)*"
)
_FEW_WORDS = r"(?:[\w'’.&-]+\s+){0,6}[\w'’.&-]+"
_VERB = r"(?i:did|does|do|is|are|was|were|has|have|had|will|would|can|could)"
_IN_RESPECT = r"(?P<rest>\s+(?i:on|in|over|about|regarding|in\s+terms\s+of|when\s+it\s+comes\s+to)\s.+?)?"

_CHOICE = re.compile(
    rf"^(?P<head>.+?)\s*[,:—–]\s*(?P<things>{_FEW_WORDS}(?:,\s+{_FEW_WORDS})*,?\s+or\s+{_FEW_WORDS})\s*\?*$"
)
_WHICH_OF = re.compile(
    rf"^(?i:which|who|what)(?:\s+one)?(?:\s+out)?\s+of\s+(?P<things>{_NAMED}(?:{_SEVERAL}{_NAMED})+)"
    r"\s+(?P<head>[^,?]+)\?*$"
)
_EITHER = re.compile(rf"^{_VERB}\s+(?:either\s+)?(?P<things>{_NAMED}\s+or\s+{_NAMED})\s+(?P<head>[^,?]+)\?*$")
_THAN = re.compile(
    rf"^(?:{_VERB}|(?i:by\s+how|how)\s+(?:many|much))\s+(?P<head>.+?)\s+than\s+"
    rf"(?:(?P<where>in|at|from|on|by|under|for)\s+)?(?P<other>{_NAMED})(?:\s+{_VERB})?\s*\?*$"
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
        rf"^(?P<one>{_NAMED})\s+(?:vs\.?|versus)\s+(?P<other>(?:[a-z]+\s+)*{_NAMED}|[^?,A-Z]+?){_IN_RESPECT}\?*$",
    )
)
_ASKING = re.compile(
    rf"^(?:(?i:which|what)\s+(?:\w+\s+){{0,3}}?(?={_VERB}\b)|(?i:who|what|which|where|how)\s+)?"
    rf"(?:{_VERB}\s+)?(?:there\s+)?"
)
_ITS_OWN = re.compile(r"\bthe\s+(?!same\b)\w+", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|there|this|that|these|those)\b", re.IGNORECASE
)
_CAME = re.compile(r"\s+(?:came|come|happened|occurred|took place)\b", re.IGNORECASE)
_MUCH = re.compile(r"^(?:many|much)\s+")

# Words by which things are compared, with the question that each asks of one of them.
_AMOUNTS = frozenset("more most fewer fewest less least".split())
_TIMES = frozenset("first last earlier earliest later latest sooner soonest".split())
_DEGREES = {
    form: base
    for base, forms in {
        "large": "larger largest",
        "big": "bigger biggest",
        "small": "smaller smallest",
        "high": "higher highest",
        "low": "lower lowest",
        "old": "older oldest elder eldest",
        "young": "younger youngest",
        "long": "longer longest",
        "short": "shorter shortest",
        "tall": "taller tallest",
        "far": "farther farthest further furthest",
        "near": "nearer nearest closer closest",
        "fast": "faster fastest",
        "slow": "slower slowest",
        "deep": "deeper deepest",
        "wide": "wider widest",
        "heavy": "heavier heaviest",
        "light": "lighter lightest",
        "cheap": "cheaper cheapest",
        "costly": "costlier costliest",
        "deadly": "deadlier deadliest",
        "strong": "stronger strongest",
        "weak": "weaker weakest",
        "hot": "hotter hottest",
        "cold": "colder coldest",
        "hard": "harder hardest",
        "good": "better best",
        "bad": "worse worst",
    }.items()
    for form in forms.split()
}
_COMPARING = re.compile(rf"\b(?:{'|'.join(sorted(_AMOUNTS | _TIMES | _DEGREES.keys()))})\b", re.IGNORECASE)
_NOT_THINGS = frozenset("true false yes no neither both other others not nothing today yesterday".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A question of its own: `asks` is its text, `named` what is said of it where nothing is found.

    The text is for searching and weighing, in the words of the question rather than in good English. A part
    that `leans` is understood with the one before it only; one that is `compared` asks the same of one
    thing as the other parts ask of others.
    """

    asks: str
    named: str
    leans: bool = False
    compared: bool = False


def parts_of(question: str) -> tuple[Part, ...]:
    """Return the parts of a question in their order: itself alone where it asks one thing."""
    text = " ".join(question.split())
    for compare in (_chosen, _than, _differences):
        if parts := compare(text):
            return parts
    joined = [one.strip(" ,;") for one in _JOINED.split(text) if one.strip(" ,;?")]
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


def _chosen(text: str) -> tuple[Part, ...]:
    """Return the parts of a choice between named things, or between any that are compared by degree."""
    for pattern in (_WHICH_OF, _EITHER, _CHOICE):
        match = pattern.match(text)
        if not match:
            continue
        things = [one.strip() for one in re.split(_SEVERAL, match["things"]) if one.strip()]
        compared = _COMPARING.search(match["head"]) is not None
        listed = pattern is _CHOICE and re.search(rf"{_NAMED}$", match["head"])  # "… of Ford, Tesla or Kia"
        if (
            len(things) < 2
            or not all(_is_thing(one, compared) for one in things)
            or (listed and not compared)
        ):
            continue
        return tuple(
            Part(asks=_asked(_bare(match["head"]), thing), named=thing, compared=True) for thing in things
        )
    return ()


def _is_thing(text: str, compared: bool) -> bool:
    return not _NOT_THINGS.intersection(text.lower().split()) and (compared or bool(names(text)))


def _than(text: str) -> tuple[Part, ...]:
    """Return the parts of "Did more people … in A than in B?"."""
    match = _THAN.match(text)
    if not match or not _COMPARING.search(match["head"]):
        return ()
    head, other, where = _MUCH.sub("", match["head"]), match["other"].strip(), match["where"]
    own = list(re.finditer(rf"\b{where + ' ' if where else ''}(?P<thing>{_NAMED})", head))
    if not own:
        return ()
    place = own[-1] if where else own[0]
    if place["thing"] == other:
        return ()
    swapped = f"{head[: place.start('thing')]}{other}{head[place.end('thing') :]}"
    return (
        Part(asks=_asked(_bare(head)), named=place["thing"], compared=True),
        Part(asks=_asked(_bare(swapped)), named=other, compared=True),
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
    shared = re.match(rf"(?P<what>.*\b(?:of|in|by|for|from|at))\s+{_NAMED}$", one)
    return f"{shared['what']} {other}" if shared and re.fullmatch(_NAMED, other) else other


def _bare(head: str) -> str:
    """Return what is said of the things compared, without the words that ask."""
    return _ASKING.sub("", head).strip()


def _asked(said: str, thing: str = "") -> str:
    """Return what is asked of one of the things: how many, how high, when, or whether it is so."""
    word = _COMPARING.search(said)
    if word is None:
        return f"Did {thing} {said}?"
    kind = word.group().lower()
    before, after = said[: word.start()].strip(), said[word.end() :].strip()
    plain = " ".join(f"{thing} {before} {after}".split())
    if kind in _AMOUNTS:
        return f"How {'many' if after else 'much'} {' '.join(f'{after} {thing} {before}'.split())}?"
    if kind in _TIMES:
        return f"When {_CAME.sub('', plain)}?"
    return f"How {_DEGREES[kind]} {plain}?"
