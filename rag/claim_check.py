"""Whether the evidence supports a sentence that a model wrote, by rules and, beyond these, by a judge."""

from collections.abc import Sequence
from dataclasses import replace

from index.passage import Passage
from rag.config import AnswerConfig
from rag.evidence import Sentence
from rag.expectation import expectation, meets
from rag.judge import Judge, Ruling
from rag.plain import is_order, plain, plain_title
from rag.plan import Plan
from rag.ranked import RankedPassage
from rag.refusal import reason_of
from rag.supported import SupportedClaim
from rag.terms import words
from rag.verify import Support, nearest_to, support_of
from rag.writing import Written

_JUDGED = {
    Ruling.YES: "",
    Ruling.NO: ", and the judge model does not find it there",
    Ruling.FAILED: ", and the judge model could not be asked",
}


class ClaimCheck:
    """Checks the sentences of one answer; a `judge` settles what the rules of the verifier cannot.

    `refused` holds what was written and is not supported, each text with the reason, where the question
    asks for it.
    """

    def __init__(self, config: AnswerConfig, judge: Judge | None = None) -> None:
        self.config = config
        self.judge = judge
        self.refused: dict[str, str] = {}

    def checked(
        self,
        written: Written,
        plan: Plan,
        ranked: Sequence[RankedPassage],
        usable: Sequence[Sentence],
        *,
        literal: bool,
    ) -> SupportedClaim | None:
        """Return a written sentence as a claim, if it answers and one of `usable` supports it.

        With `literal` it may not say a sentence in words of its own.
        """
        contexts = [_context(ranked[sentence.at].passage) for sentence in usable]
        shown = [replace(sentence, text=plain(sentence.text)) for sentence in usable]
        text = written.text
        support = support_of(text, shown, contexts, literal=literal)
        if support is None:
            return None
        if written.cites is not None and written.cites != support.position:
            support = self._cited(text, written.cites, support, shown, contexts)
        sentence, said = usable[support.position], shown[support.position].text
        if words(text) == words(said):
            text = said  # only its letters' case or its quotation marks differ
        degree = support.degree
        if degree < self.config.support:
            ruling = self._ruling(text, support, said, contexts[support.position])
            if ruling is not Ruling.YES:
                if plan.question.show_unsupported and not written.declines:
                    nearest = nearest_to(text, shown, contexts, literal=literal)
                    self._refuse(text, ruling, nearest, shown[nearest.position].text, ranked)
                return None
            degree = self.config.support
        if sentence.fits and not meets(expectation(plan.asks), text, plan.standalone):
            return None
        return SupportedClaim(text=text, sentence=sentence, degree=round(degree, 3), quoted=False)

    def _cited(
        self,
        text: str,
        at: int,
        best: Support,
        shown: Sequence[Sentence],
        contexts: Sequence[str],
    ) -> Support:
        """Return the support of the sentence that the model cites, unless only the best one suffices."""
        cited = nearest_to(text, shown[at : at + 1], contexts[at : at + 1], literal=False)
        if cited.fault is not None or cited.degree < min(best.degree, self.config.support):
            return best
        return replace(cited, position=at)

    def _ruling(self, text: str, support: Support, sentence: str, context: str) -> Ruling | None:
        """Return what the judge says; None where the rules alone settle it, or there is no judge."""
        if self.judge is None or support.fault is not None:
            return None
        return self.judge.rule(text, sentence, context)

    def _refuse(
        self,
        text: str,
        ruling: Ruling | None,
        nearest: Support,
        sentence: str,
        ranked: Sequence[RankedPassage],
    ) -> None:
        """Keep a sentence that is not supported, with the reason."""
        passages = [f"{_context(found.passage)} {found.passage.text}" for found in ranked]
        reason = reason_of(text, nearest, sentence, passages)
        self.refused.setdefault(text, f"{reason}{_JUDGED[ruling]}" if ruling else reason)


def _context(passage: Passage) -> str:
    title = "" if is_order(passage.title) else plain(passage.title)
    return f"{title} {plain_title(passage.source)} {passage.published or ''}"
