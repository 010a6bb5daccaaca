"""The claims of an answer, part by part: what disagrees, what a model wrote, else what is quoted."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from rag.compose import Composer, ModelDeclined, SupportedClaim, quotation
from rag.contradictions import contradicting_claims
from rag.evidence import Evidence, Sentence
from rag.gather import Gathered, is_comparing, on_all, together
from rag.plan import Plan
from rag.ranked import RankedPassage
from rag.stages import StageClock


class ClaimWriter:
    """Writes the claims of one answer with a composer; its checks are timed as the stage "verify"."""

    def __init__(self, composer: Composer) -> None:
        self.composer = composer
        self._capable = composer.model is not None and composer.model.capable

    def claims(self, plan: Plan, gathered: Gathered, clock: StageClock) -> Iterator[SupportedClaim]:
        """Yield what the model wrote on each part of the question, and quotations where that falls short.

        Things that are compared are put before a capable model together; a small one is not asked.
        """
        ranked = gathered.ranked
        if any(is_comparing(part) for part, _ in gathered.found):
            yield from self._compared(plan, gathered, clock)
            return
        for part, evidence in gathered.found:
            with suppress(ModelDeclined):
                yield from self._on_part(part, ranked, evidence, clock)

    def _compared(self, plan: Plan, gathered: Gathered, clock: StageClock) -> Iterator[SupportedClaim]:
        """Yield what a capable model wrote on all the things compared, else the best sentence on each."""
        both = on_all(gathered)
        best = [both] if both else [evidence.sentences[0] for _, evidence in gathered.found]
        quoted = [quotation(sentence) for sentence in best]
        if self._capable:
            asked = replace(plan, asks=" ".join(part.asks for part in plan.parts))
            written = self.composer.written(
                asked, gathered.ranked, together(gathered.found), checking=lambda: clock.stage("verify")
            )
            covered = []
            with suppress(ModelDeclined):
                for claim in written:
                    covered.append(claim.sentence.text)
                    yield claim
            quoted = [claim for claim in quoted if claim.sentence.text not in covered]
        yield from quoted

    def _on_part(
        self, part: Plan, ranked: Sequence[RankedPassage], evidence: Evidence, clock: StageClock
    ) -> Iterator[SupportedClaim]:
        if differing := contradicting_claims(part, ranked, evidence):
            yield from differing
            return
        best = evidence.sentences[0]
        used: list[Sentence] = []
        trusted = self._capable
        for claim in self.composer.written(part, ranked, evidence, checking=lambda: clock.stage("verify")):
            if not trusted and not used and claim.sentence is not best:
                used.append(best)  # a small model may pass over the best sentence: it comes first
                yield next(self.composer.quoted(evidence))
            used.append(claim.sentence)
            yield claim
        if not used:
            yield from self.composer.quoted(evidence)
