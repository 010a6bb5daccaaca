"""Questions that lean on the answer to another: "Who leads the party that won the most seats?"."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rag.entities import Kind, mentions, surname
from rag.terms import names

READ = 5
"""Sentences in which the name is looked for that the first step asks for."""

_RELATIVE = re.compile(
    r"^(?P<head>.+?\b)the\s+(?P<noun>(?:[\w'’-]+\s+){0,2}?[\w'’-]+)\s+(?:that|who|which)\s+"
    r"(?P<said>[\w'’-]+\s.+?)\s*\?*$",
    re.IGNORECASE,
)
# What only asks for the name that the clause describes, which is one step.
_IDENTITY = re.compile(
    r"^(?:(?:who|what|which)(?:['’]s|\s+(?:is|was|are|were))?|what\s+(?:is|was)\s+the\s+name\s+of|name)\s*$",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
_AUXILIARY = re.compile(r"\b(?:did|does|do|will|would|can|could|has|have|had)\s*$", re.IGNORECASE)
_IS = re.compile(r"^(?:where|why|when|how(?:\s+much)?|what)\s+(?:is|was|are|were)\s*$", re.IGNORECASE)
_PARTICIPLE = re.compile(
    r"(?:ed|en|ing)$|^(?:worth|born|sworn|held|found|sold|told|built|made|paid|shot|hurt)$", re.I
)
_BE = frozenset("is are was were be been being has have had who that which got".split())
_ACTS = frozenset(
    """accept agree announce appeal ask attack attend begin blame build buy call cancel charge claim close
    cost cut deliver demand deny die do earn employ face file find get give happen have hire join launch lay
    lead leave lose make meet move offer open order pay plan play plead promise propose publish raise receive
    reject release replace report resign return say see sell serve sign spend start stop sue support take
    tell threaten travel vote want warn win work write""".split()
)
_FUNCTION = frozenset("of in at on for to by with from about and or than as".split())
_KINDS = {
    noun: kind
    for kind, nouns in {
        Kind.PERSON: """actor actress artist athlete author boy candidate captain coach director driver girl
            justice lawmaker leader lawyer man mayor minister officer player politician president person
            pilot rapper runner senator singer striker suspect woman winner writer""",
        Kind.PLACE: "city country county district island nation province region state town village",
        Kind.ORGANISATION: """airline agency bank carmaker club company firm group organisation organization
            party retailer team union university""",
    }.items()
    for noun in nouns.split()
}
_FITS = {
    Kind.PERSON: (Kind.PERSON,),
    Kind.PLACE: (Kind.PLACE, Kind.OTHER),
    Kind.ORGANISATION: (Kind.ORGANISATION, Kind.OTHER),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoSteps:
    """A question in two: `first` asks for a name of `kind` (None: any), which `then` has for its `{}`."""

    first: str
    then: str
    kind: Kind | None

    def second(self, name: str) -> str:
        """Return the second question, with the name that the first one asked for."""
        return self.then.format(name)


def two_steps(question: str) -> TwoSteps | None:
    """Return the steps of a question about something that it describes by another fact, else None."""
    text = " ".join(question.split()).replace("{", "(").replace("}", ")")
    match = _RELATIVE.match(text)
    if not match or _IDENTITY.match(match["head"].strip()) or not _QUESTION.search(match["head"]):
        return None
    noun = match["noun"]
    if _FUNCTION & set(noun.lower().split()) or _QUESTION.search(match["said"]):
        return None
    kind = _KINDS.get(noun.lower().split()[-1])
    if kind is None:
        return None
    if _IS.search(match["head"]) and _ends_with_participle(match["said"].split()):
        return None
    said, rest = _clause(match["head"], match["said"])
    if not said:
        return None
    asking = "Who" if kind is Kind.PERSON else f"Which {noun}"
    return TwoSteps(first=f"{asking} {said}?", then=f"{match['head']}{{}}{rest}?", kind=kind)


def _ends_with_participle(said: Sequence[str]) -> bool:
    """Return whether a clause goes on with what is asked: "(where was) the party that won … founded"."""
    return bool(_PARTICIPLE.search(said[-1])) and not _BE & {word.lower() for word in said[-2:-1]}


def _clause(head: str, said: str) -> tuple[str, str]:
    """Return the describing clause and what follows it: after "did the firm that …" there is a verb."""
    if not _AUXILIARY.search(head):
        return said, ""
    words = said.split()
    at = next((at for at in range(2, len(words)) if words[at].lower() in _ACTS), None)
    return (" ".join(words[:at]), " " + " ".join(words[at:])) if at else ("", "")


def named_in(sentences: Sequence[str], steps: TwoSteps) -> str | None:
    """Return the name of the kind asked for that the sentences, best first, give most; None for none."""
    known = set(names(steps.first))
    weights: defaultdict[str, float] = defaultdict(float)
    written: dict[str, str] = {}
    for rank, sentence in enumerate(sentences[:READ], start=1):
        for mention in mentions(sentence):
            if (steps.kind and mention.kind not in _FITS[steps.kind]) or known & set(names(mention.name)):
                continue
            key = surname(mention.name)
            weights[key] += 1 / rank
            written[key] = max(written.get(key, ""), mention.name, key=len)
    return written[max(weights, key=weights.__getitem__)] if weights else None
