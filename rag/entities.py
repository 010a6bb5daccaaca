"""The people, organisations, places and things that a text names, told apart by how they are written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rag.terms import names


class Kind(StrEnum):
    """What a name stands for; `OTHER` where its writing does not show."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    THING = "thing"
    OTHER = "other"


_ORGANISATIONS = frozenset(
    """agency alliance army association authority bank board club commission committee company congress corp
    corporation council court department federation foundation front fund government group inc institute
    league limited lines list ltd ministry movement office parliament party police press senate service
    society team trust union university""".split()
)
_PLACES = frozenset(
    """airport avenue bay city coast county district east harbour harbor hill hills isle island islands lake
    lane lower market mount mountain new north park port province region river road saint san south square
    st state street town upper valley village west""".split()
)
_THINGS = frozenset(
    "act award bridge building cup dam hall house law museum prize ship station tower".split()
)
_TITLES = {"mr": "he", "sir": "he", "ms": "she", "mrs": "she", "miss": "she"}
_RANKS = frozenset(
    """president minister chancellor mayor mayor-elect governor senator judge justice king queen pope doctor
    dr professor colonel general captain chief director chair chairman chairwoman secretary leader spokesman
    spokeswoman warden engineer""".split()
)
_MORE_ROLES = frozenset(
    """premier deputy councillor candidate lawyer officer member owner manager editor author
    actor actress singer player coach winner loser victim suspect baker teacher firefighter pilot driver nurse
    scientist researcher mediator opponent rival successor predecessor woman man girl boy
    person teenager husband wife father mother son daughter brother sister executive commander
    envoy""".split()
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*\.?|&")
_POSSESSIVE = re.compile(r"['’]s?$")
_AGE = re.compile(r"\s*,\s+\d{1,3}\b|\s*,\s+aged\b")
_OF = re.compile(r"(?:, \d{1,3})?,? of (?:the )?")
_SPEAKS = re.compile(r",?\s+(?:said|says|told|added|replied|called|asked|took|has|was)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name in a text, `text[start:end]`; `pronoun` is "he" or "she" where a title tells."""

    name: str
    kind: Kind
    start: int
    end: int
    pronoun: str | None = None


def mentions(text: str) -> list[Mention]:
    """Return the names of a text in order, titles such as "Mr" left out of them."""
    found: list[Mention] = []
    run: list[re.Match[str]] = []
    before = ""
    for match in _WORD.finditer(text):
        if run and not text[run[-1].end() : match.start()].isspace():
            found.append(_mention(text, run, before))
            run = []
        if _is_name(match.group()) or (run and match.group() == "&"):
            run.append(match)
            continue
        if run:
            found.append(_mention(text, run, before))
            run = []
        before = match.group().rstrip(".").lower()
    if run:
        found.append(_mention(text, run, before))
    return [_belonging(one, found[at - 1], text) if at else one for at, one in enumerate(found)]


def _belonging(one: Mention, last: Mention, text: str) -> Mention:
    """Return a name as an organisation's where another is said to be of it: "Solle of Green Vessenport"."""
    of = _OF.fullmatch(text[last.end : one.start])
    return replace(one, kind=Kind.ORGANISATION) if of and one.kind is Kind.PERSON else one


def _is_name(word: str) -> bool:
    return bool(names(_POSSESSIVE.sub("", word.rstrip("."))))


def _mention(text: str, run: Sequence[re.Match[str]], before: str) -> Mention:
    if run[-1].group() == "&":
        run = run[:-1]
    start, end = run[0].start(), run[-1].end()
    name = _POSSESSIVE.sub("", text[start:end].rstrip("."))
    directly = text[:start].rstrip().lower().endswith((before, f"{before}.")) if before else False
    kind = _kind(name, before if directly else "", text[end : end + 12])
    return Mention(
        name=name,
        kind=kind,
        start=start,
        end=start + len(name),
        pronoun=_TITLES.get(before) if directly else None,
    )


def _kind(name: str, before: str, after: str) -> Kind:
    """Return the kind of a name by its own words, the word before it and what follows."""
    parts = name.lower().split()
    if led := next((at for at in range(len(parts) - 2, 0, -1) if is_role(parts[at])), 0):
        parts, before = parts[led + 1 :], parts[led]  # "Foreign Minister Ida Brask"
    for kind, known in (
        (Kind.ORGANISATION, _ORGANISATIONS),
        (Kind.THING, _THINGS),
        (Kind.PLACE, _PLACES),
    ):
        if parts[-1] in known or (kind is Kind.PLACE and parts[0] in known):
            return kind
    if "&" in parts:
        return Kind.ORGANISATION
    if before in _TITLES or before in _RANKS or (_AGE.match(after) and len(parts) < 4):
        return Kind.PERSON
    if before in ("in", "at", "from", "near", "outside", "into", "around", "visit", "visited"):
        return Kind.PLACE
    if len(parts) in (2, 3) and before not in ("the", "on"):
        return Kind.PERSON
    return Kind.PERSON if _SPEAKS.match(after) and before != "the" else Kind.OTHER


def is_role(word: str) -> bool:
    """Return whether a word in lower case stands for a person by office, trade or family."""
    return word in _RANKS or word in _MORE_ROLES


def surname(name: str) -> str:
    """Return the last word of a name, by which a text goes on to speak of a person."""
    return name.split()[-1].lower()
