"""The few sentences of the passages that matter for a question, and whether they answer it."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index.embedding import Embedder
from rag.calendar_names import MONTH
from rag.config import AnswerConfig
from rag.drafts import Draft, drafts_of
from rag.expectation import Expectation, expectation
from rag.plan import Plan
from rag.ranked import RankedPassage
from rag.rarity import WordCounts
from rag.terms import content_stems
from rag.weighing import Weighing, total

READ = 24
"""Sentences that are embedded, the best by all else: of a news quiz, 16 changed one choice in 500."""

REPEATS = 1.0
"""What a sentence loses that says the same as one before it, in points of the score (MMR)."""

# Logistic regression of "the archive answers this" on the best sentence: questions of a news quiz with their
# articles in the index and without them, questions over the sample articles, and questions on small archives
# whose subject is there and whose fact is not. The best of the first few is taken, since the preference for
# the latest may put another one first.
ANSWERING = 3
INTERCEPT, BY_SIMILARITY, BY_FOCUS, BY_ECHO = -6.50, 4.89, 3.27, 0.42
BY_UNNAMED, BY_APART, BY_MEASURED, BY_UNTOLD, BY_FITS = -0.38, -1.28, 1.30, -2.08, 2.09

_OTHER_TIME = re.compile(
    r"(?<!since )(?<!until )(?<!before )\b(?:(?P<year>(?:19|20)\d\d)\b"
    rf"|(?P<month>{MONTH}"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.)(?!\w))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a passage: `text == passages[at].passage.text[start:end]`.

    `similarity` is the cosine to the question (-1 to 1); `coverage` the share of the question's
    weighted words that the sentence holds (0 to 1), with those around it at a discount; `fits` says whether
    it has the kind of thing that is asked for; `unnamed` lists the question's names that its passage does not
    know; `apart`, `echoed`, `measured`, `focus` and `untold` are as in `Weighing`. `score` ranks sentences,
    higher is better.
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
    echoed: float = 0.0
    measured: bool = False
    focus: float = 0.0
    untold: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Sentences, best first, and how surely one of the first answers the question (0 to 1)."""

    sentences: tuple[Sentence, ...] = ()
    answerable: float = 0.0


