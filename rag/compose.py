"""From evidence to claims: the model writes, every sentence is checked, else sentences are quoted."""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from index.passage import Passage
from index.sentences import sentence_spans
from rag.config import AnswerConfig
from rag.errors import GenerationError
from rag.evidence import Evidence, Sentence
from rag.expectation import expectation, meets
from rag.generate import ChatMessage, ChatModel
from rag.plain import MAX_SENTENCE_CHARACTERS, has_turn, is_code, is_order, plain, plain_title
from rag.plan import Plan
from rag.prompts import render
from rag.ranked import RankedPassage
from rag.terms import content_stems, words
from rag.verify import support_of

logger = logging.getLogger(__name__)

NO_ANSWER = "NO ANSWER"
QUOTE_MODEL = "quote"
# How much below the best a sentence may be that a claim rests on: of a capable model, of a small
# one, of none (a quotation). A small model reads few sentences well and many badly.
CAPABLE_MARGIN, NEAR_MARGIN = 0.5, 0.25
NEAR_COVERAGE = 0.65  # and how much of the best's share of the question's words it must have
_LEADING = re.compile(r"^\s*(?:[-*•>]|\(?\d{1,2}[.)]|answer:|a:)\s*", re.I)
_LISTED = re.compile(r"^\s*\((?:[^()]{1,200}, )?(?:\d{4}-\d\d-\d\d|undated)\)\s*")  # as the prompt lists them
_IMAGE_CUT_OFF = re.compile(r"\s!$")
_ENDS = re.compile(r"[.!?…][\"'”’)]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportedClaim:
    """A sentence for the answer and the evidence it rests on; `degree` is 1 for a quotation."""

    text: str
    sentence: Sentence
    degree: float
    quoted: bool


class ModelDeclined(Exception):  # noqa: N818 -- not a failure: the model found no answer
    """A capable model said that the sentences do not answer the question."""


class Composer:
    """Writes the claims of an answer with `model`, or quotes where there is none or it fails."""

    def __init__(self, model: ChatModel | None, config: AnswerConfig) -> None:
        self.model = model
        self.config = config

    def written(
        self,
        plan: Plan,
        ranked: Sequence[RankedPassage],
        evidence: Evidence,
        *,
        checking: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> Iterator[SupportedClaim]:
        """Yield the model's sentences that the evidence supports, as they are written.

        Each check runs inside `checking()`, so that it can be timed. A model that fails ends the
        claims, and is logged; what it wrote before stands.

        Raises:
            ModelDeclined: where a capable model says that nothing answers the question.
        """
        if self.model is None:
            return
        model, said = self.model, set[tuple[str, ...]]()
        usable = (
            _near(evidence, CAPABLE_MARGIN, 0.0)
            if model.capable
            else _near(evidence, NEAR_MARGIN, NEAR_COVERAGE)
        )
        try:
            for text in _sentences(model.stream(_prompt(model, plan, ranked, usable))):
                if model.capable and text.strip(" .") == NO_ANSWER:
                    if said:
                        return
                    raise ModelDeclined
                with checking():
                    claim = self._checked(text, plan, ranked, usable, literal=not model.capable)
                stems = tuple(content_stems(text))
                if claim and stems not in said:
                    said.add(stems)
                    yield claim
                if not model.capable and len(said) == self.config.quotes:
                    return
        except GenerationError as error:
            logger.warning("%s; the best sentences are quoted instead", error)

    def quoted(self, evidence: Evidence) -> Iterator[SupportedClaim]:
        """Yield the best sentence, and those close behind it, word for word."""
        for sentence in _near(evidence, NEAR_MARGIN, NEAR_COVERAGE)[: self.config.quotes]:
            yield SupportedClaim(text=plain(sentence.text), sentence=sentence, degree=1.0, quoted=True)

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
        if support is None or support.degree < self.config.support:
            return None
        sentence = usable[support.position]
        if words(text) == words(shown[support.position].text):
            text = shown[support.position].text  # only its letters' case or its quotation marks differ
        if sentence.fits and not meets(expectation(plan.asks), text, plan.standalone):
            return None
        return SupportedClaim(text=text, sentence=sentence, degree=round(support.degree, 3), quoted=False)


def without_orders(evidence: Evidence, ranked: Sequence[RankedPassage]) -> Evidence:
    """Return the evidence without sentences that give orders to a model, and without endless ones.

    What comes after the sign of a chat's turn is no article any more.
    """
    return replace(
        evidence,
        sentences=tuple(
            sentence
            for sentence in evidence.sentences
            if _is_news(sentence.text, ranked[sentence.at].passage.text[: sentence.start])
        ),
    )


def _is_news(text: str, before: str) -> bool:
    said = plain(text)
    if not said or len(text) > MAX_SENTENCE_CHARACTERS:
        return False
    return not (is_order(said) or is_code(said) or has_turn(before))


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
