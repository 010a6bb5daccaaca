"""The few sentences of the passages that matter for a question, and whether they answer it."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding import Embedder
from index.sentences import sentence_spans
from rag.config import AnswerConfig
from rag.expectation import Expectation, expectation, meets, subject_words
from rag.periods import Period
from rag.plan import Plan
from rag.ranked import RankedPassage
from rag.signals import stated_day
from rag.terms import content_stems, content_words, name_groups, names, stem

DocumentFrequencies = Callable[[Sequence[str]], Mapping[str, int]]

LEAST_CHARACTERS = 20
CORRECTION_SENTENCES = 2
_CORRECTION = re.compile(r"(?:correction|clarification|corrected|editor.s note)\b", re.I)
# Kinds that a sentence shows plainly: one without cannot answer.
EXACT = frozenset(
    {Expectation.TIME, Expectation.QUANTITY, Expectation.AGE, Expectation.COMPANY, Expectation.CONDITION}
)
CREDIT_NEAR, CREDIT_PASSAGE = 0.6, 0.35  # for a word of the title or previous sentence; of the passage
WEIGHT_FIT, WEIGHT_RETRIEVAL, WEIGHT_LATEST = 0.15, 0.4, 0.45
PENALTY_NAME, PENALTY_EXACT, PENALTY_APART, PENALTY_EARLIER = 0.3, 0.25, 0.4, 0.3
_EARLIER = re.compile(
    r"\b(?P<when>first|original|initial|earlier|previous|former|old)\s+(?P<what>\w+(?:\s+\w+)?)", re.I
)
# Logistic regression of "the archive answers this" on the best sentence: questions of a news quiz
# with their articles in the index and without them, and questions over the sample articles. The
# best of the first few is taken, since the preference for the latest may put another one first.
ANSWERING = 3
BY_APART = -1.0  # set by hand: of two people who each met a third, a sentence on one is not on the other
INTERCEPT, BY_SIMILARITY, BY_COVERAGE, BY_FIT, BY_UNNAMED = -5.78, 3.78, 4.39, 0.86, -0.41


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a passage: `text == passages[at].passage.text[start:end]`.

    `similarity` is the cosine to the question (-1 to 1); `coverage` the share of the question's
    weighted words that the sentence holds (0 to 1), with those of its title, of the sentence before
    and of its passage at a discount; `fits` says whether it has the kind of thing that is asked
    for; `unnamed` lists the question's names that its passage does not know, and `apart` is the share
    of them that it does not hold itself, where the question has several: of two meetings, the one
    with the other person. `score` ranks sentences, higher is better.
    """

    at: int
    start: int
    end: int
    text: str
    similarity: float
    coverage: float
    fits: bool
    unnamed: tuple[str, ...]
    score: float
    apart: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Sentences, best first, and how surely one of the first answers the question (0 to 1)."""

    sentences: tuple[Sentence, ...] = ()
    answerable: float = 0.0


class EvidenceSelector:
    """Chooses sentences by meaning, words, the kind of answer expected, and the passage's rank."""

    def __init__(
        self, embedder: Embedder, frequencies: DocumentFrequencies, chunk_count: int, config: AnswerConfig
    ) -> None:
        self.embedder = embedder
        self.frequencies = frequencies
        self.chunk_count = chunk_count
        self.config = config

    def select(self, plan: Plan, ranked: Sequence[RankedPassage]) -> Evidence:
        """Return the best sentences of `ranked` within the configured number and token budget."""
        drafts = [draft for at, found in enumerate(ranked) for draft in _drafts(at, found)]
        if not drafts:
            return Evidence()
        sentences = sorted(self._scored(plan, ranked, drafts), key=lambda sentence: -sentence.score)
        chosen = self._within_budget(sentences)
        return Evidence(sentences=tuple(chosen), answerable=max(map(_answerable, chosen[:ANSWERING])))

    def _scored(
        self, plan: Plan, ranked: Sequence[RankedPassage], drafts: Sequence["_Draft"]
    ) -> list[Sentence]:
        question = plan.standalone
        kind = expectation(plan.asks)
        weights = self._weights(subject_words(content_words(question), kind))
        named = {name: stem(name) for name in names(question)}
        groups = [frozenset(map(stem, group)) for group in name_groups(question)]
        similarities = self._similarities(question, ranked, drafts)
        best = max(found.score for found in ranked) or 1.0
        lateness = _lateness(plan, ranked)
        coverages = [_coverage(weights, draft) for draft in drafts]
        widest = max(coverages) or 1.0
        scored = []
        for draft, similarity, coverage in zip(drafts, similarities, coverages, strict=True):
            fits = meets(kind, draft.text, question)
            unnamed = tuple(name for name, form in named.items() if form not in draft.whole)
            apart = _apart(groups, draft)
            score = (
                float(similarity)
                + coverage
                + WEIGHT_RETRIEVAL * ranked[draft.at].score / best
                + WEIGHT_LATEST * lateness[draft.at] * coverage / widest
                + (WEIGHT_FIT if fits else -PENALTY_EXACT if kind in EXACT else 0.0)
                - PENALTY_NAME * len(unnamed)
                - PENALTY_APART * apart
                - PENALTY_EARLIER * _is_of_earlier(draft.text, question, weights)
            )
            scored.append(
                Sentence(
                    at=draft.at,
                    start=draft.start,
                    end=draft.end,
                    text=draft.text,
                    similarity=float(similarity),
                    coverage=coverage,
                    fits=fits,
                    unnamed=unnamed,
                    score=score,
                    apart=apart,
                )
            )
        return scored

    def _weights(self, words: Sequence[str]) -> dict[str, float]:
        """Return the smoothed inverse document frequency (1 or more) of the stem of each word."""
        frequencies = self.frequencies(words)
        return {
            stem(word): 1.0 + math.log((self.chunk_count + 1) / (found + 1))
            for word, found in frequencies.items()
        }

    def _similarities(
        self, question: str, ranked: Sequence[RankedPassage], drafts: Sequence["_Draft"]
    ) -> NDArray[np.float32]:
        """Return the cosine of each sentence, read under its title, to the question."""
        texts = [f"{ranked[draft.at].passage.title}. {draft.text}" for draft in drafts]
        similarities: NDArray[np.float32] = self.embedder.embed_documents(texts) @ self.embedder.embed_query(
            question
        )
        return similarities

    def _within_budget(self, sentences: Sequence[Sentence]) -> list[Sentence]:
        """Return the first sentences whose tokens fit the budget; always at least one, none twice."""
        candidates = sentences[: self.config.sentences * 3]
        counts = self.embedder.count_tokens([sentence.text for sentence in candidates])
        chosen: list[Sentence] = []
        seen: set[str] = set()
        left = self.config.evidence_tokens
        for sentence, count in zip(candidates, counts, strict=True):
            if len(chosen) == self.config.sentences:
                break
            if sentence.text in seen or (chosen and count > left):
                continue
            seen.add(sentence.text)
            chosen.append(sentence)
            left -= count
        return chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A sentence before it is scored, with the stems of itself, of what is near, and of its passage."""

    at: int
    start: int
    end: int
    text: str
    own: frozenset[str]
    near: frozenset[str]
    whole: frozenset[str]


def _drafts(at: int, found: RankedPassage) -> list[_Draft]:
    passage = found.passage
    spans = _units(passage.text)
    own = [frozenset(content_stems(passage.text[start:end])) for start, end in spans]
    title = frozenset(content_stems(passage.title))
    whole = title.union(*own)
    return [
        _Draft(
            at=at,
            start=start,
            end=end,
            text=passage.text[start:end],
            own=own[position],
            near=title | own[position - 1] if position else title,
            whole=whole,
        )
        for position, (start, end) in enumerate(spans)
        if end - start >= LEAST_CHARACTERS
    ]


def _units(text: str) -> list[tuple[int, int]]:
    """Return the spans of sentences; a correction keeps those after it, which say what is right."""
    units: list[tuple[int, int]] = []
    joins = 0
    for start, end in sentence_spans(text):
        if joins:
            units[-1] = (units[-1][0], end)
            joins -= 1
        else:
            units.append((start, end))
            joins = CORRECTION_SENTENCES if _CORRECTION.match(text[start:end]) else 0
    return units


def _lateness(plan: Plan, ranked: Sequence[RankedPassage]) -> list[float]:
    """Return for each passage how its date ranks among the others' (1: the one to prefer, 0: the last).

    The latest is preferred, or the nearest to the period that the question names: of a story that
    goes on, the state is asked for that holds. Ranks, since stories go on by hours or by years.
    """
    distances = []
    for found in ranked:
        day = stated_day(found.passage)
        near_to = plan.period or Period(start=plan.as_of, end=plan.as_of)
        distances.append(near_to.distance(day) if day else None)
    order = sorted({distance for distance in distances if distance is not None})
    last = max(len(order) - 1, 1)
    return [0.0 if distance is None else 1.0 - order.index(distance) / last for distance in distances]


def _coverage(weights: Mapping[str, float], draft: _Draft) -> float:
    """Return the weighted share of the question's stems that the sentence answers for."""
    total = sum(weights.values())
    if not total:
        return 0.0
    held = 0.0
    for term, weight in weights.items():
        if term in draft.own:
            held += weight
        elif term in draft.near:
            held += weight * CREDIT_NEAR
        elif term in draft.whole:
            held += weight * CREDIT_PASSAGE
    return held / total


def _apart(groups: Sequence[frozenset[str]], draft: _Draft) -> float:
    """Return the share of the question's names, two or more, of which the sentence holds no word."""
    if len(groups) < 2:
        return 0.0
    return sum(not group & draft.own for group in groups) / len(groups)


def _is_of_earlier(text: str, question: str, weights: Mapping[str, float]) -> bool:
    """Return whether a sentence tells an earlier state of what is asked for: "the first budget was …"."""
    return any(
        match["when"].lower() not in question.lower()
        and any(term in weights for term in content_stems(match["what"]))
        for match in _EARLIER.finditer(text)
    )


def _answerable(sentence: Sentence) -> float:
    logit = (
        INTERCEPT
        + BY_SIMILARITY * sentence.similarity
        + BY_COVERAGE * sentence.coverage
        + BY_FIT * sentence.fits
        + BY_UNNAMED * len(sentence.unnamed)
        + BY_APART * sentence.apart
    )
    return 1.0 / (1.0 + math.exp(-logit))
