"""A follow-up made to stand by itself, by rules: what leans on the question before it, and on what."""

import re

from rag.amend import amended
from rag.ellipsis import completed, is_elliptic
from rag.leaning import ENOUGH_STEMS, correction_of, goes_on, is_follow_up, own_names
from rag.meant import is_whole, meant_and_asked
from rag.noun_kinds import Noun, may_replace, noun_kind
from rag.offices import office_of, with_office
from rag.phrases import is_peer, is_relational, shape_of
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
    r"(?P<whom>that|this|then|him|her|them|it)\W*$",
    re.I,
)
_BEFORE_THAT = re.compile(r"\s+(?:before|after)\s+(?:that|\d[\w ]*|[A-Z][\w'’-]*(?:\s+[\w'’-]+){0,3})$")
_PRESENT = re.compile(r"^(?P<opener>\w+) (?P<verb>is|are|(?<=who )[a-z]{2,}[^s\W]s)\b", re.I)
_HOLDER = re.compile(r"^who(?:['’]s| is| was) (?!elected|named|appointed|chosen|sworn)", re.I)
_OWNER = re.compile(r"^.*?\w(?:['’]s|s['’])\s+(?=[a-z])")
_LINKED = re.compile(r"\b(?:of|in|at|on|for|from|to|by|with|about)\b")
_THE = re.compile(r"^(?:the|her|his|its|their)\s+", re.I)
_OBJECTS = frozenset({"who", "whom", "what"})
_PAST = {"is": "was", "are": "were", "runs": "ran", "leads": "led", "holds": "held", "has": "had"}
_PAST_ENDINGS = (("ies", "ied"), ("es", "ed"), ("s", "ed"))


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
        return _corrected(corrected, frame)
    if _WHY.match(text):
        return _why(text, frame)
    if goes_on(text):
        return Resolved(context=frame.question, asks=text)
    bare = _LEADING.sub("", text)
    if before := _BEFORE.match(bare):
        if before["whom"].lower() in ("him", "her") and not frame.asks_for_person:
            return _next_to(frame, before["side"].lower(), before["whom"].lower())
        if before["whom"].lower() in ("him", "her") and frame.person() is None:
            return Resolved(context=frame.whole, asks=text)
        return Resolved(asks=_before(frame, before["side"].lower()))
    if found := completed(bare, frame):
        return found
    about = _ABOUT.match(text)
    if about and about.group() and not is_whole(text[about.end() :]):
        swaps = "about" in about.group().lower()
        return _of_fragment(text[about.end() :].strip(" ?.!,"), frame, swaps=swaps)
    if not is_whole(bare) and (is_elliptic(text) or not own_names(text)):
        return _of_fragment(bare.strip(" ?.!,"), frame, swaps=False)
    return _asked_of(bare[0].upper() + bare[1:] if bare else text, frame)


def _corrected(corrected: str, frame: Frame) -> Resolved:
    """Return the earlier question with what was meant, or the question that follows that, asked of it."""
    meant, asked = meant_and_asked(corrected)
    if not asked:
        return Resolved(asks=amended(frame.question, meant, correction=True) or _added(frame, meant))
    if not is_follow_up(asked):
        return Resolved(asks=asked)
    if not meant:
        return resolve(asked, frame)
    question = amended(frame.question, meant, correction=True)
    put = Frame(question=question or _added(frame, meant), topic=frame.topic)
    of_meant = Frame(question=f"What about {meant}?")
    led = question is not None and re.search(rf"{_LINKED.pattern}\s+(?:the\s+)?{re.escape(meant)}", question)
    ways = [put] if led else [put, of_meant] if question else [of_meant, put]
    return resolve(asked, next((one for one in ways if _settles(asked, one)), put))


def _settles(asked: str, frame: Frame) -> bool:
    """Return whether the pronouns of a question stand for something in a frame."""
    found = resolve_references(asked, frame)
    return found.replaced and found.settled


def _why(text: str, frame: Frame) -> Resolved:
    """Return the earlier question with "why" in place of what it asked for."""
    shape = shape_of(frame.question)
    if not shape.inverted or shape.opener.lower() in _OBJECTS or (shape.asked and not shape.phrases):
        return Resolved(context=frame.question, asks=text)
    return Resolved(asks=f"Why {shape.body[0].lower()}{shape.body[1:]}?")


def _past(verb: str) -> str:
    """Return the past of a verb in the third person: "owned" for "owns"."""
    if verb in _PAST:
        return _PAST[verb]
    ending, past = next(one for one in _PAST_ENDINGS if verb.endswith(one[0]))
    return f"{verb.removesuffix(ending)}{past}"


def _next_to(frame: Frame, side: str, pronoun: str) -> Resolved:
    """Return who came before, or after, somebody whom the earlier question did not ask for."""
    person = frame.person("he" if pronoun == "him" else "she")
    asked = f"Who came {side} {person or pronoun}?"
    return _asked_of(asked, frame) if person else Resolved(context=frame.whole, asks=asked)


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
        question = _PRESENT.sub(lambda match: f"{match['opener']} {_past(match['verb'].lower())}", question)
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
    if not replaced and topic and not names(fragment):
        replaced = _with_owned(frame.question, topic, fragment)
    kind = noun_kind(fragment)
    fits = topic and (kind is not Noun.PERSON or may_replace(kind, noun_kind(topic)))
    if not replaced and topic and fits and is_peer(fragment) and not names(fragment):
        replaced = frame.question.replace(topic, fragment)
    return Resolved(asks=replaced) if replaced else _about(frame, fragment, topic)


def _with_owned(question: str, topic: str, fragment: str) -> str | None:
    """Return the question asked of another thing of the same owner: "Ida Brask's horses", not her villa."""
    owner = _OWNER.match(topic)
    if owner is None or _LINKED.search(owner.group()) or is_relational(fragment) or topic not in question:
        return None
    return question.replace(topic, f"{owner.group()}{_THE.sub('', fragment)}")


def _about(frame: Frame, fragment: str, topic: str | None) -> Resolved:
    if topic and not names(fragment) and (is_relational(fragment) or noun_kind(fragment) is None):
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
