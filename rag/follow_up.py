"""A follow-up made to stand by itself, by rules: what leans on the question before it, and on what."""

import re
from dataclasses import dataclass

from rag.amend import amended
from rag.phrases import AUXILIARIES, shape_of
from rag.references import Frame, resolve_references
from rag.terms import content_stems, name_groups, names

FEW_STEMS = 2
ENOUGH_STEMS = 4
_PRONOUNS = r"he|him|his|she|her|hers|they|them|their|theirs|it|its"
_POINTING = r"this|that|these|those|there|then|both|former|latter|one|ones|same|else|instead"
_REFERRING = re.compile(rf"\b(?:{_PRONOUNS}|{_POINTING})\b", re.I)
_PRONOUN = re.compile(rf"\b(?:{_PRONOUNS})\b", re.I)
_OBJECT = re.compile(r"\b(?:him|them|there)\b", re.I)  # never he who is named before it: "Trump met him"
_EXPLETIVE = re.compile(
    r"\b(?:is|are|was|were|will|has|have)\s+(?:there|it\s+(?:true|possible|likely|known))\b|\b(?:this|that)\s+"
    r"(?:day|week|weekend|month|year|spring|summer|autumn|fall|winter|morning|evening)\b",
    re.I,
)
_OPENS = re.compile(
    r"^(?:and|but|so|or|also|what about|how about|why|how come|who else|where else|what else|since when)\b",
    re.I,
)
_INTRODUCES = re.compile(
    r"^(?:(?:is there )?any (?:news|word)|tell me|what(?:'s| is) (?:new|the latest))\b", re.I
)
_LEADING = re.compile(r"^(?:and|but|so|or|also)(?:\s+also)?\b[\s,]*", re.I)
_ABOUT = re.compile(r"^(?:(?:and|but|so|or)\s+)?(?:what|how)\s+about\s+|^(?:and|but|or)\b[\s,]*", re.I)
_CORRECTION = re.compile(
    r"^(?:(?:no|nope|sorry|oh|oops|actually|wait)(?:\s*[,.:;!–-]+\s*|\s+(?=(?:i|we)\s+mean)))*"
    r"(?:(?:i|we)\s+(?:meant|mean|was asking about)(?:\s+to\s+say)?\s*[,:]?\s+)?",
    re.I,
)
_MEANT_AFTER = re.compile(r"\s*[,–-]\s*(?:i|we)\s+(?:meant|mean)\s*[.!]*$", re.I)
_NOT_THAT = re.compile(r"^not\s+[^,;]{1,60}[,;]\s*(?:but\s+)?(?=(?:i|we)\s+mean|\w)", re.I)
_WHY = re.compile(
    r"^(?:(?:and|but|so)\s+)?(?P<ask>why|how come|what for)(?:\s+(?:is|was|did|does)\s+(?:that|this|it)"
    r"(?:\s+happen(?:ed)?)?|\s+so|\s+not|\s+exactly)?\W*$",
    re.I,
)
_BEFORE = re.compile(
    r"^(?:who\s+|what\s+)?(?:(?:was|came|is)\s+(?:it\s+)?)?(?P<side>before|after)\s+"
    r"(?:that|this|then|him|her|them|it)\W*$",
    re.I,
)
_QUESTION = re.compile(
    r"^(?:(?:in|on|at|by|to|for|from|since|of|with|under|until)\s+)?(?:who|whom|whose|what|which|when|where|why|how)\b",
    re.I,
)


