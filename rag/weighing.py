"""What speaks for a sentence as the one that answers: each signal as a number, with its weight."""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rag.drafts import Draft
from rag.endings import OVER, asks_for_end, tells_end, without_end
from rag.expectation import Expectation, expectation, meets, subject_words
from rag.measures import Measure
from rag.periods import Period
from rag.plan import Plan
from rag.ranked import RankedPassage
from rag.ranks import offices_of, ranks_of
from rag.rarity import WordCounts, rarities
from rag.recency import asks_for_state
from rag.signals import stated_day
from rag.terms import content_stems, content_words, name_groups, names, numbers, stem, words

# Kinds that a sentence shows plainly: one without cannot answer.
EXACT = frozenset(
    {Expectation.TIME, Expectation.QUANTITY, Expectation.AGE, Expectation.COMPANY, Expectation.CONDITION}
)
COUNTED = frozenset({Expectation.TIME, Expectation.QUANTITY, Expectation.AGE})
"""Kinds that are answered by numbers; the others are by names."""

CREDIT_NEAR, CREDIT_PASSAGE = 0.6, 0.35
"""For a word of the title or the sentence before; for one that stands elsewhere in the passage."""

WEIGHTS: Mapping[str, float] = {
    "similarity": 0.95,
    "coverage": 0.8,
    "own": 0.75,
    "aspect": 0.8,
    "retrieval": 1.55,
    "latest": 1.6,
    "fits": 1.0,
    "misses": -0.65,
    "measured": 0.85,
    "unnamed": -0.4,
    "apart": -1.0,
    "opens": 0.2,
    "leans": -0.15,
    "earlier": -0.9,
    "echoed": 0.6,
}
"""Fitted by listwise softmax to the sentences with the answer, over questions of a news quiz, over the
sample articles and over small archives of agency copy; but for `apart` and `earlier`, which such questions
hardly show: set by hand."""

ECHO = 0.3
"""How sharply a sentence's own score says whether what it names is an answer (softmax, per point)."""

STATE = 3.0
"""How much more the latest counts where a question asks how things stand: "Who is …?", "Has … ended?"."""

TIME_WORDS = frozenset(
    "today yesterday tonight week weekend month year recent recently latest currently now".split()
)
"""Words that say when: passages are dated, and seldom repeat them."""

_EARLIER = re.compile(
    r"\b(?P<when>first|original|initial|earlier|previous|former|old)\s+(?P<what>\w+(?:\s+\w+)?)", re.I
)
_NO_LONGER = re.compile(
    r"\b(?:resign(?:s|ed|ation)|stepp(?:ed|ing) down|steps down|quit|ousted|outgoing|former(?:ly)?|used to"
    r"|no longer|(?:was|were) to(?= \w+ \w))\b",
    re.I,
)
"""How a sentence tells what is so no more, where the question asks how things stand."""

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_COUNT_WORDS = frozenset(
    """two three four five six seven eight nine ten eleven twelve dozens hundreds thousands
    million billion""".split()
)


