"""The chain from a question to an answer, as events: plan, retrieve, choose, write, check, cite."""

from collections.abc import Iterator, Sequence

from index.embedding import Embedder
from index.snapshot import Snapshot
from rag.answer import AbstainReason, Claim
from rag.answer_maker import AnswerMaker, follow_ups, nearest_passages
from rag.citing import CitationBook, Citer
from rag.claiming import ClaimWriter
from rag.compose import QUOTE_MODEL, Composer
from rag.config import Settings
from rag.counting import UNCOUNTED, Listed
from rag.empty_handed import EMPTY_ARCHIVE, OUTSIDE
from rag.events import AnswerEvent, ClaimEvent, Event, PassagesEvent, TokenEvent
from rag.evidence import EvidenceSelector
from rag.gather import Gathered, Gatherer
from rag.generate import ChatModel
from rag.judge import Judge
from rag.listing import Lister
from rag.outlets import independent_outlets
from rag.outside import is_outside
from rag.plan import Plan
from rag.planned import plan_over
from rag.question import Question
from rag.ranked import RankedPassage
from rag.rerank import Reranker
from rag.retrieve import HybridRetriever
from rag.small_talk import small_talk
from rag.stages import StageClock
from rag.told import claim_events, plan_event, token_events
from rag.unsupported import unsupported_claims
from rag.wording import marked, marked_text, not_found

PARAGRAPH = "\n\n"


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
        judge: Judge | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.model = model
        self.settings = settings
        self.retriever = HybridRetriever(
            snapshot, embedder, settings.retrieval, reranker=reranker, rerank=settings.rerank
        )
        self.selector = EvidenceSelector(embedder, snapshot, settings.answer)
        self.gatherer = Gatherer(self.retriever, self.selector, settings)
        self.lister = Lister(snapshot, embedder, settings)
        self.maker = AnswerMaker(snapshot)
        self.composer = Composer(model, settings.answer, judge=judge)

    def stream(self, question: Question) -> Iterator[Event]:
        """Yield the events of answering `question`; the last one holds the answer."""
        clock = StageClock()
        line, outside = small_talk(question.text), is_outside(question.text)
        with clock.stage("plan"):
            model = None if line or outside else self.model
            plan = plan_over(self.snapshot, question, self.settings.retrieval, model)
        yield plan_event(plan)
        if line:
            yield from self._chat(plan, line, clock)
            return
        if outside:
            yield PassagesEvent(passages=())
            yield from self._abstain(plan, (), clock, text=f"{OUTSIDE}{self.maker.covered(plan)}")
            return
        with clock.stage("retrieve"):
            news = self.lister.news(plan)
        if news is not None:
            yield PassagesEvent(passages=news.citations)
            yield from self._list_or_abstain(plan, news, (), clock)
            return
        citer = Citer(self.snapshot, plan.where)
        top_k = question.top_k or self.settings.retrieval.top_k
        with clock.stage("retrieve"):
            ranked = self.retriever.retrieve(plan, top_k)
        with clock.stage("rerank"):
            gathered = self.gatherer.gather(plan, ranked, top_k, citer.notices)
            listed = self.lister.listed(plan, gathered)
        yield PassagesEvent(passages=citer.citations(gathered.ranked))
        if listed:
            yield from self._list_or_abstain(plan, listed, gathered.ranked, clock)
        elif not gathered.found:
            yield from self._abstain(plan, gathered.ranked, clock)
        else:
            yield from self._answer(plan, gathered, clock)

    def _list_or_abstain(
        self, plan: Plan, listed: Listed, ranked: Sequence[RankedPassage], clock: StageClock
    ) -> Iterator[Event]:
        """Yield the events of an answer that is a list; of an abstention where nothing is on it."""
        if listed.claims:
            yield from self._listed(plan, listed, clock)
        else:
            text = f"{listed.note}{self.maker.covered(plan)}" if listed.note else ""
            yield from self._abstain(plan, ranked, clock, text=text)

    def _listed(self, plan: Plan, listed: Listed, clock: StageClock) -> Iterator[Event]:
        """Yield the events of an answer that is a list."""
        text = listed.lead
        yield from token_events(text)
        for claim in listed.claims:
            told = f"{PARAGRAPH if text else ''}{marked(claim, first=True)}"
            yield from token_events(told)
            yield ClaimEvent(claim=claim)
            text += told
        note = f"{PARAGRAPH}{listed.note}" if listed.note else ""
        yield from token_events(note)
        answer = self.maker.made(
            plan,
            clock,
            answer=f"{text}{note}",
            claims=listed.claims,
            citations=listed.citations,
            outlets=independent_outlets(listed.citations),
            not_found=(plan.asks,) if listed.note == UNCOUNTED else (),
            freshness=self.maker.freshness(plan, listed.citations),
            model=QUOTE_MODEL,
        )
        yield AnswerEvent(answer=answer)

    def _chat(self, plan: Plan, line: str, clock: StageClock) -> Iterator[Event]:
        """Yield the events of an answer that asks nothing of the archive and cites nothing."""
        yield PassagesEvent(passages=())
        yield TokenEvent(text=line)
        yield AnswerEvent(answer=self.maker.made(plan, clock, answer=line, model=QUOTE_MODEL))

    def _answer(self, plan: Plan, gathered: Gathered, clock: StageClock) -> Iterator[Event]:
        ranked = gathered.ranked
        book = CitationBook(Citer(self.snapshot, plan.where), ranked)
        claims: list[Claim] = []
        writers: list[str] = []
        for claim in clock.timed("generate", ClaimWriter(self.composer).claims(plan, gathered, clock)):
            if any(claim.text == said.text for said in claims):
                continue
            writers += [claim.writer] if claim.writer else []
            claims.append(book.cite(claim))
            yield from claim_events(claims)
        if not claims:
            yield from self._abstain(plan, ranked, clock)
            return
        citations = book.citations()
        text = marked_text(claims)
        if gathered.missing:
            unanswered = f" {not_found(gathered.missing)}"
            text += unanswered
            yield TokenEvent(text=unanswered)
        claims += (left_out := unsupported_claims(self.composer.check.refused, claims))
        yield from (ClaimEvent(claim=claim) for claim in left_out)
        answer = self.maker.made(
            plan,
            clock,
            answer=text,
            claims=tuple(claims),
            citations=citations,
            outlets=independent_outlets(citations),
            not_found=tuple(part.named for part in gathered.missing),
            freshness=self.maker.freshness(plan, citations),
            follow_ups=follow_ups(ranked, citations),
            model=" + ".join(dict.fromkeys(writers)) or QUOTE_MODEL,
        )
        yield AnswerEvent(answer=answer)

    def _abstain(
        self, plan: Plan, ranked: Sequence[RankedPassage], clock: StageClock, *, text: str = ""
    ) -> Iterator[Event]:
        empty = self.snapshot.article_count == 0
        nearest = Citer(self.snapshot, plan.where).citations(nearest_passages(ranked))
        text = EMPTY_ARCHIVE if empty else text or self.maker.nothing_found(plan, nearest)
        yield TokenEvent(text=text)
        left_out = unsupported_claims(self.composer.check.refused, ())
        yield from (ClaimEvent(claim=claim) for claim in left_out)
        answer = self.maker.made(
            plan,
            clock,
            answer=text,
            claims=left_out,
            abstained=True,
            reason=AbstainReason.EMPTY_INDEX if empty else AbstainReason.NO_EVIDENCE,
            citations=nearest,
            follow_ups=follow_ups(ranked, ()),
            model=self.model.name if self.model else QUOTE_MODEL,
        )
        yield AnswerEvent(answer=answer)
