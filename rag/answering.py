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
from rag.compose import QUOTE_MODEL, Composer, ModelDeclined, SupportedClaim
from rag.condense import condense
from rag.config import Settings
from rag.contradictions import contradicting_claims
from rag.corrected import without_corrected
from rag.events import AnswerEvent, ClaimEvent, Event, PassagesEvent, PlanEvent, TokenEvent
from rag.evidence import Evidence, EvidenceSelector, Sentence
from rag.generate import ChatModel
from rag.outlets import independent_outlets
from rag.plain import is_order, plain_title
from rag.plan import Plan, make_plan, plans_of_parts, split_question
from rag.question import Question
from rag.ranked import RankedPassage
from rag.rerank import Reranker
from rag.retrieve import HybridRetriever
from rag.small_talk import small_talk
from rag.stages import StageClock

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
        citer = Citer(self.snapshot, plan.where)
        with clock.stage("retrieve"):
            ranked = self.retriever.retrieve(plan, question.top_k or self.settings.retrieval.top_k)
        yield PassagesEvent(passages=citer.citations(ranked))
        with clock.stage("rerank"):
            parts = plans_of_parts(plan)
            found = [
                (part, without_corrected(self.selector.select(part, ranked), ranked, citer.notices))
                for part in parts
            ]
            least = self.settings.answer.answerable
            answerable = [
                (part, evidence)
                for part, evidence in found
                if evidence.sentences and evidence.answerable >= least
            ]
        if not answerable:
            yield from self._abstain(plan, ranked, clock)
            return
        yield from self._answer(plan, ranked, answerable, clock)

    def _chat(self, plan: Plan, line: str, clock: StageClock) -> Iterator[Event]:
        """Yield the events of an answer that asks nothing of the archive and cites nothing."""
        yield PassagesEvent(passages=())
        yield TokenEvent(text=line)
        yield AnswerEvent(answer=self._made(plan, clock, answer=line, model=QUOTE_MODEL))

    def _plan(self, question: Question) -> Plan:
        plan = make_plan(question)
        if plan.standalone == question.text or self.model is None or not self.model.capable:
            return plan
        standalone = condense(question, self.model)
        if not standalone:
            return plan
        return replace(plan, standalone=standalone, asks=standalone, parts=split_question(standalone))

    def _answer(
        self,
        plan: Plan,
        ranked: Sequence[RankedPassage],
        parts: Sequence[tuple[Plan, Evidence]],
        clock: StageClock,
    ) -> Iterator[Event]:
        book = CitationBook(Citer(self.snapshot, plan.where), ranked)
        claims: list[Claim] = []
        writers: list[str] = []
        for claim in clock.timed("generate", self._claims(ranked, parts, clock)):
            if any(claim.text == said.text for said in claims):
                continue
            writers += [claim.writer] if claim.writer else []
            claims.append(book.cite(claim))
            yield from _claim_events(claims)
        if not claims:
            yield from self._abstain(plan, ranked, clock)
            return
        citations = book.citations()
        answer = self._made(
            plan,
            clock,
            answer="".join(_marked(claim, first=not at) for at, claim in enumerate(claims)),
            claims=tuple(claims),
            citations=citations,
            outlets=independent_outlets(citations),
            freshness=self._freshness(plan, citations),
            follow_ups=_follow_ups(ranked, citations),
            model=" + ".join(dict.fromkeys(writers)) or QUOTE_MODEL,
        )
        yield AnswerEvent(answer=answer)

    def _claims(
        self, ranked: Sequence[RankedPassage], parts: Sequence[tuple[Plan, Evidence]], clock: StageClock
    ) -> Iterator[SupportedClaim]:
        """Yield what the model wrote on each part of the question, and quotations where that falls short."""
        for part, evidence in parts:
            with suppress(ModelDeclined):
                yield from self._claims_of_part(part, ranked, evidence, clock)

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

    def _abstain(self, plan: Plan, ranked: Sequence[RankedPassage], clock: StageClock) -> Iterator[Event]:
        empty = self.snapshot.article_count == 0
        nearest = Citer(self.snapshot, plan.where).citations(_one_per_article(ranked))
        text = (
            "The archive is empty: add articles to it first." if empty else self._nothing_found(plan, nearest)
        )
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
            return "No article of the archive lies within these dates and outlets."
        first = nearest[0]
        dated = f", {first.published}" if first.published else ""
        oldest = self.snapshot.oldest_published(plan.where)
        newest = self.snapshot.newest_published(plan.where)
        covers = f" The articles searched are dated {oldest} to {newest}." if oldest else ""
        return (
            "I found nothing in the archive that answers this. "
            f"Nearest is {_titled(first)} ({plain_title(first.source)}{dated}) [1].{covers}"
        )

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


def _marked(claim: Claim, *, first: bool) -> str:
    """Return the claim's text with its marks in each of its sentences, spaced from what precedes.

    A correction is one claim with the sentences that it goes on with. Marks stand before a full stop.
    """
    marks = "".join(f"[{number}]" for number in claim.citations)
    sentences = [claim.text[start:end] for start, end in sentence_spans(claim.text)]
    text = " ".join(f"{one[:-1]} {marks}." if one.endswith(".") else f"{one} {marks}" for one in sentences)
    return text if first else f" {text}"


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
