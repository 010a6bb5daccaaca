"""The words by which things are compared, and what each of them asks of one thing."""

import re

VERB = r"(?i:did|does|do|is|are|was|were|has|have|had|will|would|can|could)"
NAMED = (
    r"(?:[Tt]he\s+)?[A-Z\d][\w'’.&-]*(?:\s+(?:(?:of|for|de|du|von|van|al)\s+(?:the\s+)?)?[A-Z\d][\w'’.&-]*)*"
)
_ASKING = re.compile(
    rf"^(?:(?i:in|at|on|from|to|by|for|of|with)\s+(?=(?i:which|what)\b))?(?:(?i:which|what)\s+(?:\w+\s+){{0,5}}?(?={VERB}\b)|(?i:who|what|which|where|how)\s+)?"
    rf"(?:{VERB}\s+)?(?:there\s+)?"
)
_ARTICLE = re.compile(r"\s+an?$", re.IGNORECASE)
_CAME = re.compile(r"\s+(?:came|come|happened|occurred|took place)\b", re.IGNORECASE)

# Words by which things are compared, with the question that each asks of one of them.
_AMOUNTS = frozenset("more most fewer fewest less least".split())
_TIMES = frozenset("first last earlier earliest later latest sooner soonest".split())
_DEGREES = {
    form: base
    for base, forms in {
        "large": "larger largest",
        "big": "bigger biggest",
        "great": "greater greatest",
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
# "more deadly" is a degree, "more seats" an amount.
_ADJECTIVE = (
    r"[a-z]{2,}(?:ive|ous|ful|able|ible|(?<!m)ent|ant|ular|ere|nse|cult)"
    r"|deadly|costly|likely|friendly|common|damaging"
)
COMPARING = re.compile(
    rf"\b(?:(?:more|most|less|least)\s+(?P<degree>{_ADJECTIVE})"
    rf"|{'|'.join(sorted(_AMOUNTS | _TIMES | _DEGREES.keys()))})\b",
    re.IGNORECASE,
)
# Of a rate or a sum articles do not tell how high or large it is, but how much.
_EXTENTS = frozenset("high low large big great small".split())
_RATE = re.compile(
    r"\b(?:budget|cost|debt|deficit|emission|fare|fee|fine|growth|income|inflation|interest|loss|majority|margin"
    r"|output|pay|price|profit|rate|rent|revenue|salary|sale|spending|surplus|tax|toll|turnout|unemployment"
    r"|wage)(?:e?s)?\b",
    re.IGNORECASE,
)
# What is counted or measured where a degree is asked for, as articles tell it.
_MEASURED = {"deadly": "How many people died in {}?", "heavy": "How much does {} weigh?"}


def comparison(text: str) -> re.Match[str] | None:
    """Return the first word by which things are compared; the one of a name ("Lower Pellow") is none."""
    for word in COMPARING.finditer(text):
        opens = not word.start() and not re.match(r"\s+[A-Z]", text[word.end() :])
        if word.group().islower() or opens:
            return word
    return None


def bare(head: str) -> str:
    """Return what is said of the things compared, without the words that ask."""
    return _ASKING.sub("", head).strip()


def asked(said: str, thing: str = "", *, acts: bool = False) -> str:
    """Return what is asked of one of the things: how many, how high, when, or whether it is so.

    Of one that `acts`, what it has more of: "What raise did the nurses get?" of "the nurses get a bigger
    raise".
    """
    word = comparison(said)
    if word is None:
        return f"Did {thing} {said}?"
    kind = (word["degree"] or word.group()).lower()
    before, after = said[: word.start()].strip(), said[word.end() :].strip()
    plain = " ".join(f"{thing} {before} {after}".split())
    if kind in _AMOUNTS and re.match(VERB, after):
        return f"How much {' '.join(f'{after} {thing} {before}'.split())}?"
    if kind in _AMOUNTS:
        return f"How {'many' if after else 'much'} {' '.join(f'{after} {thing} {before}'.split())}?"
    if kind in _TIMES:
        return f"When {_CAME.sub('', plain)}?"
    if acts and after and (article := _ARTICLE.search(before)):
        return f"What {after} did {before[: article.start()]}?"
    degree = _DEGREES.get(kind, kind)
    if degree in _EXTENTS and _RATE.search(plain):
        return f"How much was {plain}?"
    return _MEASURED.get(degree, f"How {degree} {{}}?").format(plain)
