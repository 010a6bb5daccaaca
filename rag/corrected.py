"""Sentences that another article has since corrected or taken back."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from index.corrections import NoticeKind
from index.passage import Passage
from index.relations import Correction
from index.sentences import sentence_spans
from rag.evidence import Evidence, Sentence
from rag.ranked import RankedPassage
from rag.terms import numbers
from rag.wording import stands_alone

_DAY = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b|\b(?:19|20)\d\d\b",
    re.I,
)
_LABEL = re.compile(
    r"(?:corrections?|clarifications?|corrected|editor.s note)\b[^:—–.]{0,30}(?::|\s[—–-])\s", re.I
)
_RIGHT = re.compile(
    r"\b(?:right|correct|true|actual) (?:\w+ ){0,3}(?:is|are|was|were)\b|\b(?:in fact|actually)\b"
    r"|\bshould (?:have|be|read)\b",
    re.I,
)
_WRONG = re.compile(
    r"\b(?:said|gave|stated|wrote|wrong(?:ly)?|incorrect(?:ly)?|misstated|mistaken(?:ly)?|an? earlier)\b",
    re.I,
)

Notices = Callable[[Passage], Sequence[Correction]]


def without_corrected(evidence: Evidence, ranked: Sequence[RankedPassage], corrections: Notices) -> Evidence:
    """Return the evidence without sentences of a retracted article, or with a figure that was corrected.

    A correction names the wrong figure and the right one. Where it stands in the article itself, that has
    been put right already; so only what another article says counts.
    """
    return replace(
        evidence,
        sentences=tuple(
            sentence
            for sentence in evidence.sentences
            if not _is_overtaken(sentence, ranked[sentence.at].passage, corrections)
        ),
    )


def right_first(text: str) -> str:
    """Return a correction of several sentences with those first that say what is right; else the text."""
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    if not _LABEL.match(text) or _RIGHT.search(sentences[0]):
        return text
    right = [one for one in sentences if _RIGHT.search(one) and not _WRONG.search(one)]
    if not right or not stands_alone(right[0]):
        return text
    return " ".join([*right, *(one for one in sentences if one not in right)])


def _is_overtaken(sentence: Sentence, passage: Passage, corrections: Notices) -> bool:
    said = _figures(sentence.text)
    return any(
        correction.where.article_id != passage.article_id
        and (correction.notice.kind is NoticeKind.RETRACTION or said & _figures(correction.notice.text))
        for correction in corrections(passage)
    )


def _figures(text: str) -> frozenset[str]:
    """Return the numbers of a text that are no part of a day."""
    return frozenset(numbers(_DAY.sub(" ", text)))
