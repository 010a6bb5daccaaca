"""The chain from a question to an answer, as events: plan, retrieve, choose, write, check, cite."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from index.embedding import Embedder
from index.sentences import sentence_spans
from index.snapshot import Snapshot
from rag.answer import AbstainReason, Answer, Citation, Claim, Freshness
from rag.citing import CitationBook, Citer
from rag.compose import QUOTE_MODEL, Composer, ModelDeclined, SupportedClaim, quotation
from rag.condense import condense
from rag.config import Settings
from rag.contradictions import contradicting_claims
from rag.counting import UNCOUNTED, occasions, reports, states_number
from rag.decompose import decomposed, may_be_several
from rag.empty_handed import EMPTY_ARCHIVE, NOTHING, NOTHING_FOUND, NOTHING_WITHIN, OUTSIDE
from rag.events import AnswerEvent, ClaimEvent, Event, PassagesEvent, PlanEvent, TokenEvent
from rag.evidence import Evidence, EvidenceSelector, Sentence
from rag.gather import Gathered, Gatherer, is_comparing, on_all, together
from rag.generate import ChatModel
from rag.outlets import independent_outlets
from rag.outside import is_outside
from rag.parts import Part, parts_of
from rag.plain import is_order, plain_title
from rag.plan import Plan
from rag.planned import plan_over
from rag.question import Question
from rag.ranked import RankedPassage
from rag.rerank import Reranker
from rag.retrieve import HybridRetriever
from rag.small_talk import small_talk
from rag.stages import StageClock
from rag.timeline import TimelineMaker
from rag.two_steps import TwoSteps, two_steps

logger = logging.getLogger(__name__)

NEAREST = 3
FOLLOW_UPS = 3


class Answering:
    """Answers questions from one snapshot."""

    def __init__(
        self,
        snapshot: Snapshot,
        embedder: Embedder,
        model: ChatModel | None,
        settings: Settings,
        *,
        reranker: Reranker | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.model = model
        self.settings = settings
        self.retriever = HybridRetriever(
            snapshot, embedder, settings.retrieval, reranker=reranker, rerank=settings.rerank
        )
        self.selector = EvidenceSelector(
            embedder, snapshot.document_frequencies, snapshot.chunk_count, settings.answer
        )
        self.gatherer = Gatherer(self.retriever, self.selector, settings)
        self.composer = Composer(model, settings.answer)

    def stream(self, question: Question) -> Iterator[Event]:
        """Yield the events of answering `question`; the last one holds the answer."""
        clock = StageClock()
        with clock.stage("plan"):
            plan = self._plan(question)
        yield _plan_event(plan)
        if line := small_talk(question.text):
            yield from self._chat(plan, line, clock)
            return
        if is_outside(question.text):
            yield PassagesEvent(passages=())
            yield from self._abstain(plan, (), clock, text=f"{OUTSIDE}{self._covered(plan)}")
            return
        citer = Citer(self.snapshot, plan.where)
        top_k = question.top_k or self.settings.retrieval.top_k
        with clock.stage("retrieve"):
            ranked = self.retriever.retrieve(plan, top_k)
        with clock.stage("rerank"):
            gathered = self.gatherer.gather(plan, ranked, top_k, citer.notices)
            claims, citations = self._reports(plan, gathered)
        yield PassagesEvent(passages=citer.citations(gathered.ranked))
        if claims:
            yield from self._listed(plan, claims, citations, clock)
        elif not gathered.found:
            yield from self._abstain(plan, gathered.ranked, clock)
        else:
            yield from self._answer(plan, gathered, clock)

    def _reports(self, plan: Plan, gathered: Gathered) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
        """Return what is to be counted, where the question asks how often and no article says it."""
        what = occasions(plan.asks) if self.settings.retrieval.decomposition else None
        if what is None or any(states_number(plan.asks, evidence) for _, evidence in gathered.found):
            return (), ()
        asked = replace(plan.question, text=what, history=(), top_k=None)
        maker = TimelineMaker(self.snapshot, self.selector.embedder, self.settings)
        return reports(maker.timeline(asked), what, plan.period)

    def _listed(
        self, plan: Plan, claims: Sequence[Claim], citations: tuple[Citation, ...], clock: StageClock
    ) -> Iterator[Event]:
        """Yield the events of an answer that lists reports of what is to be counted."""
        for at in range(len(claims)):
            yield from _claim_events(claims[: at + 1])
        yield TokenEvent(text=f" {UNCOUNTED}")
        answer = self._made(
            plan,
            clock,
            answer=f"{_marked_text(claims)} {UNCOUNTED}",
            claims=tuple(claims),
            citations=citations,
            outlets=independent_outlets(citations),
            not_found=(plan.asks,),
            freshness=self._freshness(plan, citations),
            model=QUOTE_MODEL,
        )
        yield AnswerEvent(answer=answer)

    def _chat(self, plan: Plan, line: str, clock: StageClock) -> Iterator[Event]:
        """Yield the events of an answer that asks nothing of the archive and cites nothing."""
        yield PassagesEvent(passages=())
        yield TokenEvent(text=line)
        yield AnswerEvent(answer=self._made(plan, clock, answer=line, model=QUOTE_MODEL))

    def _plan(self, question: Question) -> Plan:
        plan = plan_over(self.snapshot, question, self.settings.retrieval)
        if self.model is None or not self.model.capable:
            return plan
        if plan.standalone != question.text and (standalone := condense(question, self.model)):
            plan = replace(plan, standalone=standalone, asks=standalone, **self._taken_apart(standalone))
        if self.settings.retrieval.decomposition and len(plan.parts) == 1 and not plan.steps:
            plan = self._decomposed(plan, self.model)
        return plan

    def _taken_apart(self, question: str) -> dict[str, Any]:
        """Return the parts and steps of a question by the rules, if it is to be taken apart."""
        if not self.settings.retrieval.decomposition:
            return {"parts": (), "steps": None}
        return {"parts": parts_of(question), "steps": two_steps(question)}

    def _decomposed(self, plan: Plan, model: ChatModel) -> Plan:
        """Return the plan with what a capable model sees in a question in which the rules see one part."""
        seen = decomposed(plan.asks, model) if may_be_several(plan.asks) else None
        if isinstance(seen, TwoSteps):
            return replace(plan, steps=seen)
        return replace(plan, parts=seen) if seen else plan

    def _answer(self, plan: Plan, gathered: Gathered, clock: StageClock) -> Iterator[Event]:
        ranked = gathered.ranked
        book = CitationBook(Citer(self.snapshot, plan.where), ranked)
        claims: list[Claim] = []
        writers: list[str] = []
        for claim in clock.timed("generate", self._claims(plan, gathered, clock)):
            if any(claim.text == said.text for said in claims):
                continue
            writers += [claim.writer] if claim.writer else []
            claims.append(book.cite(claim))
            yield from _claim_events(claims)
        if not claims:
            yield from self._abstain(plan, ranked, clock)
            return
        citations = book.citations()
        text = _marked_text(claims)
        if gathered.missing:
            unanswered = f" {_not_found(gathered.missing)}"
            text += unanswered
            yield TokenEvent(text=unanswered)
        answer = self._made(
            plan,
            clock,
            answer=text,
            claims=tuple(claims),
            citations=citations,
            outlets=independent_outlets(citations),
            not_found=tuple(part.named for part in gathered.missing),
            freshness=self._freshness(plan, citations),
            follow_ups=_follow_ups(ranked, citations),
            model=" + ".join(dict.fromkeys(writers)) or QUOTE_MODEL,
        )
        yield AnswerEvent(answer=answer)

    def _claims(self, plan: Plan, gathered: Gathered, clock: StageClock) -> Iterator[SupportedClaim]:
        """Yield what the model wrote on each part of the question, and quotations where that falls short.

        Things that are compared are put before a capable model together; a small one is not asked.
        """
        ranked = gathered.ranked
        if any(is_comparing(part) for part, _ in gathered.found):
            yield from self._compared(plan, gathered, clock)
            return
        for part, evidence in gathered.found:
            with suppress(ModelDeclined):
                yield from self._claims_of_part(part, ranked, evidence, clock)

    def _compared(self, plan: Plan, gathered: Gathered, clock: StageClock) -> Iterator[SupportedClaim]:
        """Yield what a capable model wrote on all the things compared, else the best sentence on each."""
        both = on_all(gathered)
        best = [both] if both else [evidence.sentences[0] for _, evidence in gathered.found]
        quoted = [quotation(sentence) for sentence in best]
        if self.model is not None and self.model.capable:
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

    def _claims_of_part(
        self, part: Plan, ranked: Sequence[RankedPassage], evidence: Evidence, clock: StageClock
    ) -> Iterator[SupportedClaim]:
        if differing := contradicting_claims(part, ranked, evidence):
            yield from differing
            return
        best = evidence.sentences[0]
        used: list[Sentence] = []
        trusted = self.model is not None and self.model.capable
        for claim in self.composer.written(part, ranked, evidence, checking=lambda: clock.stage("verify")):
            if not trusted and not used and claim.sentence is not best:
                used.append(best)  # a small model may pass over the best sentence: it comes first
                yield next(self.composer.quoted(evidence))
            used.append(claim.sentence)
            yield claim
        if not used:
            yield from self.composer.quoted(evidence)

    def _abstain(
        self, plan: Plan, ranked: Sequence[RankedPassage], clock: StageClock, *, text: str = ""
    ) -> Iterator[Event]:
        empty = self.snapshot.article_count == 0
        nearest = Citer(self.snapshot, plan.where).citations(_one_per_article(ranked))
        text = EMPTY_ARCHIVE if empty else text or self._nothing_found(plan, nearest)
        yield TokenEvent(text=text)
        answer = self._made(
            plan,
            clock,
            answer=text,
            abstained=True,
            reason=AbstainReason.EMPTY_INDEX if empty else AbstainReason.NO_EVIDENCE,
            citations=nearest,
            follow_ups=_follow_ups(ranked, ()),
            model=self.model.name if self.model else QUOTE_MODEL,
        )
        yield AnswerEvent(answer=answer)

    def _made(self, plan: Plan, clock: StageClock, **fields: Any) -> Answer:
        """Return an answer with what is common to all: the question, the version, the time it took."""
        plain_answer = Answer(
            question=plan.question.text,
            standalone_question=plan.standalone,
            as_of=plan.as_of.isoformat(),
            answer="",
            abstained=False,
            reason=None,
            claims=(),
            citations=(),
            freshness=self._freshness(plan, ()),
            follow_ups=(),
            index_version=self.snapshot.version,
            model=QUOTE_MODEL,
            left_out=self.snapshot.left_out(plan.where),
            timings_ms=clock.milliseconds(),
        )
        return replace(plain_answer, **fields)

    def _nothing_found(self, plan: Plan, nearest: Sequence[Citation]) -> str:
        """Say that nothing answers, what is nearest, and what the archive covers."""
        if not nearest:
            return NOTHING_WITHIN
        first = nearest[0]
        dated = f", {first.published}" if first.published else ""
        nearest_is = f"Nearest is {_titled(first)} ({plain_title(first.source)}{dated}) [1]."
        return f"{NOTHING_FOUND} {nearest_is}{self._covered(plan)}"

    def _covered(self, plan: Plan) -> str:
        """Say which days the articles are of that the question may see; nothing where it sees none."""
        oldest = self.snapshot.oldest_published(plan.where)
        newest = self.snapshot.newest_published(plan.where)
        return f" The articles searched are dated {oldest} to {newest}." if oldest else ""

    def _freshness(self, plan: Plan, citations: Sequence[Citation]) -> Freshness:
        cited = [citation.published for citation in citations if citation.published]
        return Freshness(
            newest_cited=max(cited, default=None), newest_article=self.snapshot.newest_published(plan.where)
        )


def _plan_event(plan: Plan) -> PlanEvent:
    return PlanEvent(
        standalone_question=plan.standalone,
        as_of=plan.as_of.isoformat(),
        since=plan.where.since.isoformat() if plan.where.since else None,
        until=plan.where.until.isoformat() if plan.where.until else None,
        sources=plan.where.sources,
    )


def _claim_events(claims: Sequence[Claim]) -> Iterator[Event]:
    """Yield the newest claim's text word by word, then the claim."""
    text = _marked(claims[-1], first=len(claims) == 1)
    words = text.split(" ")
    for at, word in enumerate(words):
        yield TokenEvent(text=word if at == len(words) - 1 else f"{word} ")
    yield ClaimEvent(claim=claims[-1])


