"""Questions cut down to what is new in them: "By how much?", "Who else?", "How many in May?"."""

import re

from rag.amend import amended
from rag.entities import is_role
from rag.phrases import AUXILIARIES, Shape, is_plural, shape_of
from rag.references import Frame, Resolved
from rag.retimed import is_time
from rag.terms import names

_LEAD = r"(?:(?:and|but|so|or)\s+)?"
_OPENER = (
    r"(?:(?P<led>by|since|from|until|till|in|at|on|with|for|to|of|out of|under|through|against)\s+)?"
    r"(?P<word>how\s+(?:many|much|long|often|far|high|old|big)|how|who|whom|whose|what|which|when|where)"
)
_EXACTLY = r"(?:\s+(?:exactly|precisely|else|in all|in total|altogether))?"
_BARE = re.compile(rf"^{_LEAD}(?P<opener>{_OPENER}){_EXACTLY}\W*$", re.I)
_LED_NOUN = re.compile(rf"^{_LEAD}(?P<opener>{_OPENER}(?:\s+[a-z][\w-]*){{1,2}}){_EXACTLY}\W*$", re.I)
_WITHIN = re.compile(
    rf"^{_LEAD}(?P<opener>{_OPENER})\s+(?P<within>(?:in|at|on|for|from|by|during|since|of|among)\s+.+?)\W*$",
    re.I,
)
_ELSE = re.compile(
    rf"^{_LEAD}(?:(?P<asks>who|whom|what|where|when|which)\s+(?:else|others?)"
    r"|any\s?(?P<any>one|body|thing|where)\s+else|(?:(?:any|the|are there)\s+){0,2}(?P<others>others?))\W*$",
    re.I,
)
_ANY = {"one": "who", "body": "who", "thing": "what", "where": "where"}
_FAMILIES = tuple(
    tuple(family.split())
    for family in (
        "first second third fourth fifth sixth seventh eighth ninth tenth last final next other latest",
        "eastern western northern southern central",
        "upper lower middle",
        "old new former current present previous",
        "cheapest dearest largest smallest biggest highest lowest oldest youngest longest shortest",
    )
)
_ONE_OF_SEVERAL = re.compile(
    rf"^{_LEAD}(?:(?:what|how)\s+about\s+)?(?:the\s+)?(?P<kind>[a-z]+)(?:\s+ones?)?\W*$", re.I
)
_QUANTIFIER = re.compile(r"\b(?:any|some|more|many|several|other|there)\s+$|^\w+\s+$", re.I)
_PERSISTS = re.compile(r"^(?:since when|from when|how long|for how long|until when)$", re.I)
_OFFICE = re.compile(r"^(?P<verb>is|was)\s+(?P<office>.+)$", re.I)
_SHORT = 3


def is_elliptic(text: str) -> bool:
    """Return whether a text is a question cut down so far that it says nothing without the one before it."""
    if _BARE.match(text) or _ELSE.match(text) or _kind_of(text) or is_time(text) or _is_led(text):
        return True
    within = _WITHIN.match(text)
    return bool(_LED_NOUN_ONLY.match(text)) or (within is not None and _is_piece(within["within"]))


_LED_NOUN_ONLY = re.compile(
    r"^(?:by|with|at|in|for|to|out of|under|against)\s+(?:how\s+(?:many|much)|what|which|whose)"
    r"(?:\s+[a-z][\w-]*){0,2}\W*$",
    re.I,
)


def _is_led(text: str) -> bool:
    """Return whether a text is nothing but "in Stellhaven?", "after the flood?"."""
    return bool(re.match(r"^(?:in|at|on|for|from|by|with|of|during|to)\s", text, re.I)) and _is_piece(text)


def _is_piece(text: str) -> bool:
    """Return whether what a preposition leads is a name, a date or a short phrase without a verb."""
    words = text.strip(" ?.!,").split()[1:]
    if not words or len(words) > 2 * _SHORT or any(word.lower() in AUXILIARIES for word in words):
        return False
    if re.search(r"\b(?:who|what|which|when|where|why|how)\b", text, re.I):
        return False
    rest = words[1:] if words[0].lower() in ("the", "a", "an") else words
    if all(names(word) or word[0].isdigit() or word in ("of", "the", "and") for word in rest):
        return True
    return is_time(text) or (len(rest) < len(words) and len(rest) <= _SHORT)


