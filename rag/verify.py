"""Whether a written sentence says what a passage says.

A claim is supported by a sentence that has its names, quantities and quotations, its other words in
the same order, and the same negation. The check is strict on purpose: what is refused here is
quoted instead, and a quotation is never wrong about its passage.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rag.evidence import Sentence
from rag.terms import content_stems, fold, names, numbers, stem, words

_QUOTED = re.compile(r"[\"“]([^\"“”]{3,})[\"”]")
_NEGATIONS = frozenset(
    "not no never none nobody nothing neither nor cannot without denied refused failed".split()
)
_SPEECH = frozenset(
    """said says say told tells added warned claimed claims called calls according reported reports stated
    announced denied suggested believes believed expects alleged argued insisted wrote writes thought
    feared expected hopes hoped plans planned wants wanted fears""".split()
)
_CONDITIONS = frozenset(
    """if unless until provided assuming may might could would reportedly allegedly apparently
    false wrong untrue""".split()
)
_UNITED_STATES = re.compile(r"\bU\.S\b|\bUSA?\b|\bUnited States\b|\bAmericans?\b")
_SEGMENT_ENDS = re.compile(r"(?<!\d)[,;:](?!\d)|\s[-–—]+\s|[—()\[\]]|[,;:]\s")
_INTRODUCES = re.compile(r"(?<!\d):\s")
_CONTRACTED = re.compile(r"\b\w+n[’']t\b", re.I)
_QUANTITIES = frozenset(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds
    thousand thousands million millions billion billions trillion dozen dozens half quarter third once
    twice double triple monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow
    january february march april may june july august september october november december""".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """The sentence (by position) that supports a claim best, and how well: 0 to 1."""

    position: int
    degree: float


def support_of(
    claim: str, sentences: Sequence[Sentence], contexts: Sequence[str], *, literal: bool
) -> Support | None:
    """Return the best support that `sentences` give to `claim`; None where none gives any.

    `contexts[i]` is text that may stand for names which sentence i leaves out: its title and date.
    `literal` is for models that cannot be trusted to rephrase: a claim may leave out parts of a
    sentence between commas and the like, and nothing else; who said it is no such part.
    """
    degrees = [
        _degree(claim, sentence.text, context, literal=literal)
        for sentence, context in zip(sentences, contexts, strict=True)
    ]
    best = max(range(len(degrees)), key=degrees.__getitem__, default=None)
    if best is None or not degrees[best]:
        return None
    return Support(position=best, degree=degrees[best])


def _degree(claim: str, sentence: str, context: str, *, literal: bool) -> float:
    stems = content_stems(claim)
    if not stems or _negated(claim) != _negated(sentence):
        return 0.0
    own, known = content_stems(sentence), set(content_stems(sentence)) | set(content_stems(context))
    if not _quantities_agree(claim, sentence, context) or _drops_a_reserve(claim, sentence):
        return 0.0
    if _is_only_what_is_introduced(claim, sentence):
        return 0.0
    if _UNITED_STATES.search(claim) and not _UNITED_STATES.search(f"{sentence} {context}"):
        return 0.0
    if not _names_agree(claim, sentence, known):
        return 0.0
    plain = fold(sentence)
    if any(fold(quotation).strip(" ,.") not in plain for quotation in _QUOTED.findall(claim)):
        return 0.0
    if literal:
        return float(_is_cut_from(claim, sentence))
    if not set(stems) <= known:
        return 0.0
    ordered = _common_subsequence([term for term in stems if term in own], own)
    return ordered / max(sum(term in own for term in stems), 1)


def _names_agree(claim: str, sentence: str, known: Collection[str]) -> bool:
    """Return whether the claim's names are known, and none of the context stands in for one of the sentence.

    A title may name whom a sentence calls "she"; it may not put somebody else in place of whom it names.
    """
    said = {stem(name) for name in names(claim)}
    if not all(name in known for name in said):
        return False
    kept = set(content_stems(claim))
    return said <= set(content_stems(sentence)) or {stem(name) for name in names(sentence)} <= kept


def _quantities_agree(claim: str, sentence: str, context: str) -> bool:
    """Return whether the claim's numbers, days and months are those of the sentence.

    It may take further ones from the context, such as the date, but not in place of the sentence's.
    """
    said, written = _quantities(claim), _quantities(sentence)
    return said <= written or (written <= said and said - written <= _quantities(context))


def _quantities(text: str) -> set[str]:
    return set(numbers(text)) | (_QUANTITIES & set(words(text)))


def _drops_a_reserve(claim: str, sentence: str) -> bool:
    """Return whether the sentence only says who said it, or on what condition, and the claim asserts it."""
    said, written = set(words(claim)), set(words(sentence))
    return any(reserve & written and not reserve & said for reserve in (_SPEECH, _CONDITIONS))


def _is_only_what_is_introduced(claim: str, sentence: str) -> bool:
    """Return whether the claim asserts what the sentence has after a colon or in quotation marks, no more.

    Whoever is introduced there says it, or is told to say it; the sentence itself does not.
    """
    if _QUOTED.search(claim):
        return False
    said = set(content_stems(claim))
    spans = [match.span() for match in _QUOTED.finditer(sentence)]
    spans += [(match.end(), len(sentence)) for match in _INTRODUCES.finditer(sentence)]
    return any(
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