def _marked_text(claims: Sequence[Claim]) -> str:
    return "".join(_marked(claim, first=not at) for at, claim in enumerate(claims))


def _marked(claim: Claim, *, first: bool) -> str:
    """Return the claim's text with its marks in each of its sentences, spaced from what precedes.

    A correction is one claim with the sentences that it goes on with. Marks stand before a full stop.
    """
    marks = "".join(f"[{number}]" for number in claim.citations)
    sentences = [claim.text[start:end] for start, end in sentence_spans(claim.text)]
    text = " ".join(f"{one[:-1]} {marks}." if one.endswith(".") else f"{one} {marks}" for one in sentences)
    return text if first else f" {text}"


def _not_found(parts: Sequence[Part]) -> str:
    """Say which of the parts nothing was found on."""
    if all(part.compared for part in parts):
        named = [part.named for part in parts]
        several = f"{', '.join(named[:-1])} or {named[-1]}" if len(named) > 1 else named[0]
        return f"{NOTHING} that says this of {several}."
    return " ".join(f"{NOTHING} that answers “{part.named}”." for part in parts)


def _one_per_article(ranked: Sequence[RankedPassage]) -> list[RankedPassage]:
    seen: dict[str, RankedPassage] = {}
    for found in ranked:
        seen.setdefault(found.passage.article_id, found)
    return list(seen.values())[:NEAREST]


def _titled(citation: Citation) -> str:
    title = plain_title(citation.title)
    return f"“{title}”" if title and not is_order(title) else "an article"


def _follow_ups(ranked: Sequence[RankedPassage], citations: Sequence[Citation]) -> tuple[str, ...]:
    """Return questions about the articles that were found and not used."""
    used = {citation.article_id for citation in citations}
    titles = dict.fromkeys(
        title
        for found in ranked
        if found.passage.article_id not in used
        and not is_order(found.passage.title)
        and (title := plain_title(found.passage.title))
    )
    return tuple(f"What is reported in “{title}”?" for title in list(titles)[:FOLLOW_UPS])