class EvidenceSelector:
    """Chooses sentences by meaning, words, the kind of answer expected, and what other passages say."""

    def __init__(self, embedder: Embedder, counts: WordCounts, config: AnswerConfig) -> None:
        self.embedder = embedder
        self.counts = counts
        self.config = config

    def select(self, plan: Plan, ranked: Sequence[RankedPassage]) -> Evidence:
        """Return the best sentences of `ranked` within the configured number and token budget.

        Of things that are compared, each has to be named in its sentences.
        """
        drafts = [
            draft
            for draft in drafts_of(ranked)
            if _names_compared(draft, plan, ranked[draft.at].passage.published)
        ]
        if not drafts:
            return Evidence()
        chosen = self._within_budget(*self._scored(plan, ranked, drafts))
        exact = expectation(plan.asks) is Expectation.AGE  # shown plainly, or not told at all
        first = [sentence for sentence in chosen[:ANSWERING] if sentence.fits or not exact]
        answerable = max(map(_answerable, first), default=0.0)
        return Evidence(sentences=tuple(chosen), answerable=answerable)

    def _scored(
        self, plan: Plan, ranked: Sequence[RankedPassage], drafts: Sequence[Draft]
    ) -> tuple[list[Sentence], list[frozenset[str]]]:
        """Return the sentences worth reading, and the stems of each."""
        weighing = Weighing(plan, ranked, self.counts)
        drafts = weighing.read(drafts)
        signals, focus = weighing.signals(drafts), weighing.focus(drafts)
        worth = np.argsort(-total(signals), kind="stable")[:READ]
        drafts, focus = [drafts[at] for at in worth], focus[worth]
        signals = {name: values[worth] for name, values in signals.items()}
        signals["similarity"] = self._similarities(plan.standalone, ranked, drafts)
        signals["echoed"] = weighing.echoed(drafts, total(signals))
        scores = total(signals)
        sentences = [
            Sentence(
                at=draft.at,
                start=draft.start,
                end=draft.end,
                text=draft.text,
                similarity=float(signals["similarity"][number]),
                coverage=float(signals["coverage"][number]),
                fits=bool(signals["fits"][number]),
                unnamed=weighing.unnamed(draft),
                score=float(scores[number]),
                apart=float(signals["apart"][number]),
                echoed=float(signals["echoed"][number]),
                measured=bool(signals["measured"][number]),
                focus=float(focus[number]),
                untold=weighing.untold(draft),
            )
            for number, draft in enumerate(drafts)
        ]
        return sentences, [draft.own for draft in drafts]

    def _similarities(
        self, question: str, ranked: Sequence[RankedPassage], drafts: Sequence[Draft]
    ) -> NDArray[np.float64]:
        """Return the cosine of each sentence, read under its title, to the question."""
        texts = [f"{ranked[draft.at].passage.title}. {draft.text}" for draft in drafts]
        vectors = self.embedder.embed_documents(texts)
        return np.asarray(vectors @ self.embedder.embed_query(question), dtype=np.float64)

    def _within_budget(
        self, sentences: Sequence[Sentence], stems: Sequence[frozenset[str]]
    ) -> list[Sentence]:
        """Return the first sentences whose tokens fit the budget, each less what it repeats; at least one."""
        counts = self.embedder.count_tokens([sentence.text for sentence in sentences])
        chosen: list[Sentence] = []
        left = self.config.evidence_tokens
        scores = np.array([sentence.score for sentence in sentences])
        repeated = np.zeros(len(sentences))
        while len(chosen) < self.config.sentences:
            at = int(np.argmax(scores - REPEATS * repeated))
            if scores[at] == -np.inf:
                break
            scores[at] = -np.inf
            if any(sentences[at].text == other.text for other in chosen) or (chosen and counts[at] > left):
                continue
            chosen.append(sentences[at])
            left -= counts[at]
            repeated = np.maximum(repeated, [_shared(stems[at], other) for other in stems])
        return chosen


def _names_compared(draft: Draft, plan: Plan, published: str | None) -> bool:
    """Return whether a sentence names the thing that the plan compares, if it does: in part before it.

    A year or month by which things are told apart is that of the article too, unless another is named.
    """
    if len(plan.parts) != 1 or not plan.parts[0].compared:
        return True
    thing = frozenset(content_stems(plan.parts[0].named)) - _dated(draft.text, published)
    return not thing or (thing <= draft.own | draft.near and not thing.isdisjoint(draft.own))


def _dated(text: str, published: str | None) -> frozenset[str]:
    """Return the year and the month, as stems, that a sentence is of by the day of its article."""
    if published is None:
        return frozenset()
    day = date.fromisoformat(published[:10])
    named = list(_OTHER_TIME.finditer(text))
    years = {match["year"] for match in named if match["year"]}
    months = {match["month"][:3] for match in named if match["month"]}
    own = [f"{day:%Y}"] if years <= {f"{day:%Y}"} else []
    own += content_stems(f"{day:%B}") if months <= {f"{day:%b}"} else []
    return frozenset(own)


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much of the shorter one stands in the other (0 to 1)."""
    return len(one & other) / max(min(len(one), len(other)), 1)


def _answerable(sentence: Sentence) -> float:
    logit = (
        INTERCEPT
        + BY_SIMILARITY * sentence.similarity
        + BY_FOCUS * sentence.focus
        + BY_ECHO * sentence.echoed
        + BY_UNNAMED * len(sentence.unnamed)
        + BY_APART * sentence.apart
        + BY_MEASURED * sentence.measured
        + BY_UNTOLD * sentence.untold
        + BY_FITS * sentence.fits
    )
    return 1.0 / (1.0 + math.exp(-logit))