class Weighing:
    """Weighs sentences of `ranked` against one question.

    `similarity` is the cosine to the question. `coverage` is the share of the question's words, weighed
    by how rare they are, that the sentence holds, with those of what is around it at a discount; `own` the
    plain share that it holds itself; `aspect` the same of what is asked about the names, in words that some
    sentence has. `retrieval` is its passage's score beside the best, `latest` how
    recent it is among the passages, times its coverage. `fits`: it has the kind of thing that is asked for;
    `misses`: it lacks one that cannot be missing; `measured`: it has a number of what is to be counted.
    `unnamed` counts the question's names and years that its passage does not know; `apart` is the share of
    several names that it does not hold itself. `opens` and `leans` are as in `Draft`; `earlier`: it tells an
    earlier state. `echoed`: what it names, the question does not, and good sentences of other passages do too
    (after Dumais et al., "Web Question Answering: Is More Always Better?", SIGIR 2002).
    """

    def __init__(self, plan: Plan, ranked: Sequence[RankedPassage], counts: WordCounts) -> None:
        self.question = plan.standalone
        self.kind = expectation(plan.asks)
        self._measure = Measure(plan.asks)
        subject = subject_words(content_words(self.question), self.kind)
        subject = [word for word in subject if word not in TIME_WORDS] or subject
        self._asks_end = asks_for_end(plan.asks)
        subject = without_end(subject) if self._asks_end else subject
        self._rarity = {stem(word): weight for word, weight in rarities(subject, counts, plan.where).items()}
        if self._asks_end:
            self._rarity[OVER] = max(self._rarity.values(), default=1.0)
        self._stems = frozenset(self._rarity)
        self._offices = offices_of(plan.asks) if not ranks_of(plan.asks) else frozenset[str]()
        self._words = frozenset(map(stem, words(self.question)))
        self._named = {name: stem(name) for name in names(self.question)}
        self._named |= {year: year for year in _YEAR.findall(self.question)}
        self._asked = self._stems.difference(self._named.values())
        self._published = [(found.passage.published or "")[:4] for found in ranked]
        self._groups = [frozenset(map(stem, group)) for group in name_groups(self.question)]
        best = max(found.score for found in ranked) or 1.0
        self._retrieval = [found.score / best for found in ranked]
        self._state = self._asks_end or asks_for_state(plan.asks)
        factor = STATE if self._state else 1.0
        self._lateness = [factor * lateness for lateness in _lateness(plan, ranked)]

    def signals(self, drafts: Sequence[Draft]) -> dict[str, NDArray[np.float64]]:
        """Return each signal but `similarity` and `echoed`, by its name: shape (len(drafts),).

        The sentences are such as `read` returns.
        """
        coverage = np.array([self.coverage(draft) for draft in drafts])
        fits = np.array([meets(self.kind, draft.text, self.question) for draft in drafts])
        lateness = np.array([self._lateness[draft.at] for draft in drafts])
        return {
            "coverage": coverage,
            "own": np.array([len(self._stems & draft.own) for draft in drafts]) / max(len(self._stems), 1),
            "aspect": self._aspect(drafts),
            "retrieval": np.array([self._retrieval[draft.at] for draft in drafts]),
            "latest": lateness * coverage / (coverage.max() or 1.0),
            "fits": fits.astype(np.float64),
            "misses": ~fits * float(self.kind in EXACT),
            "measured": np.array([float(self._measure.stands_in(draft.text)) for draft in drafts]),
            "unnamed": np.array([float(len(self.unnamed(draft))) for draft in drafts]),
            "apart": np.array([self._apart(draft) for draft in drafts]),
            "opens": np.array([float(draft.opens) for draft in drafts]),
            "leans": np.array([float(draft.leans) for draft in drafts]),
            "earlier": np.array([float(self._tells_earlier(draft.text)) for draft in drafts]),
        }

    def coverage(self, draft: Draft) -> float:
        """Return the weighted share of the question's stems that the sentence answers for."""
        return _share(self._rarity, draft)

    def _aspect(self, drafts: Sequence[Draft]) -> NDArray[np.float64]:
        """Return each sentence's plain share of the stems, without the names, that any of them holds."""
        told = frozenset[str]().union(*(draft.own for draft in drafts))
        asked = self._asked & told
        return np.array([len(asked & draft.own) / max(len(asked), 1) for draft in drafts])

    def focus(self, drafts: Sequence[Draft]) -> NDArray[np.float64]:
        """Return each sentence's share of the question's stems, with what is around it: shape (len(drafts),).

        A stem weighs by how few of the sentences, which `read` returned, hold it. What all retrieved articles
        are about says little of whether one of them answers, in an archive of ten as in one of ten thousand.
        """
        weight = {
            term: math.log((len(drafts) + 1) / (sum(term in draft.own for draft in drafts) + 0.5))
            for term in self._stems
        }
        return np.array([_share(weight, draft) for draft in drafts])

    def untold(self, draft: Draft) -> float:
        """Return the share of the question's stems, without its names, that the passage does not hold."""
        return len(self._asked - draft.own - draft.whole) / max(len(self._asked), 1)

    def read(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Return the sentences as this question has them read, which they have to be before they are weighed.

        They have a term for saying that something is over, where that is asked. The office that is asked for
        is not among the terms of one that only names a deputy.
        """
        return [self._read(draft) for draft in drafts]

    def _read(self, draft: Draft) -> Draft:
        own = draft.own
        if self._asks_end and tells_end(draft.text):
            own |= {OVER}
        if self._offices & own:
            own -= self._offices - offices_of(draft.text)
        return draft if own is draft.own else replace(draft, own=own)

    def unnamed(self, draft: Draft) -> tuple[str, ...]:
        """Return the question's names, and years, that the sentence's passage does not know."""
        published = self._published[draft.at]
        return tuple(
            name for name, form in self._named.items() if form not in draft.whole and form != published
        )

    def echoed(self, drafts: Sequence[Draft], scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how much the sentences of other passages name of what each one names: shape (len(drafts),).

        `scores` say how good each sentence is without that.
        """
        likely = np.exp(ECHO * (scores - scores.max()))
        named = [self._answers(draft.text) for draft in drafts]
        told: dict[str, dict[int, float]] = defaultdict(dict)
        for draft, answers, weight in zip(drafts, named, likely.tolist(), strict=True):
            for answer in answers:
                told[answer][draft.at] = max(told[answer].get(draft.at, 0.0), weight)
        total = {answer: sum(passages.values()) for answer, passages in told.items()}
        return np.array(
            [
                math.log1p(sum(total[answer] - told[answer][draft.at] for answer in answers))
                for draft, answers in zip(drafts, named, strict=True)
            ]
        )

    def _answers(self, text: str) -> frozenset[str]:
        """Return what a sentence names that the question does not: numbers or names, as it asks."""
        if self.kind in COUNTED:
            found = frozenset(numbers(text)) | _COUNT_WORDS.intersection(words(text))
        else:
            found = frozenset(map(stem, names(text)))
        return found - self._words

    def _apart(self, draft: Draft) -> float:
        """Return the share of the question's names, two or more, of which the sentence holds no word."""
        if len(self._groups) < 2:
            return 0.0
        return sum(not group & draft.own for group in self._groups) / len(self._groups)

    def _tells_earlier(self, text: str) -> bool:
        """Return whether a sentence tells an earlier state of what is asked for: "the first budget was …"."""
        if self._state and _NO_LONGER.search(text) and not _NO_LONGER.search(self.question):
            return True
        return any(
            match["when"].lower() not in self.question.lower()
            and any(term in self._rarity for term in content_stems(match["what"]))
            for match in _EARLIER.finditer(text)
        )


def _share(weights: Mapping[str, float], draft: Draft) -> float:
    """Return the weighted share of stems that a sentence holds, with those around it at a discount."""
    total = sum(weights.values())
    held = 0.0
    for term, weight in weights.items():
        if term in draft.own:
            held += weight
        elif term in draft.near:
            held += weight * CREDIT_NEAR
        elif term in draft.whole:
            held += weight * CREDIT_PASSAGE
    return held / total if total else 0.0


def total(signals: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the weighted sum of the signals, shape (n,)."""
    weights = np.array([WEIGHTS[name] for name in signals])
    summed: NDArray[np.float64] = weights @ np.array(list(signals.values()))
    return summed


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
