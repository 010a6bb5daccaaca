"""Ranked passages made by hand, of texts that need no archive."""

import zlib
from typing import Any

from index.passage import Passage
from rag.ranked import Hits, RankedPassage, Trace

NO_TRACE = Trace(hits=Hits(), shares=(), rank=1)


def passage(text: str, start: int = 0, end: int | None = None, **changes: Any) -> Passage:
    """Return the span of a text as a passage of the article `article_id`, `one` where it is not given."""
    end = len(text) if end is None else end
    article_id = changes.setdefault("article_id", "one")
    number = zlib.crc32(article_id.encode())
    fields: dict[str, Any] = {
        "row": number % 10_000 + start,
        "chunk_id": f"{article_id}:{start}",
        "revision": 1,
        "ordinal": 0,
        "title": "",
        "url": "",
        "source": "",
        "published": None,
        "published_from": "unknown",
        "revision_id": number,
        "cluster": number,
    }
    return Passage(start=start, end=end, text=text[start:end], **(fields | changes))


def ranked(found: Passage, score: float = 0.5, strength: float | None = None) -> RankedPassage:
    """Return a passage as retrieval gives it."""
    return RankedPassage(
        passage=found, score=score, strength=score if strength is None else strength, trace=NO_TRACE
    )
