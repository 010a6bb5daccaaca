"""From evidence to claims: the model writes, every sentence is checked, else sentences are quoted."""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

from index.passage import Passage
from index.sentences import sentence_spans
from rag.config import AnswerConfig
from rag.errors import GenerationError, ModelRestingError, NothingWrittenError, PromptTooLongError
from rag.evidence import Evidence, Sentence
from rag.expectation import expectation, meets
from rag.generate import ChatMessage, ChatModel, ModelChain
from rag.judge import Judge, Ruling
from rag.plain import is_order, plain, plain_title
from rag.plan import Plan
from rag.prompts import render
from rag.ranked import RankedPassage
from rag.refusal import reason_of
from rag.terms import content_stems, words
from rag.verify import Support, nearest_to, support_of

logger = logging.getLogger(__name__)

NO_ANSWER = "NO ANSWER"
QUOTE_MODEL = "quote"
# How much below the best a sentence may be that a claim rests on: of a capable model, of a small
# one, of none (a quotation). A small model reads few sentences well and many badly.
CAPABLE_MARGIN, NEAR_MARGIN = 2.0, 1.0
NEAR_COVERAGE = 0.65  # and how much of the best's share of the question's words it must have
_LEADING = re.compile(r"^\s*(?:[-*•>]|\(?\d{1,2}[.)]|answer:|a:)\s*", re.I)
_LISTED = re.compile(r"^\s*\((?:[^()]{1,200}, )?(?:\d{4}-\d\d-\d\d|undated)\)\s*")  # as the prompt lists them
_IMAGE_CUT_OFF = re.compile(r"\s!$")
_JUDGED = {
    Ruling.YES: "",
    Ruling.NO: ", and the judge model does not find it there",
    Ruling.FAILED: ", and the judge model could not be asked",
}
_ENDS = re.compile(r"[.!?…][\"'”’)]*$")


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
        text = None
        for text in _sentences(_pieces(model, plan, ranked, usable)) if usable else ():
            if model.capable and text.strip(" .") == NO_ANSWER:
                if draft.said:
                    return
                raise ModelDeclined
            with checking():
                claim = self._checked(text, plan, ranked, usable, literal=not model.capable)
            stems = tuple(content_stems(text))
            if claim and stems not in draft.said:
                if draft.trusted and not model.capable and not draft.used:
                    yield from self._best_before(claim, evidence, draft)
                draft.said.add(stems)
                draft.used.append(claim.sentence)
                yield replace(claim, writer=model.name)
            if not model.capable and len(draft.said) >= self.config.quotes:
                return
        if usable and text is None:
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
        text: str,
        plan: Plan,
        ranked: Sequence[RankedPassage],
        usable: Sequence[Sentence],
        *,
        literal: bool,
    ) -> SupportedClaim | None:
        """Return a written sentence as a claim, if it answers and one of `usable` supports it."""
        contexts = [_context(ranked[sentence.at].passage) for sentence in usable]
        shown = [replace(sentence, text=plain(sentence.text)) for sentence in usable]
        support = support_of(text, shown, contexts, literal=literal)
        if support is None:
            return None
        sentence, said = usable[support.position], shown[support.position].text
        if words(text) == words(said):
            text = said  # only its letters' case or its quotation marks differ
        degree = support.degree
        if degree < self.config.support:
            ruling = self._ruling(text, support, said, contexts[support.position])
            if ruling is not Ruling.YES:
                if plan.question.show_unsupported:
                    nearest = nearest_to(text, shown, contexts, literal=literal)
                    self._refuse(text, ruling, nearest, shown[nearest.position].text, ranked)
                return None
            degree = self.config.support
        if sentence.fits and not meets(expectation(plan.asks), text, plan.standalone):
            return None
        return SupportedClaim(text=text, sentence=sentence, degree=round(degree, 3), quoted=False)

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
        if text.strip(" .") == NO_ANSWER:
            return
        passages = [f"{_context(found.passage)} {found.passage.text}" for found in ranked]
        reason = reason_of(text, nearest, sentence, passages)
        self.refused.setdefault(text, f"{reason}{_JUDGED[ruling]}" if ruling else reason)


def quotation(sentence: Sentence) -> SupportedClaim:
    """Return a sentence as a claim, word for word."""
    return SupportedClaim(text=plain(sentence.text), sentence=sentence, degree=1.0, quoted=True)


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


def _pieces(
    model: ChatModel, plan: Plan, ranked: Sequence[RankedPassage], sentences: Sequence[Sentence]
) -> Iterator[str]:
    """Yield what a model writes after as many of the sentences, the best first, as its window holds."""
    count = len(sentences)
    while True:
        try:
            yield from model.stream(_prompt(model, plan, ranked, sentences[:count]))
        except PromptTooLongError:
            if count == 1:
                raise
            count = count * 3 // 4
        else:
            return


def _prompt(
    model: ChatModel, plan: Plan, ranked: Sequence[RankedPassage], sentences: Sequence[Sentence]
) -> list[ChatMessage]:
    if model.capable:
        system = render("answer_capable_system", as_of=plan.as_of.isoformat())
        listed = _numbered(sentences, ranked)
        user = render("answer_capable_user", sentences=listed, question=plain(plan.standalone))
    else:
        system = render("answer_small_system")
        lines = (plain(sentence.text) for sentence in sentences)
        listed = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
        user = render("answer_small_user", sentences=listed, question=plain(plan.standalone))
    return [ChatMessage(role="system", content=system), ChatMessage(role="user", content=user)]


def _numbered(sentences: Sequence[Sentence], ranked: Sequence[RankedPassage]) -> str:
    lines = []
    for number, sentence in enumerate(sentences, start=1):
        passage = ranked[sentence.at].passage
        origin = ", ".join(filter(None, (plain_title(passage.source), passage.published or "undated")))
        lines.append(f"{number}. ({origin}) {plain(sentence.text)}")
    return "\n".join(lines)


def _context(passage: Passage) -> str:
    title = "" if is_order(passage.title) else plain(passage.title)
    return f"{title} {plain_title(passage.source)} {passage.published or ''}"


def _sentences(pieces: Iterator[str]) -> Iterator[str]:
    """Yield whole, cleaned sentences as they are completed; a last one that was cut off is dropped."""
    buffer = ""
    try:
        for piece in pieces:
            buffer += piece
            spans = sentence_spans(buffer)
            for start, end in spans[:-1]:
                if text := _clean(buffer[start:end]):
                    yield text
            if len(spans) > 1:
                buffer = buffer[spans[-1][0] :]
        last = _clean(buffer)
        if last and (_ENDS.search(last) or last == NO_ANSWER):
            yield last
    finally:
        close = getattr(pieces, "close", None)
        if close:
            close()


def _clean(text: str) -> str:
    """Return a written sentence as it may be shown; empty where an image's "!" was taken for its end."""
    return "" if _IMAGE_CUT_OFF.search(text) else plain(_LISTED.sub("", _LEADING.sub("", text)))
