"""From evidence to claims: the model writes, every sentence is checked, else sentences are quoted."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

from index.passage import Passage
from rag.config import AnswerConfig
from rag.corrected import right_first
from rag.errors import GenerationError, ModelRestingError, NothingWrittenError
from rag.evidence import Evidence, Sentence
from rag.expectation import expectation, meets
from rag.generate import ChatModel, ModelChain
from rag.judge import Judge, Ruling
from rag.plain import is_order, plain, plain_title
from rag.plan import Plan
from rag.ranked import RankedPassage
from rag.refusal import reason_of
from rag.terms import content_stems, words
from rag.verify import Support, nearest_to, support_of
from rag.wording import worded
from rag.writing import Written, write

logger = logging.getLogger(__name__)

QUOTE_MODEL = "quote"
# How much below the best a sentence may be that a claim rests on: of a capable model, of a small
# one, of none (a quotation). A small model reads few sentences well and many badly.
CAPABLE_MARGIN, NEAR_MARGIN = 2.0, 1.0
NEAR_COVERAGE = 0.65  # and how much of the best's share of the question's words it must have
_JUDGED = {
    Ruling.YES: "",
    Ruling.NO: ", and the judge model does not find it there",
    Ruling.FAILED: ", and the judge model could not be asked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportedClaim:
    """A sentence for the answer and the evidence it rests on.

    `degree` is 1 for a quotation; `writer` is the model that wrote it, empty for a quotation.
    """

    text: str
    sentence: Sentence
    degree: float
    quoted: bool
    writer: str = ""


@dataclass(slots=True, kw_only=True)
class _Draft:
    """What the models of a chain have written so far: the stems of each sentence, and what they rest on."""

    trusted: bool
    said: set[tuple[str, ...]] = field(default_factory=set)
    used: list[Sentence] = field(default_factory=list)


class ModelDeclined(Exception):  # noqa: N818 -- not a failure: the model found no answer
    """A capable model said that the sentences do not answer the question."""


class Composer:
    """Writes the claims of one answer with `model`, or quotes where there is none or it fails.

    A `judge` settles what the rules of the verifier cannot. `refused` holds what was written and is not
    supported, each text with the reason, where the question asks for it.
    """

    def __init__(self, model: ChatModel | None, config: AnswerConfig, *, judge: Judge | None = None) -> None:
        self.model = model
        self.config = config
        self.judge = judge
        self.refused: dict[str, str] = {}
        self._began = False

    def written(
        self,
        plan: Plan,
        ranked: Sequence[RankedPassage],
        evidence: Evidence,
        *,
        checking: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> Iterator[SupportedClaim]:
        """Yield the model's sentences that the evidence supports, as they are written.

        Each check runs inside `checking()`, so that it can be timed. Where a model fails, which is
        logged, what it wrote stands, and the next of its chain goes on with the sentences that are
        left; after the last one they are quoted.

        Raises:
            ModelDeclined: where a capable model says that nothing answers the question.
            GenerationError: where all fail before the first claim, in a chain that does not quote.
        """
        if self.model is None:
            return
        chain = self.model if isinstance(self.model, ModelChain) else ModelChain([self.model])
        draft = _Draft(trusted=chain.capable)
        for at, model in enumerate(chain.models):
            try:
                for claim in self._written_by(model, plan, ranked, evidence, draft, checking):
                    self._began = True
                    yield claim
            except GenerationError as error:
                last = at == len(chain.models) - 1
                follower = (
                    "the best sentences are quoted" if last else f"{chain.models[at + 1].name!r} is asked"
                )
                expected = isinstance(error, (ModelRestingError, NothingWrittenError))
                logger.log(logging.DEBUG if expected else logging.WARNING, "%s; %s instead", error, follower)
                if last and not (chain.quotes or self._began):
                    raise
            else:
                return
        if draft.used:
            yield from self._rest_quoted(evidence, draft)

    def _written_by(
        self,
        model: ChatModel,
        plan: Plan,
        ranked: Sequence[RankedPassage],
        evidence: Evidence,
        draft: "_Draft",
        checking: Callable[[], AbstractContextManager[None]],
    ) -> Iterator[SupportedClaim]:
        """Yield what one model adds to the draft; a text without one whole sentence counts as a failure."""
        margins = (CAPABLE_MARGIN, 0.0) if model.capable else (NEAR_MARGIN, NEAR_COVERAGE)
        usable = [sentence for sentence in _near(evidence, *margins) if sentence not in draft.used]
        written = None
        for written in write(model, plan, ranked, usable) if usable else ():
            if model.capable and written.declines:
                if draft.said:
                    return
                raise ModelDeclined
            with checking():
                claim = self._checked(written, plan, ranked, usable, literal=not model.capable)
            stems = tuple(content_stems(written.text))
            if claim and stems not in draft.said:
                if draft.trusted and not model.capable and not draft.used:
                    yield from self._best_before(claim, evidence, draft)
                draft.said.add(stems)
                draft.used.append(claim.sentence)
                yield replace(claim, writer=model.name)
            if not model.capable and len(draft.said) >= self.config.quotes:
                return
        if usable and written is None:
            raise NothingWrittenError(f"the language model {model.name!r} wrote no whole sentence")

    def _best_before(
        self, claim: SupportedClaim, evidence: Evidence, draft: "_Draft"
    ) -> Iterator[SupportedClaim]:
        """Yield the best sentence as a quotation where a small model that stands in passed over it."""
        if claim.sentence is not evidence.sentences[0]:
            draft.used.append(evidence.sentences[0])
            yield next(self.quoted(evidence))

    def _rest_quoted(self, evidence: Evidence, draft: "_Draft") -> Iterator[SupportedClaim]:
        """Yield quotations of what the models that failed left out, as many as fill an answer."""
        left = [claim for claim in self.quoted(evidence) if claim.sentence not in draft.used]
        yield from left[: max(0, self.config.quotes - len(draft.used))]

    def quoted(self, evidence: Evidence) -> Iterator[SupportedClaim]:
        """Yield the best sentence, and those close behind it, word for word."""
        for sentence in _near(evidence, NEAR_MARGIN, NEAR_COVERAGE)[: self.config.quotes]:
            yield quotation(sentence)

    def _checked(
        self,
        written: Written,
        plan: Plan,
        ranked: Sequence[RankedPassage],
        usable: Sequence[Sentence],
        *,
        literal: bool,
    ) -> SupportedClaim | None:
        """Return a written sentence as a claim, if it answers and one of `usable` supports it."""
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


def quotation(sentence: Sentence) -> SupportedClaim:
    """Return a sentence as a claim, word for word; a correction opens with what is right."""
    text = right_first(worded(sentence.text))
    return SupportedClaim(text=text, sentence=sentence, degree=1.0, quoted=True)


def _near(evidence: Evidence, margin: float, coverage: float) -> list[Sentence]:
    """Return the best sentence and those within `margin` of it that have as much of what is asked."""
    best = evidence.sentences[0]
    return [
        sentence
        for sentence in evidence.sentences
        if sentence.score >= best.score - margin
        and sentence.coverage >= best.coverage * coverage
        and (sentence.fits or not best.fits)
    ]


def _context(passage: Passage) -> str:
    title = "" if is_order(passage.title) else plain(passage.title)
    return f"{title} {plain_title(passage.source)} {passage.published or ''}"
