"""A scripted engine with the interface of `rag.engine.Engine`, and an archive to go with it."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from index.errors import ArticleNotFoundError, ArticleRemovedError, DatelineError
from index.records import ArchiveInfo, ArticleRecord, LeftOut, StoredArticle
from rag.answer import AbstainReason, Answer, Citation, Claim, CorrectionNote, Freshness, RelatedArticle
from rag.chronology import Timeline, TimelineEvent
from rag.events import AnswerEvent, ClaimEvent, Event, PassagesEvent, PlanEvent, TokenEvent
from rag.plan import make_plan
from rag.question import Question
from rag.ranked import Explanation, Hits, Share, Trace
from ui.config import AppSettings

BRIDGE = Citation(
    n=1,
    chunk_id="c1",
    article_id="a1",
    revision=1,
    title="Council approves Harbour Bridge after three-year dispute",
    url="https://saltmarsh-courier.example/2026/03/01/bridge",
    source="Saltmarsh Courier",
    published="2026-03-01",
    published_from="jsonld",
    passage=(
        "The long debate ended late on Sunday. The Saltmarsh council approved the Harbour Bridge by nine "
        "votes to four. Work is to begin in June, the mayor said."
    ),
    highlights=((38, 110),),
    score=0.81,
    also_in=(
        RelatedArticle(
            article_id="a9",
            title="Harbour Bridge gets the go-ahead",
            url="https://coastal-wire.example/bridge",
            source="Coastal Wire",
            published="2026-03-01",
        ),
    ),
)
COST = Citation(
    n=2,
    chunk_id="c2",
    article_id="a2",
    revision=2,
    title="What the Harbour Bridge will cost, and who pays",
    url="https://evening-post.example/bridge-cost",
    source="Evening Post",
    published="2026-02-27",
    published_from="meta",
    passage="The bridge will cost 41 million, two thirds of it paid by the region.",
    highlights=((0, 33),),
    score=0.64,
    corrections=(
        CorrectionNote(
            kind="correction",
            text="An earlier version of this article gave the cost as 14 million.",
            article_id="a2",
            title="What the Harbour Bridge will cost, and who pays",
            url="https://evening-post.example/bridge-cost",
            source="Evening Post",
            published="2026-02-27",
        ),
    ),
)
FILE = replace(
    COST,
    n=3,
    chunk_id="c3",
    article_id="a3",
    title="Ferry timetable",
    url="file:///archive/ferry.txt",
    source="archive",
    published=None,
    published_from="unknown",
    passage="The ferry runs every twenty minutes.",
    highlights=(),
)
HOSTILE = replace(
    BRIDGE,
    title='<script>window.pwned=1</script><img src="http://evil.example/t.png" onerror="window.pwned=1">',
    url='javascript:window.pwned=1//"><script>window.pwned=1</script>',
    source="</summary><script>window.pwned=1</script>",
    published_from='"><img src=http://evil.example/d.png>',
    passage=(
        "Before <img src=http://evil.example/p.png onerror=window.pwned=1> ${window.pwned=1} {{constructor}} "
        "$$\\href{javascript:window.pwned=1}{x}$$ [link](javascript:window.pwned=1)\n\n"
        "![image](http://evil.example/m.png)\n\n<iframe src=http://evil.example></iframe> </details> after"
    ),
    highlights=((7, 60), (60, 5), (-4, 9000)),
    also_in=(
        RelatedArticle(
            article_id="x",
            title="<b onmouseover=window.pwned=1>copy</b>",
            url="http://evil.example/copy",
            source="<i>Evil</i>",
            published="<u>",
        ),
    ),
    corrections=(
        CorrectionNote(
            kind="correction",
            text="<img src=http://evil.example/c.png onerror=window.pwned=1> was wrong",
            article_id="y",
            title="<script>window.pwned=1</script>",
            url="javascript:window.pwned=1",
            source="<i>Evil</i>",
            published="<u>",
        ),
    ),
)
APPROVED = Answer(
    question="When was the bridge approved?",
    standalone_question="When was the Harbour Bridge approved?",
    as_of="2026-03-03",
    answer="The council approved the Harbour Bridge on 1 March 2026 [1]. It will cost 41 million [2].",
    abstained=False,
    reason=None,
    claims=(
        Claim(
            text="The council approved the Harbour Bridge on 1 March 2026 [1].",
            citations=(1,),
            supported=True,
            support=0.93,
        ),
        Claim(text="It will cost 41 million [2].", citations=(2,), supported=True, support=0.9),
    ),
    citations=(BRIDGE, COST),
    freshness=Freshness(newest_cited="2026-03-01", newest_article="2026-03-02"),
    follow_ups=("Who pays for the bridge?", "When does work begin?"),
    left_out=LeftOut(undated=2, updated_later=1),
    index_version="000007",
    model="smollm2-135m-instruct",
    timings_ms={"plan": 1, "retrieve": 8, "rerank": 0, "generate": 900, "verify": 30, "total": 939},
)
LEFT_OUT = Claim(
    text="The council of Orvale <b>rejected</b> 57 bridges.",
    citations=(),
    supported=False,
    support=0.0,
    reason="the passages do not say <57>",
)
STALE = "The newest article cited here is from 1 March 2026, 100 days before 9 June 2026."
WITH_LEFT_OUT = replace(
    APPROVED,
    claims=(*APPROVED.claims, LEFT_OUT),
    freshness=replace(APPROVED.freshness, note=STALE),
)
ABSTAINED = replace(
    APPROVED,
    answer="The archive holds nothing that answers this. The nearest passages are beside it.",
    abstained=True,
    reason=AbstainReason.NO_EVIDENCE,
    claims=(),
    citations=(FILE,),
    freshness=Freshness(newest_cited=None, newest_article="2026-03-02"),
    follow_ups=(),
)
COURSE = Timeline(
    question="How did the bridge come about?",
    as_of="2026-03-03",
    events=(
        TimelineEvent(
            date="2026-02-27",
            date_from="published",
            text="The bridge will cost 41 million, two thirds of it paid by the region.",
            citations=(1,),
            announced_for="2026-06-01",
        ),
        TimelineEvent(
            date="2026-03-01",
            date_from="text",
            text="The Saltmarsh council approved the Harbour Bridge by nine votes to four.",
            citations=(2, 1),
            outlets=2,
        ),
    ),
    citations=(replace(COST, n=1), replace(BRIDGE, n=2)),
    freshness=Freshness(newest_cited="2026-03-01", newest_article="2026-03-02"),
    left_out=LeftOut(undated=2),
    index_version="000007",
)
NO_COURSE = replace(
    COURSE,
    events=(),
    citations=(),
    abstained=True,
    reason=AbstainReason.NO_EVIDENCE,
    note="The archive has no dated reports about this.",
)
TRACE = Trace(
    hits=Hits(dense=0.62, dense_rank=1, lexical=11.0, lexical_rank=2),
    shares=(Share(signal="coverage", value=0.8, weight=5.0),),
    rank=1,
)


def record(article_id: str = "a1", title: str = BRIDGE.title) -> ArticleRecord:
    return ArticleRecord(
        id=article_id,
        title=title,
        url=BRIDGE.url,
        source=BRIDGE.source,
        published="2026-03-01",
        published_from="jsonld",
        updated=None,
        ingested="2026-03-02T08:00:00+00:00",
        revision=1,
        chunks=1,
    )


def stored(article_id: str = "a1", title: str = BRIDGE.title) -> StoredArticle:
    return StoredArticle(
        record=record(article_id, title),
        text=BRIDGE.passage,
        authors=("A. Writer",),
        language="en",
        origin="",
    )


INFO = ArchiveInfo(
    path=".dateline",
    version="000007",
    articles=3,
    chunks=3,
    embedding_model="minilm",
    dimension=384,
    max_tokens=256,
    overlap_sentences=1,
    created="2026-03-02T08:00:00+00:00",
    size_bytes=4096,
    oldest_published="2026-02-27",
    newest_published="2026-03-02",
    undated=1,
    sources={"Saltmarsh Courier": 1, "Evening Post": 1, "archive": 1},
)


@dataclass
class FakeArchive:
    contents: ArchiveInfo = INFO
    articles: Sequence[StoredArticle] = (stored("a1"), stored("a2", COST.title), stored("a3", FILE.title))
    error: DatelineError | None = None

    def current_version(self) -> str | None:
        return None if self.error else self.contents.version

    def exists(self) -> bool:
        return self.error is None

    def info(self) -> ArchiveInfo:
        if self.error:
            raise self.error
        return self.contents

    def check_article(self, article_id: str) -> None:
        if article_id == "gone":
            raise ArticleRemovedError("the article 'gone' was removed in version 000002 on 2026-03-02")
        self.article(article_id)

    def list_articles(self, *, limit: int | None = None, offset: int = 0) -> list[ArticleRecord]:
        if self.error:
            raise self.error
        known = [article.record for article in self.articles]
        return known[offset:][:limit]

    def article(self, article_id: str) -> StoredArticle:
        for article in self.articles:
            if article.record.id == article_id:
                return article
        raise ArticleNotFoundError(f"no article has the id {article_id!r}: see `dateline index list`")


@dataclass(frozen=True, kw_only=True)
class Readiness:
    ready: bool = True
    index_version: str | None = "000007"
    model: str = "smollm2-135m-instruct"
    problem: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class FakeEngine:
    """Gives the same answer to each question, piece by piece, and notes how it was asked.

    `answers` maps a question to another answer, or to an error. `fail_after` raises `error` in
    mid-stream after so many tokens; an `error` alone is raised before the first event. `gate`
    holds the stream before its tokens until it is set.
    """

    model_name = "smollm2-135m-instruct"

    def __init__(
        self,
        answer: Answer = APPROVED,
        *,
        course: Timeline = COURSE,
        answers: dict[str, Answer | Exception] | None = None,
        error: Exception | None = None,
        fail_after: int | None = None,
        token_delay: float = 0.0,
        gate: threading.Event | None = None,
        archive: FakeArchive | None = None,
        readiness: Callable[[], Readiness] = Readiness,
        settings: AppSettings | None = None,
    ) -> None:
        self.answer = answer
        self.course = course
        self.answers = answers or {}
        self.error = error
        self.fail_after = fail_after
        self.token_delay = token_delay
        self.gate = gate
        self.archive = archive or FakeArchive()
        self.has_own_archive = archive is not None
        self.readiness = readiness
        self.settings = settings or AppSettings()
        self.asked: list[dict[str, Any]] = []
        self.stopped = threading.Event()
        self.finished = threading.Event()
        self.closed = threading.Event()
        self.warmed = threading.Event()

    def ask(self, question: str, **bounds: Any) -> Answer:
        for event in self.stream(question, **bounds):
            if isinstance(event, AnswerEvent):
                return event.answer
        raise AssertionError("a stream ends with its answer")

    def stream(self, question: str, **bounds: Any) -> Iterator[Event]:
        parsed = Question.parse(question, **bounds)
        self.asked.append({"question": question, **bounds})
        return self._events(parsed)

    def timeline(self, question: str, **bounds: Any) -> Timeline:
        Question.parse(question, **bounds)
        self.asked.append({"question": question, **bounds})
        self._scripted(question)
        return replace(self.course, question=question)

    def explain(self, query: str, **bounds: Any) -> Explanation:
        parsed = Question.parse(query, **bounds)
        self.asked.append({"question": query, **bounds})
        return Explanation(
            plan=make_plan(parsed),
            passages=(passages := self._scripted(query).citations),
            traces=(TRACE,) * len(passages),
            left_out=LeftOut(undated=0 if parsed.include_undated else 2),
        )

    def warm_up(self) -> None:
        self.warmed.set()

    def refresh(self) -> bool:
        return False

    def close(self) -> None:
        self.closed.set()

    def _events(self, asked: Question) -> Iterator[Event]:
        answer = self._scripted(asked.text)
        try:
            yield PlanEvent(
                standalone_question=answer.standalone_question,
                as_of=str(asked.as_of or answer.as_of),
                since=asked.since and str(asked.since),
                until=asked.until and str(asked.until),
                sources=asked.sources,
            )
            yield PassagesEvent(passages=answer.citations)
            if self.gate is not None:
                self.gate.wait(20)
            yield from self._tokens(answer)
            for claim in answer.claims:
                yield ClaimEvent(claim=claim)
            yield AnswerEvent(answer=answer)
            self.finished.set()
        except GeneratorExit:
            self.stopped.set()
            raise

    def _scripted(self, text: str) -> Answer:
        scripted = self.answers.get(text, self.answer)
        if isinstance(scripted, Exception):
            raise scripted
        if self.error is not None and self.fail_after is None:
            raise self.error
        return replace(scripted, question=text)

    def _tokens(self, answer: Answer) -> Iterator[TokenEvent]:
        words = answer.answer.split(" ")
        for number, word in enumerate(words):
            if self.error is not None and number == self.fail_after:
                raise self.error
            time.sleep(self.token_delay)
            yield TokenEvent(text=word if number == 0 else f" {word}")