_GOES_ON = re.compile(
    r"^(?:(?:and|but|so)\s+)?(?:then|next|afterwards|later|since|really|seriously|(?:are you )?sure|go on"
    r"|(?:please\s+)?(?:tell|show|give) me more(?:\s+\w+){0,3}|(?:some\s+)?more(?:\s+(?:details|please))*"
    r"|details|explain|what (?:happened|comes|came|was) (?:then|next|after that|afterwards))"
    r"(?:\s+please)?\W*$",
    re.I,
)
_OPENERS = frozenset(
    "since name list show explain describe compare summarise summarize mention any anything okay".split()
)
_PRESENT = re.compile(r"^(?P<opener>\w+) (?P<verb>is|are)\b", re.I)
_PAST = {"is": "was", "are": "were"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A question that stands by itself: `asks` is what is asked now, `context` what it needs before it."""

    asks: str
    context: str = ""

    @property
    def text(self) -> str:
        """The whole of it."""
        return f"{self.context} {self.asks}" if self.context else self.asks


def is_follow_up(text: str) -> bool:
    """Return whether a question leans on what was said before it."""
    if _OPENS.match(text) or _GOES_ON.match(text) or correction_of(text) is not None:
        return True
    text = _EXPLETIVE.sub(" ", text)
    if _names(text):
        pronoun = _PRONOUN.search(text)
        if pronoun and not _names(text[: pronoun.start()]):
            return True
        return bool(_OBJECT.search(text)) and len(name_groups(text)) == 1
    if _INTRODUCES.match(text):
        return False
    return len(content_stems(text)) <= FEW_STEMS or bool(_REFERRING.search(text))


def _names(text: str) -> list[str]:
    """Return the names of a question, less a word that is in capitals for opening it."""
    first, _, rest = text.partition(" ")
    return names(rest if first.lower().strip(",.?!") in _OPENERS else text)


def correction_of(text: str) -> str | None:
    """Return what a user says was meant ("no, in May": "in May"), or None where nothing is corrected."""
    rest = _MEANT_AFTER.sub("", text)
    meant = rest != text
    if match := _NOT_THAT.match(rest):
        rest, meant = rest[match.end() :], True
    opened = _CORRECTION.match(rest)
    if not meant and not (opened and opened.group()):
        return None
    return rest[opened.end() if opened else 0 :].strip(" .!?") or None


def resolve(text: str, frame: Frame) -> Resolved:
    """Return a follow-up made to stand by itself by the question and answer before it."""
    corrected = correction_of(text)
    if corrected is not None:
        if _is_whole(corrected):
            asked = f"{corrected[0].upper()}{corrected[1:]}?"
            return resolve(asked, frame) if is_follow_up(asked) else Resolved(asks=asked)
        return Resolved(asks=amended(frame.question, corrected, correction=True) or _added(frame, corrected))
    if _WHY.match(text):
        return _why(text, frame)
    if _GOES_ON.match(text):
        return Resolved(context=frame.question, asks=text)
    bare = _LEADING.sub("", text)
    if before := _BEFORE.match(bare):
        return Resolved(asks=_before(frame, before["side"].lower()))
    about = _ABOUT.match(text)
    if about and about.group() and not _is_whole(text[about.end() :]):
        swaps = "about" in about.group().lower()
        return _of_fragment(text[about.end() :].strip(" ?.!,"), frame, swaps=swaps)
    if not _is_whole(text) and not _names(text):
        return _of_fragment(text.strip(" ?.!,"), frame, swaps=False)
    return _asked_of(bare[0].upper() + bare[1:] if bare else text, frame)


def _is_whole(text: str) -> bool:
    """Return whether a text is a question of its own rather than a piece of one."""
    first = text.split(maxsplit=1)[0].lower().strip(",.?!") if text.split() else ""
    return bool(_QUESTION.match(text)) or first in AUXILIARIES


def _why(text: str, frame: Frame) -> Resolved:
    """Return the earlier question with "why" in place of what it asked for."""
    shape = shape_of(frame.question)
    if not shape.inverted or shape.opener.lower() == "who" or (shape.asked and not shape.phrases):
        return Resolved(context=frame.question, asks=text)
    return Resolved(asks=f"Why {shape.body[0].lower()}{shape.body[1:]}?")


def _before(frame: Frame, side: str) -> str:
    """Return the earlier question asked of the time before, or after, what answered it."""
    person = frame.person() if frame.asks_for_person else None
    question = frame.question.rstrip("?!. ")
    if side == "before":
        question = _PRESENT.sub(lambda match: f"{match['opener']} {_PAST[match['verb'].lower()]}", question)
    return f"{question} {side} {person or 'that'}?"


def _of_fragment(fragment: str, frame: Frame, *, swaps: bool) -> Resolved:
    """Return the earlier question asked of something else, or something else asked of its topic.

    Where it `swaps`, a plain thing takes the place of a plain thing: "how about the bridge?" after one on
    the ferry. "And the budget?" asks for the ferry's.
    """
    if not fragment:
        return Resolved(asks=frame.question)
    found = resolve_references(fragment, frame)
    if found.replaced:
        return Resolved(asks=f"What about {_uncapitalised(found.text)}?")
    topic = shape_of(frame.question).topic
    alike = (
        swaps
        and bool(topic)
        and not names(topic or "")
        and len(fragment.split()) == len((topic or "").split())
    )
    replaced = amended(frame.question, fragment, correction=alike)
    return Resolved(asks=replaced) if replaced else _about(frame, fragment, topic)


def _about(frame: Frame, fragment: str, topic: str | None) -> Resolved:
    if topic and not names(fragment):
        return Resolved(asks=f"What about {fragment} of {topic}?")
    return Resolved(context=frame.question, asks=f"What about {fragment}?")


def _added(frame: Frame, fragment: str) -> str:
    return f"{frame.question.rstrip('?!. ')}, {fragment}?"


def _asked_of(text: str, frame: Frame) -> Resolved:
    """Return a question with its pronouns resolved, led by its topic where that is not enough."""
    found = resolve_references(text, frame)
    if not found.settled:
        return Resolved(context=frame.question, asks=found.text)
    if found.replaced and len(content_stems(found.text)) > ENOUGH_STEMS:
        return Resolved(asks=found.text)
    if _names(text) and not found.replaced:
        return Resolved(asks=text)
    topic = _topic(frame, found.text)
    if topic or found.replaced:
        return (
            Resolved(context=_heading(topic), asks=_uncapitalised(found.text))
            if topic
            else Resolved(asks=found.text)
        )
    return Resolved(context=frame.question, asks=found.text)


def _topic(frame: Frame, text: str) -> str | None:
    """Return what the earlier question is about, unless `text` says it too."""
    shape = shape_of(frame.question)
    said = set(content_stems(text))
    missing = [phrase for phrase in shape.phrases if not set(content_stems(phrase)) <= said]
    if shape.topic and not set(content_stems(shape.topic)) <= said:
        return shape.topic
    return ", ".join(missing) or None


def _heading(topic: str) -> str:
    return f"{topic[0].upper()}{topic[1:]}:"


def _uncapitalised(text: str) -> str:
    return text if names(text.split(maxsplit=1)[0]) else f"{text[0].lower()}{text[1:]}"