def completed(text: str, frame: Frame) -> Resolved | None:
    """Return a cut-down question filled up by the one before it; None where it is not of that kind.

    Where the two cannot be made one, the earlier question is its context.
    """
    if further := _ELSE.match(text):
        return _further(further, text, frame)
    if kind := _kind_of(text):
        return _other_kind(kind, frame.question)
    if bare := _BARE.match(text) or (_LED_NOUN_ONLY.match(text) and _LED_NOUN.match(text)):
        return _asked(bare["opener"], frame) or Resolved(context=frame.question, asks=text)
    within = _WITHIN.match(text)
    if within is None or not _is_piece(within["within"]):
        return None
    shape = shape_of(frame.question)
    if shape.opener.lower() == within["opener"].lower():
        base = frame.question
    else:
        asked = _asked(within["opener"], frame)
        if asked is None:
            return Resolved(context=frame.question, asks=text)
        base = asked.asks
    return Resolved(asks=amended(base, within["within"]) or f"{base.rstrip('? ')}, {within['within']}?")


def _kind_of(text: str) -> str | None:
    """Return which of several a text asks for: "and the second one?" gives "second"."""
    match = _ONE_OF_SEVERAL.match(text)
    kind = match["kind"].lower() if match else ""
    return kind if any(kind in family for family in _FAMILIES) else None


def _other_kind(kind: str, question: str) -> Resolved | None:
    """Return the question asked of another of several."""
    family = next(family for family in _FAMILIES if kind in family)
    match = re.search(rf"\b(?:{'|'.join(family)})\b", question)
    if match is None:
        return None
    return Resolved(asks=f"{question[: match.start()]}{kind}{question[match.end() :]}")


def _further(match: re.Match[str], text: str, frame: Frame) -> Resolved:
    """Return the question asked of what has not been said: "Who else joined him?"."""
    shape = shape_of(frame.question)
    opener = shape.opener.lower()
    wanted = (match["asks"] or _ANY.get((match["any"] or "").lower(), "")).lower()
    if not opener or (wanted and wanted != "which" and wanted != opener):
        return Resolved(context=frame.question, asks=text)
    if re.search(r"\b(?:else|other)\b", frame.question, re.I):
        return Resolved(asks=frame.question)
    rest = frame.question[len(shape.opener) :]
    return Resolved(asks=f"{shape.opener} {'other' if shape.asked or opener == 'which' else 'else'}{rest}")


def _asked(opener: str, frame: Frame) -> Resolved | None:
    """Return the earlier question asked for something else: "By how much did the price rise?"."""
    shape = shape_of(frame.question)
    new = f"{opener[0].upper()}{opener[1:]}"
    if not shape.inverted or shape.opener.lower() == opener.lower():
        return None
    if shape.opener and shape.asked:
        return None
    if shape.opener.lower() in ("who", "what", "whom"):
        return _of_office(new, shape, frame)
    if opener.lower() in ("who", "whom", "what", "which", "whose"):
        return None
    if opener.lower() == "how many":
        return _counted(shape)
    return Resolved(asks=f"{new} {shape.body[0].lower()}{shape.body[1:]}?")


def _of_office(opener: str, shape: Shape, frame: Frame) -> Resolved | None:
    """Return since when, or until when, whoever was asked for has had an office."""
    office, person = _OFFICE.match(shape.body), frame.person()
    if not office or not person or not _PERSISTS.match(opener):
        return None
    if not any(is_role(word.lower()) for word in office["office"].split()):
        return None
    verb = "has" if office["verb"].lower() == "is" else "had"
    return Resolved(asks=f"{opener} {verb} {person} been {office['office']}?")


def _counted(shape: Shape) -> Resolved | None:
    """Return how many there are of what a question speaks of without an article: "soldiers", "more ships"."""
    for match in re.finditer(r"\b[a-z][\w-]*s\b", shape.body):
        before = shape.body[: match.start()]
        if not is_plural(match.group()) or not _QUANTIFIER.search(before):
            continue
        before = re.sub(r"\b(?:any|some|more|many|several|other)\s+$", "", before)
        rest = f"{before}{shape.body[match.end() :].lstrip()}"
        return Resolved(asks=f"How many {match.group()} {rest[0].lower()}{rest[1:]}?")
    return None
