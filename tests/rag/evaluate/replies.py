"""Short ways to write an answer and a passage."""

from rag.answer import AbstainReason, Answer, Citation, Freshness


def passage(*, n=1, text="", title="", source="", published=None, **fields):
    given = {"chunk_id": f"chunk{n}", "article_id": f"article{n}", "revision": 1, "url": ""}
    return Citation(
        n=n,
        passage=text,
        title=title,
        source=source,
        published=published,
        published_from="meta",
        **given | fields,
    )


def answer(text, *, claims=(), citations=(), abstained=False, as_of="2026-03-05", follow_ups=(), newest=None):
    return Answer(
        question="Who?",
        standalone_question="Who?",
        as_of=as_of,
        answer=text,
        abstained=abstained,
        reason=AbstainReason.NO_EVIDENCE if abstained else None,
        claims=claims,
        citations=citations,
        freshness=Freshness(newest_article=newest),
        follow_ups=follow_ups,
        index_version="000001",
        model="tiny",
    )
