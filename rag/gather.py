"""From a question to the evidence for each of its parts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.config import Settings
from rag.corrected import Notices, without_corrected
from rag.evidence import Evidence, EvidenceSelector, Sentence
from rag.parts import Part, parts_of
from rag.plan import Plan, plans_of_parts
from rag.ranked import RankedPassage
from rag.retrieve import HybridRetriever
from rag.terms import content_stems
from rag.two_steps import TwoSteps, named_in

SURE = 0.8
"""How surely the question as a whole has to be answered for a second step not to be tried."""

NAMED = 0.6
"""Share of the usual sureness that is enough where each sentence names what the part is about."""

_YEAR = re.compile(r"(?:19|20)\d\d")  # which the day of an article tells, more often than its sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The passages found, the parts that have evidence among them, and those that have none."""

    ranked: Sequence[RankedPassage]
    found: tuple[tuple[Plan, Evidence], ...]
    missing: tuple[Part, ...] = ()


class Gatherer:
    """Gathers what speaks for each part; a part is answered from `answer.answerable` on."""

    def __init__(self, retriever: HybridRetriever, selector: EvidenceSelector, settings: Settings) -> None:
        self.retriever = retriever
        self.selector = selector
        self.least = settings.answer.answerable

    def gather(self, plan: Plan, ranked: Sequence[RankedPassage], top_k: int, notices: Notices) -> Gathered:
        """Return the evidence in `ranked`; a question in two steps is searched for again, `top_k` deep."""
        plans = plans_of_parts(plan)
        parts = [(part, self._on_part(part, plans, ranked, notices)) for part in plans]
        answered = [
            self._answers(evidence, share=NAMED if is_comparing(part) else 1.0) for part, evidence in parts
        ]
        found = tuple(one for one, is_answered in zip(parts, answered, strict=True) if is_answered)
        if plan.steps and len(parts) == 1 and parts[0][1].answerable < SURE:
            in_steps = self._in_two_steps(plan, plan.steps, parts[0][1], top_k, notices)
            if in_steps:
                return in_steps
        if not found and len(parts) > 1:
            whole = replace(plan, parts=())
            evidence = self._evidence(whole, ranked, notices)
            return Gathered(ranked=ranked, found=((whole, evidence),) if self._answers(evidence) else ())
        missing = tuple(
            part for part, is_answered in zip(plan.parts, answered, strict=False) if not is_answered
        )
        return Gathered(ranked=ranked, found=found, missing=missing)

    def _in_two_steps(
        self, plan: Plan, steps: TwoSteps, whole: Evidence, top_k: int, notices: Notices
    ) -> Gathered | None:
        """Return the evidence for both steps, where both are answered, and better than the whole was."""
        first = _asking(plan, steps.first)
        ranked = self.retriever.retrieve(first, top_k)
        leading = self._evidence(first, ranked, notices)
        told = [sentence.text for sentence in leading.sentences] if self._answers(leading) else []
        name = named_in(told, steps)
        if name is None:
            return None
        second = _asking(plan, steps.second(name))
        ranked = _joined(ranked, self.retriever.retrieve(second, top_k))
        following = _without(self._evidence(second, ranked, notices), leading.sentences[0])
        if not self._answers(following, share=NAMED) or following.answerable <= whole.answerable:
            return None
        return Gathered(ranked=ranked, found=((first, leading), (second, following)))

    def _on_part(
        self, part: Plan, plans: Sequence[Plan], ranked: Sequence[RankedPassage], notices: Notices
    ) -> Evidence:
        """Return the evidence for one part; of things compared, sentences that tell it apart come first.

        Where none does, those count too that have its name from the title, and name none of the others.
        """
        named = _own_words(part, plans)
        if not named:
            evidence = self._evidence(part, ranked, notices)
            return _knowing(evidence) if len(plans) > 1 else evidence
        telling = self._evidence(_named(part, named), ranked, notices)
        if self._answers(telling, share=NAMED):
            return telling
        others = [words for one in plans if one is not part and (words := _own_words(one, plans))]
        evidence = self._evidence(part, ranked, notices)
        kept = tuple(one for one in evidence.sentences if not _names_any(one, others))
        first = evidence.sentences[:1]
        return replace(evidence, sentences=kept) if kept[:1] == first else Evidence()

    def _evidence(self, part: Plan, ranked: Sequence[RankedPassage], notices: Notices) -> Evidence:
        return without_corrected(self.selector.select(part, ranked), ranked, notices)

    def _answers(self, evidence: Evidence, *, share: float = 1.0) -> bool:
        return bool(evidence.sentences) and evidence.answerable >= share * self.least


