"""How many outlets stand behind something independently of each other."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from rag.answer import Citation

_ARTICLE = "the "


def independent_outlets(citations: Sequence[Citation]) -> int:
    """Return how many independent reports `citations` are; 0 for none.

    What one outlet published is one report, however many articles it took. So are near-copies: an agency's
    text that three outlets carry has one author, and counts once.
    """
    groups: list[set[str]] = []
    for citation in citations:
        marks = _marks(citation)
        joined = [group for group in groups if group & marks]
        groups = [group for group in groups if not group & marks]
        groups.append(marks.union(*joined))
    return len(groups)


def outlet_names(citations: Sequence[Citation]) -> tuple[str, ...]:
    """Return the outlets that carry `citations` or near-copies of them, each once, in their order."""
    named: dict[str, str] = {}
    for citation in citations:
        for source in (citation.source, *(copy.source for copy in citation.also_in)):
            if source.strip():
                named.setdefault(_outlet(source), source)
    return tuple(named.values())


def _marks(citation: Citation) -> set[str]:
    """Return what tells a report: its outlet, its article and the copies of it."""
    outlet = _outlet(citation.source) or _outlet(_host(citation.url))
    articles = {citation.article_id, *(copy.article_id for copy in citation.also_in)}
    return {f"article {article_id}" for article_id in articles} | ({f"outlet {outlet}"} if outlet else set())


def _outlet(source: str) -> str:
    """Return an outlet's name as it is compared: `The Courier` is `courier`, `www.cnn.com` is `cnn.com`."""
    return " ".join(source.casefold().split()).removeprefix(_ARTICLE).removeprefix("www.")


def _host(url: str) -> str:
    """Return the host of an address; empty where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
