"""From evidence to claims: the model writes, every sentence is checked, else sentences are quoted."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

from rag.claim_check import ClaimCheck
from rag.config import AnswerConfig
from rag.errors import GenerationError, ModelRestingError, NothingWrittenError
from rag.evidence import Evidence, Sentence
from rag.generate import ChatModel, ModelChain
from rag.judge import Judge
from rag.plan import Plan
from rag.ranked import RankedPassage
from rag.supported import SupportedClaim, quotation
from rag.terms import content_stems
from rag.writing import write

logger = logging.getLogger(__name__)

QUOTE_MODEL = "quote"
# How much below the best a sentence may be that a claim rests on: of a capable model, of a small
# one, of none (a quotation). A small model reads few sentences well and many badly.
CAPABLE_MARGIN, NEAR_MARGIN = 2.0, 1.0
NEAR_COVERAGE = 0.65  # and how much of the best's share of the question's words it must have


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

    `check` says of each sentence whether the evidence supports it, and keeps those that it does not.
    """

    def __init__(self, model: ChatModel | None, config: AnswerConfig, *, judge: Judge | None = None) -> None:
        self.model = model
        self.config = config
        self.check = ClaimCheck(config, judge)
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
                claim = self.check.checked(written, plan, ranked, usable, literal=not model.capable)
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