def is_comparing(plan: Plan) -> bool:
    """Return whether a plan is for one of several things that are compared."""
    return len(plan.parts) == 1 and plan.parts[0].compared


def is_ordering(plan: Plan) -> bool:
    """Return whether a plan is for one of two events of which one came first."""
    return len(plan.parts) == 1 and plan.parts[0].ordered


def _own_words(part: Plan, plans: Sequence[Plan]) -> str:
    """Return the words by which a thing that is compared differs from the others; empty for none."""
    if not is_comparing(part):
        return ""
    shared = frozenset(
        stem
        for one in plans
        if one is not part
        for compared in one.parts
        for stem in content_stems(compared.named)
    )
    own = [stem for stem in content_stems(part.parts[0].named) if stem not in shared]
    return " ".join([stem for stem in own if not _YEAR.fullmatch(stem)] or own)


def _knowing(evidence: Evidence) -> Evidence:
    """Return the evidence without passages that lack a name of the question, where another has them all."""
    kept = tuple(sentence for sentence in evidence.sentences if not sentence.unnamed)
    return replace(evidence, sentences=kept) if kept else evidence


def _named(plan: Plan, named: str) -> Plan:
    """Return the plan of a part that is looked for by other words than those it is shown by."""
    return replace(plan, parts=(replace(plan.parts[0], named=named),))


def _names_any(sentence: Sentence, things: Sequence[str]) -> bool:
    said = frozenset(content_stems(sentence.text))
    return any(frozenset(thing.split()) <= said for thing in things)


def on_all(gathered: Gathered) -> Sentence | None:
    """Return the newest sentence that names all the things that are compared, if one does."""
    things = [frozenset(content_stems(part.parts[0].named)) for part, _ in gathered.found]
    if gathered.missing or not all(things):
        return None
    return max(
        (
            sentence
            for _, evidence in gathered.found
            for sentence in evidence.sentences
            if all(thing <= frozenset(content_stems(sentence.text)) for thing in things)
        ),
        key=lambda sentence: (gathered.ranked[sentence.at].passage.published or "", sentence.score),
        default=None,
    )


def together(parts: Sequence[tuple[Plan, Evidence]]) -> Evidence:
    """Return the sentences of all parts as one evidence: the best of each part first, all rated alike."""
    top = max(evidence.sentences[0].score for _, evidence in parts)
    levelled = [
        replace(sentence, score=sentence.score - evidence.sentences[0].score + top)
        for _, evidence in parts
        for sentence in evidence.sentences
    ]
    sentences = sorted(levelled, key=lambda sentence: -sentence.score)
    return Evidence(
        sentences=tuple(dict.fromkeys(sentences)),
        answerable=max(evidence.answerable for _, evidence in parts),
    )


def _without(evidence: Evidence, said: Sentence) -> Evidence:
    kept = tuple(sentence for sentence in evidence.sentences if sentence.text != said.text)
    return replace(evidence, sentences=kept)


def _asking(plan: Plan, question: str) -> Plan:
    return replace(plan, asks=question, standalone=question, parts=parts_of(question)[:1])


def _joined(ranked: Sequence[RankedPassage], more: Sequence[RankedPassage]) -> list[RankedPassage]:
    """Return the passages of both, without those of `more` that begin where one of `ranked` does."""
    rows = {found.passage.row for found in ranked}
    return [*ranked, *(found for found in more if found.passage.row not in rows)]
