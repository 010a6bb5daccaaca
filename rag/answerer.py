"""Who of the people of an answer is the one that a "who" question asked for."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.sentences import sentence_spans
from rag.calendar_names import MONTH
from rag.entities import Kind, Mention, is_role, mentions, surname
from rag.holders import asks_now, holding, names_other, rulers
from rag.phrases import shape_of
from rag.terms import content_stems, fold, names, stem, words

NEAR = 8
"""So many words at most lie between somebody and what says that it is who was asked for."""

CLOSE = 3
"""So many words before a name may call somebody what was asked for."""

_MARK = re.compile(r"\s*\[\d{1,3}\]")
_TITLES = re.compile(
    r"\b(?:(?!By\b|To\b)[A-Z][a-z]+\s+)?(?:(?:Lt|Gen|Col|Sgt|Capt|Cmdr|Supt|Prof|Rev)\.?\s+)+(?=[A-Z])"
)
_SPEAKS = re.compile(r"\b(?:said|says|say|told|tells|added|replied|warned|according to)\b", re.I)
_PARTED = re.compile(rf"{_SPEAKS.pattern}|[;:()—–]", re.I)
_WHERE = re.compile(rf"\b(?:of|in|at) (?:the )?(?=[A-Z])(?!(?:{MONTH})\b)")
_WORD = re.compile(r"[\w'’&-]+")
_DONE_BY = re.compile(
    r"\b(?:(?:beaten|defeated|replaced|succeeded|followed|won|taken over|attacked|killed|shot|stabbed)\b"
    r"(?:\s+[\w-]+){0,4}?\s+by|(?:lost|loses?|losing|concede[ds]?|fell|defeat|loss)\s+to)\s+"
    r"(?:[a-z][\w-]*[\s,]+){0,6}$",
    re.I,
)
_BEAT = re.compile(
    r"\b(?:beat(?:s|ing)?|defeat(?:s|ed|ing)|ousted|unseated)\s+(?:out\s+)?(?:[\w-]+\.?\s+){0,6}$"
)
_LOST = re.compile(
    r"[\s,]*(?:[^,.;]*,\s+)?(?:\w+\s+){0,3}?(?:(?:lost|loses?|concede[ds]?)\s+to"
    r"|(?:beaten|defeated)\b(?:\s+[\w-]+){0,4}?\s+by)\b",
    re.I,
)
_PRONOUN = re.compile(r"\b(?P<word>he|she|his|her|him)\b", re.I)
_GENDER = {"he": "he", "his": "he", "him": "he", "she": "she", "her": "she"}
_IN_CAPITALS = frozenset("democrat democratic republican conservative labour tory house speaker lord".split())
_OWNS = re.compile(r"['’]s?\s")
_BY = re.compile(r"\bby\s+(?:[a-z][\w-]*[\s,]+){0,6}$")
_NOT_QUITE = frozenset("deputy former vice ex".split())
_REGNAL = re.compile(r"[ivx]+|jr|sr")
_LINKS = frozenset(
    """is was are were be been become becomes became remain remains remained stay stays as named appointed
    elected re-elected chosen confirmed sworn nominated won wins made""".split()
)
_REIGNS = re.compile(r"\b(?P<rank>King|Queen)\s$")
_OFFICES = frozenset("ceo cfo coo pm mp mep".split())
_OFFICE_OF = re.compile(r"^(?:is |was )?(?:the |.+?['’]s? )?")
_LOSES = frozenset({"lose", "concede"})
# Wider than `rag.alike`, whose words say the same: to find who had a part, the sides of one deed will do.
_ALIKE = tuple(
    frozenset(map(stem, family.split()))
    for family in (
        "replace succeed follow successor succession replacement",
        "win winner victory beat defeat elect re-elect election sworn",
        "stand run candidate race election elect win lose beat defeat",
        "lose loser defeat beat concede",
        "lead leader head director chief",
        "own owner buy acquire",
        "attack attacker assailant assault",
        "kill killer murder shoot",
        "resign quit resignation",
    )
)


def plain(answer: str) -> str:
    """Return an answer without the marks of its sources and the titles that a full stop cuts short."""
    return _TITLES.sub("", _MARK.sub("", answer))


def sentences(answer: str) -> list[str]:
    """Return the sentences of an answer, made plain."""
    text = plain(answer)
    return [text[start:end] for start, end in sentence_spans(text)]


def bare_name(name: str) -> str:
    """Return a name without the office or party in capitals before it: "Mayor Ida Brask", "Ida Brask"."""
    parts = name.split()
    led = [
        at
        for at, word in enumerate(parts[:-1])
        if is_role(word.lower().rstrip(".")) or word.lower() in _IN_CAPITALS
    ]
    return " ".join(parts[led[-1] + 1 :]) if led else name


def answerers(question: str, told: Sequence[str], known: set[str]) -> list[Mention]:
    """Return the people of an answer's sentences who are said to be who was asked for, the likeliest first.

    `known` are the names of the question, folded. Whoever speaks of it, or stands far from the words
    that were asked with, is left out: to take a bystander for somebody's attacker would slander him.
    An answer about another place names nobody.
    """
    if _is_elsewhere(question, " ".join(told)):
        return []
    asked = _stems(question)
    loses = bool(_stems(question, alike=False) & _LOSES)
    office = _OFFICE_OF.sub("", shape_of(question).body.lower())
    found: list[tuple[tuple[bool, int, int], Mention]] = []
    for at, sentence in enumerate(told):
        own = asked | rulers(question, sentence, known)
        shared = len(own & _stems(sentence, alike=False))
        said = bool(office) and bool(re.search(rf"(?<!deputy ){re.escape(office)}\b", sentence.lower()))
        there = [one for one in mentions(sentence) if one.kind is Kind.PERSON]
        likely = [
            one for one in there if _is_near(one, sentence, own) and not names_other(one, sentence, asked)
        ]
        if asks_now(question):
            titled = [one for one in there if any(_is_of(word, own) for word in one.name.split()[:-1])]
            likely = holding(likely, [*likely, *titled], there, sentence)
        people = [
            (_part(one, sentence) * (-1 if loses else 1), one)
            for one in likely
            if not _is_known(one.name, known)
        ]
        ordered = [one for part, one in sorted(people, key=lambda scored: -scored[0]) if part >= 0]
        found += [((not said, -shared, at), one) for one in ordered]
    return [one for _, one in sorted(found, key=lambda scored: scored[0])]


def _is_elsewhere(question: str, answer: str) -> bool:
    """Return whether an answer names a place and none of the names that the question has."""
    asked = set(names(question))
    return bool(asked and asked.isdisjoint(words(answer)) and _WHERE.search(answer))


def _is_known(name: str, known: set[str]) -> bool:
    """Return whether a name is one of the question, by its last word, of a king's by any; or an office's."""
    parts = [word.lower() for word in name.split()]
    return (
        parts[-1] in known
        or is_role(parts[-1])
        or (bool(_REGNAL.fullmatch(parts[-1])) and not known.isdisjoint(parts))
    )


def told_pronouns(name: str, told: Sequence[str]) -> set[str]:
    """Return which of "he" and "she" sentences say of somebody, by a title or a pronoun after a name."""
    found: set[str] = set()
    for sentence in told:
        there = mentions(sentence)
        for at, one in enumerate(there):
            if surname(bare_name(one.name)) != surname(name):
                continue
            reigns = _REIGNS.search(sentence[: one.start])
            if one.pronoun or reigns:
                found.add(one.pronoun or ("he" if reigns and reigns["rank"] == "King" else "she"))
                continue
            end = there[at + 1].start if at + 1 < len(there) else len(sentence)
            between = sentence[one.end : end]
            said = _PRONOUN.search(between)
            if said and not any(is_role(word.lower()) for word in _WORD.findall(between[: said.start()])):
                found.add(_GENDER[said["word"].lower()])
    return found


def _stems(text: str, *, alike: bool = True) -> set[str]:
    """Return the stems of what a text says without its names, with those of the same family."""
    named = set(names(text)) - _OFFICES
    own = {stem for word, stem in _pairs(text) if word not in named}
    return own.union(*(family for family in _ALIKE if alike and family & own))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for match in _WORD.finditer(text):
        word = fold(match.group())
        if word == "won":  # a stop word, for "won't"
            yield word, "win"
        for found in content_stems(match.group()):
            yield word, found


def _is_near(one: Mention, sentence: str, own: set[str]) -> bool:
    """Return whether a word of the question, or one like it, stands near a name and is nobody's speech.

    Before the name it has to be close ("the mayor, Ida Brask"), unless "by" leads the name.
    """
    before = [match.end() for match in _PARTED.finditer(sentence, 0, one.start)]
    left = _WORD.findall(sentence[before[-1] if before else 0 : one.start])
    said = _SPEAKS.search(sentence, one.end)
    after = sentence[one.end : said.start() if said else len(sentence)]
    linked = after.lstrip().startswith(",") or bool(left and left[-1].lower() in _LINKS)
    if not _OWNS.match(after) and _is_told(_WORD.findall(after)[:NEAR], own, linked=linked):
        return True
    if _BY.search(sentence[: one.start]):
        return any(_is_of(word, own) for word in left[-NEAR:])
    return _is_called(left, own)


def _is_told(after: Sequence[str], own: set[str], *, linked: bool) -> bool:
    """Return whether the words after a name say it: of an office, that somebody has or gets it."""
    if any(_is_lesser(first, second, own) for first, second in pairwise(after)):
        return False
    for word in after:
        if _is_of(word, own) and (linked or not is_role(word.lower())):
            return True
        linked = linked or word.lower() in _LINKS
    return False


def _is_called(left: Sequence[str], own: set[str]) -> bool:
    """Return whether the words right before a name call somebody what was asked for: no other office."""
    close = ["", *left[-CLOSE - 1 :]]
    for before, word in reversed(list(pairwise(close))[-CLOSE:]):
        if _is_of(word, own):
            return not _is_lesser(before, word, own)
        if is_role(word.lower()):
            return False
    return False


def _is_lesser(before: str, word: str, own: set[str]) -> bool:
    """Return whether two words are an office below that of the question, or a lost one: "deputy mayor"."""
    return before.lower() in _NOT_QUITE and not _is_of(before, own) and _is_of(word, own)


def _is_of(word: str, own: set[str]) -> bool:
    """Return whether a word is one of the question's: "owner" is of "owns"."""
    return any(
        found in own or any(len(one) > 2 and (found.startswith(one) or one.startswith(found)) for one in own)
        for _, found in _pairs(word)
    )


def _part(one: Mention, sentence: str) -> int:
    """Return 1 for who a sentence has as the winner or doer by "lost to" or "beaten by", -1 for the loser."""
    if _DONE_BY.search(sentence[: one.start]):
        return 1
    lost = _BEAT.search(sentence[: one.start]) or _LOST.match(sentence[one.end :])
    return -1 if lost else 0
