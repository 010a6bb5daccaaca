"""A small running story for the tests of answering, and short ways to ask about it."""

from collections.abc import Iterable
from pathlib import Path

from index.article import Article
from index.build import BuildMode, build
from index.config import ChunkingConfig
from index.progress import BuildReport
from rag.answer import Answer
from tests.fakes import FakeEmbedder
from tests.index.corpus import article

OPENED = "Mayor Ada Quill opened the harbour bridge in Stellby on 1 March 2026."
COST = "The harbour bridge in Stellby cost 40 million euros."
SHUT = "Engineers shut the crossing on 9 April 2026, after cracks were found in a pier."
FERRY = "The night ferry to Farrow will sail again in May."

ARTICLES = [
    article("opened", f"{OPENED} {COST}", title="Harbour bridge opens", published="2026-03-01"),
    article("shut", SHUT, title="Crossing shut", published="2026-04-09", source="other.example"),
    article("ferry", FERRY, title="Ferry returns", published="2026-04-20"),
    article("undated", "A lighthouse keeper remembers the storms of Farrow.", title="Storms", published=None),
]

WHO_OPENED = "Who opened the harbour bridge in Stellby?"
WHAT_COST = "How much did the harbour bridge in Stellby cost?"
UNKNOWN = "Which violinist won the Krakow competition?"


def build_archive(
    root: Path, articles: Iterable[Article], embedder: FakeEmbedder, mode: BuildMode = BuildMode.REPLACE
) -> BuildReport:
    return build(
        root,
        list(articles),
        embedder=embedder,
        chunking=ChunkingConfig(max_tokens=64, overlap_sentences=0),
        mode=mode,
    )


def shown(answer: Answer) -> dict[str, object]:
    """Return an answer's JSON form without its timings, which differ each time."""
    fields = answer.to_dict()
    del fields["timings_ms"]
    return fields
