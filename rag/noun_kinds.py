"""What a plain noun stands for, so that only things of one kind take each other's place."""

from enum import StrEnum

from rag.entities import is_role


class Noun(StrEnum):
    """The kinds of things that plain nouns are told apart by."""

    PERSON = "person"
    BODY = "body"
    PLACE = "place"
    HAPPENING = "happening"


ACTORS = frozenset({Noun.PERSON, Noun.BODY})
"""Who can decide, say or be asked something."""

_KINDS = {
    noun: kind
    for kind, nouns in {
        Noun.PERSON: """artist athlete boss captain carpenter child commuter customer docker doctor driver
            farmer fisherman guest inspector investor lawmaker leader man men minister nurse parent passenger
            patient people person police pensioner prisoner politician president prosecutor protester
            resident sailor soldier spokesman striker student survivor teacher tenant tourist victim visitor
            voter witness woman women worker""",
        Noun.BODY: """agency airline alliance army assembly association authority bank brewery broadcaster
            cabinet carmaker chamber charity club commission committee company congress cooperative
            corporation council court department federation firm foundation government group inquiry insurer
            jury ministry opposition panel parliament party regulator retailer senate society team
            tribunal union university""",
        Noun.PLACE: "city country county district island nation province region state town village",
        Noun.HAPPENING: """accident attack avalanche ballot battle blast ceremony collapse concert coup crash
            debate drought earthquake election epidemic eruption explosion famine festival fire flood
            funeral game hearing hurricane landslide launch match meeting outbreak
            parade protest quake race raid rally recount referendum rescue riot run-off session shooting siege
            sinking storm strike summit takeover talks tour trial visit vote walkout war wedding wildfire""",
    }.items()
    for noun in nouns.split()
}
_LINKS = frozenset("of in at on for from to by with about against".split())
_CHAMBERS = frozenset({"lower", "upper"})


def noun_kind(phrase: str) -> Noun | None:
    """Return what the noun of a phrase stands for ("the council of Orvale": a body); None if not known."""
    words = phrase.lower().split()
    end = next((at for at, word in enumerate(words) if at and word in _LINKS), len(words))
    if not end:
        return None
    head = words[end - 1].strip(",.?!'’")
    if head in ("house", "houses"):
        return Noun.BODY if _CHAMBERS & set(words[:end]) else None
    one = next((form for form in (head, head.removesuffix("s"), _of_ies(head)) if form in _KINDS), None)
    if one:
        return _KINDS[one]
    return Noun.PERSON if is_role(head) or is_role(head.removesuffix("s")) else None


def may_replace(new: Noun | None, old: Noun | None) -> bool:
    """Return whether a thing may take the place of another: both of a kind, or one of a kind not known."""
    return new is old or new is None or old is None


def _of_ies(word: str) -> str:
    return f"{word[:-3]}y" if word.endswith("ies") else word
