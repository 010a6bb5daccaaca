"""The claims of an answer, part by part: what disagrees, what a model wrote, else what is quoted."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from rag.compose import Composer, ModelDeclined
from rag.contradictions import contradicting_claims, newest_claim
from rag.evidence import Evidence, Sentence
from rag.gather import Gathered, is_comparing, is_ordering, on_all, together
from rag.plan import Plan
from rag.ranked import RankedPassage
from rag.stages import StageClock
from rag.supported import SupportedClaim, quotation
from rag.wording import spelled_day, stands_alone


class ClaimWriter:
    """Writes the claims of one answer with a composer; its checks are timed as the stage "verify"."""

    def __init__(self, composer: Composer) -> None:
        self.composer = composer
        self._capable = composer.model is not None and composer.model.capable

    def claims(self, plan: Plan, gathered: Gathered, clock: StageClock) -> Iterator[SupportedClaim]:
        """Yield what the model wrote on each part of the question, and quotations where that falls short.

        Things that are compared, or events put in order, are put before a capable model together; a small
        one is not asked.
        """
        ranked = gathered.ranked
        if any(is_comparing(part) or is_ordering(part) for part, _ in gathered.found):
            yield from self._compared(plan, gathered, clock)
            return
        for part, evidence in gathered.found:
            with suppress(ModelDeclined):
                yield from self._on_part(part, ranked, evidence, clock)

    def _compared(self, plan: Plan, gathered: Gathered, clock: StageClock) -> Iterator[SupportedClaim]:
        """Yield what a capable model wrote on all the things compared, else the best sentence on each."""
        ordered = all(is_ordering(part) for part, _ in gathered.found)
        both = None if ordered else on_all(gathered)
        quoted = (
            [quotation(both)]
            if both
            else [self._best_of(part, gathered.ranked, evidence) for part, evidence in gathered.found]
        )
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

    def _best_of(self, part: Plan, ranked: Sequence[RankedPassage], evidence: Evidence) -> SupportedClaim:
        """Return what is quoted on one thing or event: its latest state, else its best sentence.

        An event is told under the day of its report, and by a sentence that can be read alone, if one can.
        """
        if not is_ordering(part):
            return newest_claim(part, ranked, evidence) or quotation(evidence.sentences[0])
        alone = (one for one in evidence.sentences if stands_alone(one.text))
        return _dated(quotation(next(alone, evidence.sentences[0])), ranked)

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


def _dated(claim: SupportedClaim, ranked: Sequence[RankedPassage]) -> SupportedClaim:
    """Return a quotation under the day on which it was reported, by which its weekdays are understood."""
    published = ranked[claim.sentence.at].passage.published
    return replace(claim, text=f"Reported on {spelled_day(published)}: {claim.text}") if published else claim
