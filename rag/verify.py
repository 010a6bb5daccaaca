"""Whether a written sentence says what a passage says.

A claim is supported by a sentence that has its names, numbers and quotations, its other words in
the same order, and the same negation. The check is strict on purpose: what is refused here is
quoted instead, and a quotation is never wrong about its passage.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.evidence import Sentence
from rag.terms import content_stems, fold, names, numbers, stem, words

_QUOTED = re.compile(r"[\"“]([^\"“”]{3,})[\"”]")
_NEGATIONS = frozenset(
    "not no never none nobody nothing neither nor cannot without denied refused failed".split()
)
_CONTRACTED = re.compile(r"\b\w+n[’']t\b", re.I)


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
    `literal` counts the small words too, so that a claim may shorten a sentence but not turn it
    round ("will be replaced by" for "will replace"): for models that cannot be trusted to rephrase.
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
    if not set(numbers(claim)) <= set(numbers(sentence)) | set(numbers(context)):
        return 0.0
    if not {stem(name) for name in names(claim)} <= known:
        return 0.0
    plain = fold(sentence)
    if any(fold(quotation).strip(" ,.") not in plain for quotation in _QUOTED.findall(claim)):
        return 0.0
    if literal:
        said = words(claim)
        return _common_subsequence(said, words(sentence)) / len(said)
    held = sum(term in known for term in stems) / len(stems)
    ordered = _common_subsequence([term for term in stems if term in own], own)
    in_order = ordered / max(sum(term in own for term in stems), 1)
    return held * in_order


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
