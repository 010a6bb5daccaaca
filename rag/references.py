"""What the pronouns of a follow-up stand for, by the question and the answer before it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from rag.answerer import answerers, bare_name, sentences, told_pronouns
from rag.binding import points_back, unbound_pronouns
from rag.dates_in_text import named_days
from rag.entities import Kind, Mention, mentions, surname
from rag.phrases import AUXILIARIES, is_plural, shape_of
from rag.terms import STOP_WORDS, content_stems, names, words

_PERSON = frozenset("he she him his her hers".split())
_THING = frozenset("it its".split())
_PLURAL = frozenset("they them their".split())
_LED = re.compile(r"(?:\b(?:the|a|an|of|in|at|on|for|from|to|by)\s+|^\s*)$", re.I)
_HEAD = re.compile(r"\s+(?:of|in|at|on|for|from|to|by|with)\s+", re.I)
_OWNS = re.compile(r"\w['’]s?\s")
_WHO_IS = re.compile(r"(?i:who(?:['’]s| is| was))\s+(?=[A-Z])")
_RELATIVE = r"['’]s? (?:\w+ )?(?:husband|wife|son|daughter|brother|sister|father|mother)"
_POSSESSIVE = frozenset({"his", "its", "their"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a follow-up leans on: the question before it, which stands by itself, and its answer.

    `topic` is what that question is about where it does not say so: "The ferry strike: who mediated?".
    `further` is a question after it that does not stand by itself: "When was Vell hurt?", "Who did it?".
    """

    question: str
    answer: str = ""
    topic: str = ""
    further: str = ""

    @property
    def whole(self) -> str:
        """The question, led by its topic."""
        return f"{self.topic}: {uncapitalised(self.question)}" if self.topic else self.question

    @property
    def asks_for_person(self) -> bool:
        """Whether the question asks for somebody."""
        return any(
            shape_of(asked).opener.lower().endswith(("who", "whom"))
            for asked in (self.question, self.further)
        )

    def person(self, pronoun: str | None = None, *, besides: str = "") -> str | None:
        """Return whom "he" or "she" means: who was asked for, else who was asked about; none of `besides`."""
        named = set(names(besides))
        asked_about = [one for one in self._asked_about() if surname(one.name) not in named]
        if asked_about and not self.asks_for_person:
            return self._full(asked_about[0].name)
        known = {*names(self.question), *(surname(one.name) for one in asked_about)}
        found = (
            answerers(f"{self.question} {self.further}", sentences(self.answer), known)
            if self.asks_for_person
            else [one for one in self.answered() if one.kind is Kind.PERSON]
        )
        fitting = [one for one in found if self._fits(one, pronoun)]
        if fitting:
            told = (one for one in fitting if pronoun in told_pronouns(one.name, sentences(self.answer)))
            return self._full(next(told, fitting[0]).name)
        people = [one for one in asked_about if one.kind is Kind.PERSON]
        return self._full(people[0].name) if people and _WHO_IS.match(self.question) else None

    def people(self) -> list[str]:
        """Return the persons that the question names."""
        return [one.name for one in self._asked_about() if not _OWNS.search(one.name)]

    def told_day(self) -> str | None:
        """Return the day that the first sentence of the answer names, as it is written there."""
        first = sentences(self.answer)[:1]
        days = [day for sentence in first for day in named_days(sentence, None)]
        return first[0][days[0].start : days[0].end] if days else None

    def answered(self) -> list[Mention]:
        """Return the names of the answer, those nearest to words of the question first."""
        stems = set(content_stems(self.question))
        told = sentences(self.answer)
        order = sorted(range(len(told)), key=lambda at: -len(stems & set(content_stems(told[at]))))
        return [one for at in order for one in _nearest(told[at], stems)]

    def _asked_about(self) -> list[Mention]:
        """Return the persons of the question; of a single name its place in the question tells."""
        return [
            one
            for one in mentions(self.question)
            if one.kind is Kind.PERSON
            or (
                one.kind is Kind.OTHER and " " not in one.name and not _LED.search(self.question[: one.start])
            )
        ]

    def _full(self, name: str) -> str:
        """Return the longest form in which the conversation names somebody; another of that surname is none.

        A surname alone stays as it is where the conversation has two of that name, or a relative's alone.
        """
        name = bare_name(name)
        told = [self.question, *sentences(self.answer)]
        forms = {bare_name(one.name) for sentence in told for one in mentions(sentence)}
        own = set(words(name))
        same = sorted((form for form in forms if own <= set(words(form))), key=len, reverse=True)
        longest = same[0] if same else name
        if re.search(rf"\b{re.escape(longest)}{_RELATIVE}", " ".join(told)):
            return name
        return longest if all(set(words(form)) <= set(words(longest)) for form in same) else name

    def _fits(self, one: Mention, pronoun: str | None) -> bool:
        told = told_pronouns(one.name, sentences(self.answer)) if pronoun else set()
        return not told or pronoun in told


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A question that stands by itself: `asks` is what is asked now, `context` what it needs before it."""

    asks: str
    context: str = ""

    @property
    def text(self) -> str:
        """The whole of it."""
        return f"{self.context} {self.asks}" if self.context else self.asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred:
    """A question with its pronouns replaced as far as it is known what they stand for.

    `replaced` says whether one was, `settled` whether none is left that leans on another question.
    """

    text: str
    replaced: bool
    settled: bool


def resolve_references(text: str, frame: Frame) -> Referred:
    """Return a question with its pronouns replaced by what the frame says they stand for."""
    settled, before = True, text
    for pronouns, referent in _REFERENTS:
        match = next((one for one in unbound_pronouns(text) if one["word"].lower() in pronouns), None)
        if match is None:
            continue
        found = referent(frame, match["word"].lower(), before)
        if found is None:
            settled = False
        else:
            text = _replaced(text, match, found)
    if any(one["word"].lower() == "there" for one in unbound_pronouns(text)):
        settled = False
    return Referred(text=text, replaced=text != before, settled=settled and not points_back(text))


def _replaced(text: str, match: re.Match[str], found: str) -> str:
    word, after = match["word"].lower(), text[match.end() :].split()
    following = re.sub(r"\W", "", after[0]).lower() if after else ""
    possessive = word in _POSSESSIVE or (
        word == "her" and following and following not in STOP_WORDS and following not in AUXILIARIES
    )
    if possessive:
        found = f"{found}'" if found.endswith("s") else f"{found}'s"
    found = uncapitalised(found) if match.start() else found[0].upper() + found[1:]
    return f"{text[: match.start()]}{found}{text[match.end() :]}"


def _person(frame: Frame, word: str, text: str) -> str | None:
    return frame.person("he" if word in ("he", "him", "his") else "she", besides=text)


def _thing(frame: Frame, _word: str, _text: str) -> str | None:
    """Return what "it" means: the thing that was asked for, if the answer names it, else the topic."""
    shape = shape_of(frame.question)
    if shape.opener.lower().endswith(("which", "what")) and shape.asked:
        known = set(names(frame.question))
        for one in frame.answered():
            if one.kind is not Kind.PERSON and not known & set(names(one.name)):
                return one.name
    return next(
        (
            topic
            for topic in (shape.topic, frame.topic)
            if topic and not is_bare_name(topic) and not is_plural(_HEAD.split(topic.lower())[0])
        ),
        None,
    )


def _plural(frame: Frame, _word: str, _text: str) -> str | None:
    """Return what "they" means: two people, what was counted, or the topic."""
    people = frame.people()
    shape = shape_of(frame.question)
    if len(people) >= 2:
        return f"{people[0]} and {people[1]}"
    if shape.asked.endswith("s") and not shape.opener.lower().endswith(("which", "what")):
        named = next((phrase for phrase in shape.phrases if names(phrase)), None)
        return f"the {shape.asked} of {named}" if named else f"the {shape.asked}"
    return next(
        (
            topic
            for topic in (shape.topic, frame.topic)
            if topic and not is_bare_name(topic) and _HEAD.split(topic)[0].endswith("s")
        ),
        None,
    )


def uncapitalised(text: str) -> str:
    """Return a question as it stands after a colon: a name keeps its capital."""
    return text if names(text.split(maxsplit=1)[0]) else f"{text[0].lower()}{text[1:]}"


def is_bare_name(phrase: str) -> bool:
    """Return whether a phrase is a name that may be anybody's, or a person's: "it" is not said of those."""
    found = mentions(phrase)
    return bool(found) and found[0].name == phrase and found[0].kind in (Kind.PERSON, Kind.OTHER, Kind.PLACE)


def _nearest(sentence: str, stems: set[str]) -> list[Mention]:
    """Return the names of a sentence, those nearest to words of the question first."""
    found = mentions(sentence)
    places = [
        match.start() for match in re.finditer(r"\w+", sentence) if stems & set(content_stems(match.group()))
    ]
    return sorted(
        found,
        key=lambda one: min((min(abs(one.start - at), abs(at - one.end)) for at in places), default=0),
    )


_REFERENTS: tuple[tuple[frozenset[str], Callable[[Frame, str, str], str | None]], ...] = (
    (_PERSON, _person),
    (_PLURAL, _plural),
    (_THING, _thing),
)
