"""A follow-up made to stand by itself, by rules: what leans on the question before it, and on what."""

import re

from rag.amend import amended
from rag.ellipsis import completed, is_elliptic
from rag.leaning import ENOUGH_STEMS, correction_of, goes_on, is_follow_up, own_names
from rag.offices import office_of, with_office
from rag.phrases import AUXILIARIES, is_peer, shape_of
from rag.references import Frame, Resolved, is_bare_name, resolve_references, uncapitalised
from rag.retimed import without_time
from rag.terms import content_stems, names

_LEADING = re.compile(r"^(?:oh\W+)?(?:and|but|so|or|also)(?:\s+also)?\b[\s,]*", re.I)
_ABOUT = re.compile(r"^(?:(?:and|but|so|or)\s+)?(?:what|how)\s+about\s+|^(?:and|but|or)\b[\s,]*", re.I)
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


_LED_QUESTION = re.compile(r"[:,]\s+(?:who|what|which|when|where|why|how|did|does|is|are|was|were)\b", re.I)
_BEFORE_THAT = re.compile(r"\s+(?:before|after)\s+(?:that|\d[\w ]*|[A-Z][\w'’-]*(?:\s+[\w'’-]+){0,3})$")
_PRESENT = re.compile(r"^(?P<opener>\w+) (?P<verb>is|are)\b", re.I)
_HOLDER = re.compile(r"^who(?:['’]s| is| was) (?!elected|named|appointed|chosen|sworn)", re.I)
_OBJECTS = frozenset({"who", "whom", "what"})
_PAST = {"is": "was", "are": "were"}


def resolve(text: str, frame: Frame) -> Resolved:
    """Return a follow-up made to stand by itself by the question and answer before it."""
    found = _resolved(text, frame)
    if not frame.topic:
        return found
    if found.context == frame.question:
        return Resolved(context=frame.whole, asks=found.asks)
    said = set(content_stems(found.asks))
    leans = said & set(content_stems(frame.question)) and not set(content_stems(frame.topic)) <= said
    if found.context or not leans:
        return found
    return Resolved(context=_heading(frame.topic), asks=uncapitalised(found.asks))


def _resolved(text: str, frame: Frame) -> Resolved:
    """Return a follow-up made to stand by the question before it, less what that is about unsaid."""
    corrected = correction_of(text)
    if corrected is not None:
        if _is_whole(corrected):
            asked = f"{corrected[0].upper()}{corrected[1:]}?"
            return resolve(asked, frame) if is_follow_up(asked) else Resolved(asks=asked)
        return Resolved(asks=amended(frame.question, corrected, correction=True) or _added(frame, corrected))
    if _WHY.match(text):
        return _why(text, frame)
    if goes_on(text):
        return Resolved(context=frame.question, asks=text)
    bare = _LEADING.sub("", text)
    if before := _BEFORE.match(bare):
        return Resolved(asks=_before(frame, before["side"].lower()))
    if found := completed(bare, frame):
        return found
    about = _ABOUT.match(text)
    if about and about.group() and not _is_whole(text[about.end() :]):
        swaps = "about" in about.group().lower()
        return _of_fragment(text[about.end() :].strip(" ?.!,"), frame, swaps=swaps)
    if not _is_whole(bare) and (is_elliptic(text) or not own_names(text)):
        return _of_fragment(bare.strip(" ?.!,"), frame, swaps=False)
    return _asked_of(bare[0].upper() + bare[1:] if bare else text, frame)


def _is_whole(text: str) -> bool:
    """Return whether a text is a question of its own rather than a piece of one."""
    first = text.split(maxsplit=1)[0].lower().strip(",.?!") if text.split() else ""
    return bool(_QUESTION.match(text) or _LED_QUESTION.search(text)) or first in AUXILIARIES


def _why(text: str, frame: Frame) -> Resolved:
    """Return the earlier question with "why" in place of what it asked for."""
    shape = shape_of(frame.question)
    if not shape.inverted or shape.opener.lower() in _OBJECTS or (shape.asked and not shape.phrases):
        return Resolved(context=frame.question, asks=text)
    return Resolved(asks=f"Why {shape.body[0].lower()}{shape.body[1:]}?")


def _before(frame: Frame, side: str) -> str:
    """Return the earlier question asked of the time before, or after, what answered it.

    That takes the place of a day or of somebody that it was asked before: "… before 4 May before 1 May".
    """
    asks_when = shape_of(frame.question).opener.lower() == "when"
    known = frame.person() if frame.asks_for_person else frame.told_day() if asks_when else None
    question, own = without_time(frame.question.rstrip("?!. "))
    known = known or own
    question = _BEFORE_THAT.sub("", question) if known else question
    if known and not _HOLDER.match(question) and (office := office_of(known, question)):
        return f"Who was {office} {side} {known}?"
    if side == "before":
        question = _PRESENT.sub(lambda match: f"{match['opener']} {_PAST[match['verb'].lower()]}", question)
    return f"{question} {side} {known or 'that'}?"


def _of_fragment(fragment: str, frame: Frame, *, swaps: bool) -> Resolved:
    """Return the earlier question asked of something else, or something else asked of its topic.

    Where it `swaps`, a plain thing takes the place of a plain thing: "how about the bridge?" after one on
    the ferry. "And the budget?" asks for the ferry's.
    """
    if not fragment:
        return Resolved(asks=frame.question)
    found = resolve_references(fragment, frame)
    if found.replaced:
        return Resolved(asks=f"What about {uncapitalised(found.text)}?")
    topic = shape_of(frame.question).topic or frame.topic
    alike = (
        swaps
        and bool(topic)
        and not names(topic or "")
        and len(fragment.split()) == len((topic or "").split())
    )
    replaced = amended(frame.question, fragment, correction=alike)
    if not replaced and topic and is_peer(fragment) and not names(fragment):
        replaced = frame.question.replace(topic, fragment)
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
    if found.replaced and found.settled and (of_office := with_office(found.text, frame.question)):
        return Resolved(asks=of_office)
    if not found.settled:
        return Resolved(context=frame.question, asks=found.text)
    if found.replaced and len(content_stems(found.text)) > ENOUGH_STEMS:
        return Resolved(asks=found.text)
    if own_names(text) and not found.replaced:
        return Resolved(asks=text)
    topic = _topic(frame, found.text)
    if topic or found.replaced:
        return (
            Resolved(context=_heading(topic), asks=uncapitalised(found.text))
            if topic
            else Resolved(asks=found.text)
        )
    return Resolved(context=frame.question, asks=found.text)


def _topic(frame: Frame, text: str) -> str | None:
    """Return what the earlier question is about, unless `text` says it too.

    Of one that asked about somebody for the sake of something, that: "The ferry strike: how old is Dray?".
    """
    shape = shape_of(frame.question)
    said = set(content_stems(text))
    about = frame.topic if frame.topic and is_bare_name(shape.topic or "") else shape.topic
    if about and not set(content_stems(about)) <= said:
        return about
    phrases = [frame.topic] if frame.topic else shape.phrases
    return ", ".join(phrase for phrase in phrases if not set(content_stems(phrase)) <= said) or None


def _heading(topic: str) -> str:
    return f"{topic[0].upper()}{topic[1:]}:"
