"""Whether a written sentence says what a passage says, and if not, what keeps it from that.

A claim is supported by a sentence that has its names, quantities and quotations, the same negation, and
its other words in the same order and relation, or that says the same in another order, voice or word. The
check is strict on purpose: what is refused here is quoted instead, and a quotation is never wrong about
its passage.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from rag.alike import alike
from rag.evidence import Sentence
from rag.paraphrase import keeps_relations, restates
from rag.quantities import quantities
from rag.restated import in_digits
from rag.terms import content_stems, fold, names, stem, words

_QUOTED = re.compile(r"[\"“]([^\"“”]{3,})[\"”]")
_NEGATIONS = frozenset(
    "not no never none nobody nothing neither nor cannot without denied refused failed".split()
)
_SPEECH = frozenset(
    """said says say told tells added warned claimed claims called calls according reported reports stated
    announced denied suggested believes believed expects alleged argued insisted wrote writes thought
    feared expected hopes hoped plans planned wants wanted fears believe think""".split()
)
_CONDITIONS = frozenset(
    """if unless until provided assuming may might could would reportedly allegedly apparently
    false wrong untrue""".split()
)
_UNITED_STATES = re.compile(r"\bU\.S\b|\bUSA?\b|\bUnited States\b|\bAmericans?\b")
_SEGMENT_ENDS = re.compile(r"(?<!\d)[,;:](?!\d)|\s[-–—]+\s|[—()\[\]]|[,;:]\s")
_INTRODUCES = re.compile(r"(?<!\d):\s")
_CONTRACTED = re.compile(r"\b\w+n[’']t\b", re.I)


class Fault(IntEnum):
    """Why a sentence cannot support a claim, in the order in which it is looked for."""

    EMPTY = 0
    QUANTITY = 1
    NAME = 2
    QUOTATION = 3
    NEGATION = 4
    RESERVE = 5
    INTRODUCED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """The sentence (by position) that supports a claim best, and how well: 0 to 1.

    With a `fault` it does not support it, and the degree is 0. Without one the names, quantities and
    quotations hold, and the degree says how far the other words do. `shared` counts the words that both have.
    """

    position: int
    degree: float
    fault: Fault | None = None
    shared: int = 0


def support_of(
    claim: str, sentences: Sequence[Sentence], contexts: Sequence[str], *, literal: bool
) -> Support | None:
    """Return the best support that `sentences` give to `claim`; None where there are none.

    `contexts[i]` is text that may stand for names which sentence i leaves out: its title and date.
    `literal` is for models that cannot be trusted to rephrase: a claim may leave out parts of a
    sentence between commas and the like, and nothing else; who said it is no such part.
    """
    found = _supports(claim, sentences, contexts, literal=literal)
    return max(found, key=lambda one: (one.degree, one.fault is None, one.shared), default=None)


def nearest_to(
    claim: str, sentences: Sequence[Sentence], contexts: Sequence[str], *, literal: bool
) -> Support:
    """Return what becomes of `claim` under the sentence that has most of its words; arguments as above."""
    found = _supports(claim, sentences, contexts, literal=literal)
    return max(found, key=lambda one: (one.shared, one.fault is None, one.fault or 0))


def _supports(
    claim: str, sentences: Sequence[Sentence], contexts: Sequence[str], *, literal: bool
) -> list[Support]:
    stems, found = set(content_stems(claim)), []
    for position, (sentence, context) in enumerate(zip(sentences, contexts, strict=True)):
        text = sentence.text
        fault = _fault_of(claim, text, context, literal=literal)
        degree = 0.0 if fault is not None else _degree(claim, text, context, literal=literal)
        shared = len(stems & set(content_stems(text)))
        found.append(Support(position=position, degree=degree, fault=fault, shared=shared))
    return found


def _fault_of(claim: str, sentence: str, context: str, *, literal: bool) -> Fault | None:
    """Return what keeps a sentence from supporting a claim, if anything does.

    Whoever may rephrase may write 12 for twelve, except in a quotation.
    """
    written = (claim, sentence, context)
    read = written if literal else (in_digits(claim), in_digits(sentence), in_digits(context))
    for fault, holds in _CHECKS:
        if not holds(*(written if fault is Fault.QUOTATION else read)):
            return fault
    return None


def _degree(claim: str, sentence: str, context: str, *, literal: bool) -> float:
    """Return how far a sentence without a fault says the claim.

    1 where it says it in another order, voice or word; else the share of the claim's words that it has
    in the same order, if these are related there as the claim has it.
    """
    if literal:
        return float(_is_cut_from(claim, sentence))
    claim, sentence, context = in_digits(claim), in_digits(sentence), in_digits(context)
    if restates(claim, sentence, alike):
        return 1.0
    if not keeps_relations(claim, sentence):
        return 0.0
    stems, own = content_stems(claim), content_stems(sentence)
    if not set(stems) <= {*own, *content_stems(context)}:
        return 0.0
    ordered = _common_subsequence([term for term in stems if term in own], own)
    return ordered / max(sum(term in own for term in stems), 1)


def _says_something(claim: str, _sentence: str, _context: str) -> bool:
    return bool(content_stems(claim))


def _names_agree(claim: str, sentence: str, context: str) -> bool:
    """Return whether the claim's names are known, and none of the context stands in for one of the sentence.

    A title may name whom a sentence calls "she"; it may not put somebody else in place of whom it names.
    """
    if _UNITED_STATES.search(claim) and not _UNITED_STATES.search(f"{sentence} {context}"):
        return False
    said, written = {stem(name) for name in names(claim)}, set(content_stems(sentence))
    if not said <= written | set(content_stems(context)):
        return False
    kept = set(content_stems(claim))
    return said <= written or {stem(name) for name in names(sentence)} <= kept


def _quotations_stand(claim: str, sentence: str, _context: str) -> bool:
    return not missing_quotations(claim, sentence)


def missing_quotations(claim: str, text: str) -> list[str]:
    """Return what the claim has in quotation marks and `text` does not have word for word."""
    plain = fold(text)
    return [quoted for quoted in _QUOTED.findall(claim) if fold(quoted).strip(" ,.") not in plain]


def _quantities_agree(claim: str, sentence: str, context: str) -> bool:
    """Return whether the claim's numbers, days and months are those of the sentence.

    It may take further ones from the context, such as the date, but not in place of the sentence's.
    """
    said, written = quantities(claim), quantities(sentence)
    return said <= written or (written <= said and said - written <= quantities(context))


def _negated_alike(claim: str, sentence: str, _context: str) -> bool:
    return _negated(claim) == _negated(sentence)


def _keeps_reserves(claim: str, sentence: str, _context: str) -> bool:
    """Return whether the claim too says who said it, and on what condition, where the sentence does."""
    said, written = set(words(claim)), set(words(sentence))
    return not any(reserve & written and not reserve & said for reserve in (_SPEECH, _CONDITIONS))


def _is_more_than_introduced(claim: str, sentence: str, _context: str) -> bool:
    """Return whether the claim is not just what the sentence has after a colon or in quotation marks.

    Whoever is introduced there says it, or is told to say it; the sentence itself does not.
    """
    if _QUOTED.search(claim):
        return True
    said = set(content_stems(claim))
    spans = [match.span() for match in _QUOTED.finditer(sentence)]
    spans += [(match.end(), len(sentence)) for match in _INTRODUCES.finditer(sentence)]
    return not any(
        said <= set(content_stems(sentence[start:end]))
        and not said <= (before := set(content_stems(sentence[:start])))
        and bool(before)
        for start, end in spans
    )


def _is_cut_from(claim: str, sentence: str) -> bool:
    """Return whether a claim is a sentence with nothing done to it but whole segments left out."""
    said = words(claim)
    reached = {0}  # how many of the claim's words the segments so far can account for
    for segment in (words(part) for part in _SEGMENT_ENDS.split(sentence)):
        if segment:
            reached |= {at + len(segment) for at in reached if said[at : at + len(segment)] == segment}
    return len(said) in reached


def _negated(text: str) -> bool:
    return bool(_NEGATIONS & set(words(text))) or bool(_CONTRACTED.search(text))


def _common_subsequence(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the longest sequence of terms that both have in the same order."""
    row = [0] * (len(other) + 1)
    for left in one:
        diagonal = 0
        for at, right in enumerate(other, start=1):
            above = row[at]
            row[at] = diagonal + 1 if left == right else max(row[at], row[at - 1])
            diagonal = above
    return row[-1]


_CHECKS: tuple[tuple[Fault, Callable[[str, str, str], bool]], ...] = (
    (Fault.EMPTY, _says_something),
    (Fault.QUANTITY, _quantities_agree),
    (Fault.NAME, _names_agree),
    (Fault.QUOTATION, _quotations_stand),
    (Fault.NEGATION, _negated_alike),
    (Fault.RESERVE, _keeps_reserves),
    (Fault.INTRODUCED, _is_more_than_introduced),
)
