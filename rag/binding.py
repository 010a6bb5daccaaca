"""Which words of a question point outside it: not the pronoun of "Which firm raised its prices?"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from rag.entities import Kind, is_role, mentions
from rag.phrases import AUXILIARIES, is_plural
from rag.terms import STOP_WORDS

_PRONOUN = re.compile(
    r"\b(?P<word>he|him|his|she|hers|her|they|them|theirs|their|it|its|there)\b(?!['’]s\s+own)", re.I
)
_OBJECTS = frozenset("him them there".split())
_POSSESSIVES = frozenset("his its their hers theirs".split())
_PLURALS = frozenset("they them their theirs".split())
_THINGS = frozenset("it its".split())
_MARKS = re.compile(r"[.:;!?—–]\s|[,—–]\s")
_CLAUSE = re.compile(
    r"[,:;.!?—–]|\b(?:that|who|which|after|before|when|while|because|if|as|since|until|where|why|how|so|but"
    r"|and\s+what|and\s+\w+ing)\b",
    re.I,
)
_EXPLETIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|will|has|have|had)\s+(?P<there>there)\b(?=\s+\w)"
    r"|\b(?P<there_is>there)\s+(?:is|are|was|were|(?:will|would|could|can|may|might|must)(?: soon)? be|"
    r"ha(?:s|ve) been)\b"
    r"|\b(?P<adjective>it)(?:['’]s|\s+(?:is|was|be|has been|would be|will be))?"
    r"\s+(?:not\s+)?(?:true|false|possible|impossible|likely|unlikely|known|clear|legal|illegal|safe|official|"
    r"certain|common|normal|rare|reported|said|believed|thought|expected|revealed|announced|decided|"
    r"easy|hard|difficult|necessary)\b"
    r"|\b(?P<costs>it)\s+(?:take|takes|took|taken|cost|costs)\b"
    r"(?=[^?]*\bto\s+[a-z]|\s+(?:\w+\s+){1,2}(?:hour|day|week|month|year)s\b)"
    r"|\b(?P<weather>it)\s+(?:(?:going to|be|still)\s+)*(?:rain|snow|freeze|thaw)(?:s|ed|ing)?\b"
    r"|\b(?:time|day|date)\s+(?:is|was)\s+(?P<clock>it)\b|\b(?:does|did|would)\s+(?P<matters>it)\s+matter\b",
    re.I,
)
# Looked ahead at: "the new ferry" is found within "how much will the new ferry".
_NOUN_PHRASE = re.compile(
    r"\b(?=(?P<opens>which|what|whose|how\s+(?:many|much)|an?|the|this|some|several|many|every|each|one)\s+"
    r"(?:of\s+(?:these|those|the)\s+)?(?P<words>[\w'’&-]+(?:\s+[\w'’&-]+){0,4}))",
    re.I,
)
_SEVERAL = frozenset("how several many some".split())
_THIRD_PERSON = re.compile(r"[a-z]{2,}(?:[^s]s|ed)$")
_NEVER_NOUNS = (STOP_WORDS | AUXILIARIES) - frozenset("news report reports article articles".split())
_CLAUSE_OPENERS = STOP_WORDS - frozenset("about for of to on with by".split())
_PERSON_LEAST = 2
_COMMA = re.compile(r",[\"”]?\s")
_INTRODUCES = re.compile(r"(?:when|after|before|while|with|in|on|despite|as|since|during|at|by)\b", re.I)
_POSSESSIVE = re.compile(r"['’]s?$")
_POINTING = re.compile(
    r"\b(?:this|these|those|then|both|same|instead|that"
    r"|(?:the|this|that|which|another|each|any)\s+(?:\w+\s+){0,2}ones?"
    r"|(?:ones?|former|latter)(?=\W*$|\s+(?:is|are|was|were|will|did|does|has|had|of\s+(?:them|these|those))\b))\b",
    re.I,
)
_JOINS = re.compile(r"(?P<before>[\w'’]+),?\s+that\s+(?=\w)", re.I)
_POINTS_AFTER = frozenset(
    "of about in on at with by for from after before since like than to over under during and or".split()
)
_TIME_NOW = re.compile(
    r"\b(?:this|that)\s+(?:day|week|weekend|month|year|spring|summer|autumn|fall|winter|morning|evening)\b"
    r"|\bsame[- ](?=sex\b)",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Antecedent:
    """What a pronoun may stand for: where it ends, and of what number and nature it can be."""

    end: int
    plural: bool
    person: bool
    thing: bool


def unbound_pronouns(text: str) -> list[re.Match[str]]:
    """Return the pronouns of a question that nothing in the question explains, in order.

    Each match has the group `word`. "It" and "there" that stand for nothing ("is it true that", "are
    there") are none. A pronoun that owns, or is the subject of a clause within, means what stands before it
    and agrees with it; an object never means the subject of its own clause ("Which yard will build them?").
    """
    idle = _idle(text)
    known = list(_antecedents(text))
    return [
        match
        for match in _PRONOUN.finditer(text)
        if match.start() not in idle and not _is_bound(match, text, known)
    ]


def points_back(text: str) -> bool:
    """Return whether a question has "this", "those", "then" or the like, less "that" which joins clauses."""
    text = _TIME_NOW.sub(" ", text)
    text = _JOINS.sub(
        lambda match: match.group() if _is_led(match["before"]) else match["before"] + " ", text
    )
    return bool(_POINTING.search(text))


def _is_led(before: str) -> bool:
    """Return whether "that" after this word is a pronoun: after a preposition or an auxiliary."""
    return before.lower() in _POINTS_AFTER or before.lower() in AUXILIARIES


def _idle(text: str) -> set[int]:
    return {
        match.start(name)
        for match in _EXPLETIVE.finditer(text)
        for name in ("there", "there_is", "adjective", "costs", "weather", "clock", "matters")
        if match[name]
    }


def _is_bound(match: re.Match[str], text: str, known: list[_Antecedent]) -> bool:
    word = match["word"].lower()
    if _is_introduced(match, text):
        return True
    agreeing = [one for one in known if one.end < match.start() and _agrees(word, one)]
    if not agreeing:
        return False
    if _is_subject_or_owner(match, text):
        return True
    return any(_CLAUSE.search(text, one.end, match.start()) for one in agreeing)


def _is_introduced(match: re.Match[str], text: str) -> bool:
    """Return whether a clause that opens the question has it before its name: "After she won, Brandt …"."""
    comma, opens = _COMMA.search(text, match.end()), _INTRODUCES.match(text)
    if comma is None or not opens:
        return False
    after = text[comma.end() :]
    return bool(mentions(after)) or bool(re.search(r"\b(?:which|what)\s+\w+\s+\w", after, re.I))


def _is_subject_or_owner(match: re.Match[str], text: str) -> bool:
    """Return whether a pronoun owns something or is the subject of a clause that is not the question's."""
    word = match["word"].lower()
    before = re.findall(r"[\w'’]+|[.:;,]", text[: match.start()])
    last = before[-1].lower() if before else ""
    after = re.match(r"\s+([\w'’]+)", text[match.end() :])
    following = after[1].lower() if after else ""
    if re.match(r"['’](?:s|ll|re|ve|d)\b", text[match.end() :]):
        return True
    if last in AUXILIARIES:
        return False
    if word in _POSSESSIVES or (word == "her" and following and following not in _NEVER_NOUNS):
        return True
    if word in _OBJECTS or word == "her" or not following:
        return False
    if word == "it":
        return following in AUXILIARIES or last in _CLAUSE_OPENERS or bool(_THIRD_PERSON.match(following))
    return True


def _agrees(word: str, one: _Antecedent) -> bool:
    if word in _PLURALS:
        return True
    if one.plural:
        return False
    return one.thing if word in _THINGS or word == "there" else one.person


def _antecedents(text: str) -> Iterator[_Antecedent]:
    """Yield the names and noun phrases of a text."""
    for who in re.finditer(r"\bwho(?:m|se)?\b", text, re.I):
        yield _Antecedent(end=who.end(), plural=False, person=True, thing=False)
    for one in mentions(text):
        person = one.kind in (Kind.PERSON, Kind.OTHER)
        yield _Antecedent(
            end=one.end, plural=False, person=person, thing=not _is_full_name(one.name, one.kind)
        )
    for match in re.finditer(r"\b[a-z][\w-]+s\b", text):
        if is_plural(match.group()):
            yield _Antecedent(end=match.end(), plural=True, person=False, thing=False)
    for match in _NOUN_PHRASE.finditer(text):
        run = _nouns(match["words"])
        if not run:
            continue
        opens, head = match["opens"].lower(), _POSSESSIVE.sub("", run[0])
        several = opens.split()[0] in _SEVERAL
        role = any(is_role(_POSSESSIVE.sub("", word)) for word in run)
        yield _Antecedent(
            end=match.start("words") + len(head),
            plural=several or is_plural(head),
            person=opens != "the" or role,
            thing=not role,
        )


def _nouns(words: str) -> list[str]:
    """Return the words of a phrase up to the first small one; a verb may be among them."""
    return list(takewhile(lambda word: word not in _NEVER_NOUNS, words.lower().split()))


def _is_full_name(name: str, kind: Kind) -> bool:
    return kind is Kind.PERSON and len(name.split()) >= _PERSON_LEAST
