"""Whether a sentence says what a claim says in another order or voice: by words, small words included."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache

from rag.restated import JOINS, PARTICLES, active, lightened, moved
from rag.terms import STOP_WORDS, names, stem, words

_BESIDE = """across ahead along alongside amid among around behind beside beyond despite inside like near
    outside past"""
_SMALL = STOP_WORDS | JOINS | frozenset(_BESIDE.split())
# Small words that do not say how two others relate. Forms of "to be" do: they tell who does it to whom.
_NEUTRAL = frozenset(
    """a an the this these those has have had having do does did s say said says according article articles
    news report reports reported archive also own""".split()
)
_BE = frozenset("is are was were be been being am".split())
_TURNING = frozenset("before after until since against be all only most some".split())
_RESERVING = frozenset("to will would may might could should of that".split())
_THAT = frozenset({"that"})
_COORDINATES = frozenset({"and", "but", "or"})
# What makes of the words beside it something that need not be so.
_UNREAL = """suspect assume estimate predict forecast consider intend aim mean order ask urge threaten promise
    vow agree propose offer try attempt seek demand request recommend advise alleged suspected planned
    proposed attempted possible potential likely unlikely former fake almost nearly hardly barely"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word that carries meaning, its stem, and the small words between it and the one before (`links`).

    `bare` tells that no small word at all stands between them, `named` that it is a name or a number.
    """

    word: str
    stem: str
    links: frozenset[str]
    bare: bool
    named: bool


MOST_TERMS = 60
"""Longer sentences are not read in other orders; they are quoted."""

Near = Callable[[str, str], bool]
Fits = Callable[[Term, Sequence[Term], int, int], bool]


def restates(claim: str, sentence: str, near: Near = lambda _one, _other: False) -> bool:
    """Return whether some way to put the claim agrees with some way to put the sentence.

    `near` says of two words, the claim's and the sentence's, whether the one may stand for the other.
    """
    written = {stem(word) for word in words(sentence)}
    if written & _unreal() - {stem(word) for word in words(claim)}:
        return False
    said, read = moved(claim), moved(sentence)
    known = frozenset((*names(claim), *names(sentence)))
    light = [form for one in said for form in lightened(one)]
    turned = [form for one in said for form in active(one, joined=True)]
    turned_read = [form for one in read for form in active(one, joined=False)]
    pairs = (([*said, *light, *turned], read), (said, turned_read))
    return any(
        _agrees(one, other, near)
        for ones, others in pairs
        for one in _terms(ones, known)
        for other in _terms(others, known)
    )


def _terms(forms: Sequence[Sequence[str]], known: frozenset[str]) -> list[tuple[Term, ...]]:
    return list(dict.fromkeys(_terms_of(form, known) for form in forms))


def _terms_of(said: Sequence[str], known: frozenset[str]) -> tuple[Term, ...]:
    """Return the terms of folded words; small words at the end, if they relate, make one without a word."""
    found: list[Term] = []
    links: set[str] = set()
    bare = True
    for word in said:
        if word in PARTICLES and found and bare:
            found[-1] = replace(found[-1], stem=f"{found[-1].stem} {word}")
        elif word in _SMALL:
            bare = False
            if word not in _NEUTRAL:
                links.add("be" if word in _BE else word)
        else:
            named = word in known or word[0].isdigit()
            found.append(Term(word=word, stem=stem(word), links=frozenset(links), bare=bare, named=named))
            links, bare = set(), True
    if links:
        found.append(Term(word="", stem="", links=frozenset(links), bare=False, named=False))
    return tuple(found)


@cache
def _unreal() -> frozenset[str]:
    return frozenset(map(stem, _UNREAL.split()))


def keeps_relations(claim: str, sentence: str) -> bool:
    """Return whether a claim with a sentence's words in their order leaves these in their relations.

    It may not put "after" for "before" or "all" for a few, leave out "will", "may" or "to", or turn the
    active round. Words that the sentence does not have may open the claim, and names may stand anywhere:
    the verifier has found them in the context.
    """
    known = frozenset((*names(claim), *names(sentence)))
    read = _terms(moved(sentence), known)
    written = {term.stem for one in read for term in one}
    said = [_within(one, written) for one in _terms(moved(claim), known)]
    return any(_reached(one, other, _unopposed) for one in said for other in read)


def _within(claim: Sequence[Term], written: Collection[str]) -> list[Term]:
    first = next((at for at, term in enumerate(claim) if term.stem in written), len(claim))
    return [term for term in claim[first:] if term.stem in written or (term.word and not term.named)]


def _unopposed(term: Term, sentence: Sequence[Term], last: int, at: int) -> bool:
    """Return whether a term is the sentence's, and no small word before it is lost or turned.

    "Of" may be lost where nothing else is: "building of the bridge", but not "a third of the bridge".
    Nor may it go over to another statement: "two died and four were hurt" does not say that two were hurt.
    """
    if any(one.links & _COORDINATES for one in sentence[last + 2 : at]) and not term.links & _COORDINATES:
        return False
    reserving = _RESERVING if at > last + 1 else _RESERVING - {"of"}
    return term.stem == sentence[at].stem and any(
        term.links & _TURNING == links & _TURNING and links & reserving <= term.links
        for links in _links_before(sentence, last, at)
    )


def _agrees(claim: Sequence[Term], sentence: Sequence[Term], near: Near) -> bool:
    """Return whether the sentence has all terms of the claim in their order, related alike."""

    def fits(term: Term, sentence: Sequence[Term], last: int, at: int) -> bool:
        return _means(term, sentence[at], near) and _linked(term, sentence, last, at)

    return any(not _describes(sentence, at) for at in _reached(claim, sentence, fits))


def _means(one: Term, other: Term, near: Near) -> bool:
    if one.stem == other.stem:
        return True
    named = one.named or other.named
    return bool(one.word and other.word) and not named and near(one.word, other.word)


def _reached(claim: Sequence[Term], sentence: Sequence[Term], fits: Fits) -> set[int]:
    """Return at which terms of the sentence the last one of the claim may stand; empty where none fits."""
    reached = {-1} if claim and max(len(claim), len(sentence)) <= MOST_TERMS else set()
    for term in claim:
        reached = {
            at for last in reached for at in range(last + 1, len(sentence)) if fits(term, sentence, last, at)
        }
    return reached


def _linked(term: Term, sentence: Sequence[Term], last: int, at: int) -> bool:
    """Return whether the small words before a term are those of the sentence, and what it drops can go."""
    dropped = sentence[last + 1 : at]
    if dropped and last >= 0:
        joined = any(one.links & JOINS for one in dropped) and not term.links & JOINS
        if joined or _describes(sentence, last):
            return False
    aside = _THAT if last >= 0 else frozenset()
    return any(term.links - aside == links - aside for links in _links_before(sentence, last, at))


def _links_before(sentence: Sequence[Term], last: int, at: int) -> tuple[frozenset[str], frozenset[str]]:
    """Return the small words before a term, and before the words that describe it: in | heavy | rain."""
    first = at
    while not sentence[first].links and first - 1 > last:
        first -= 1
    return sentence[at].links, sentence[first].links


def _describes(sentence: Sequence[Term], at: int) -> bool:
    """Return whether a term only describes the next one, as "museum" does in "museum director"."""
    if not 0 <= at < len(sentence) - 1:
        return False
    after = sentence[at + 1]
    return after.bare and not after.named and not after.word.endswith("ly")
