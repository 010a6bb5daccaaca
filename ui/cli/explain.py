"""`dateline search --explain`: how a query was read, and what each stage gave each passage, as lines."""

from typing import TYPE_CHECKING

from ui.cli.render import print_citations
from ui.text import one_line

if TYPE_CHECKING:
    from rich.console import Console

    from rag.plan import Plan
    from rag.ranked import Explanation, Trace

_INDENT = " " * 5


def print_explanation(console: "Console", explanation: "Explanation") -> None:
    """Print the reading of the query, then each passage with what speaks for it."""
    from rich.text import Text

    console.print(Text(describe_plan(explanation.plan), style="dim"))
    for citation, trace in zip(explanation.passages, explanation.traces, strict=True):
        print_citations(console, [citation])
        for line in describe_trace(trace, citation.score):
            console.print(Text(f"{_INDENT}{line}", style="dim"))


def describe_plan(plan: "Plan") -> str:
    """Return how a query was read, in one line."""
    parts = [f"Searched for “{one_line(plan.standalone)}” as of {plan.as_of.isoformat()}"]
    if plan.period:
        parts.append(f"time asked about: {plan.period.start.isoformat()} to {plan.period.end.isoformat()}")
    if plan.recency != 1:
        parts.append(f"what is new counts {plan.recency:g} times")
    return "; ".join(parts) + "."


def describe_trace(trace: "Trace", score: float) -> list[str]:
    """Return what each signal added, and where each search had the passage."""
    shares = sorted(trace.shares, key=lambda share: -abs(share.adds))
    told = [f"{share.signal} {share.value:.2f} ({share.adds:+.2f})" for share in shares if share.value]
    found = [
        _found("by meaning", trace.hits.dense_rank, f"cosine {trace.hits.dense:.2f}"),
        _found("by words", trace.hits.lexical_rank, f"BM25 {trace.hits.lexical:.1f}"),
        f"ranked {trace.rank}",
    ]
    if trace.rerank is not None:
        found.append(f"reranker {trace.rerank:.2f}")
    return [f"score {score:.2f}: {', '.join(told) or 'nothing speaks for it'}", "; ".join(found)]


def _found(search: str, rank: int | None, score: str) -> str:
    return f"{search}: {f'{rank}.' if rank else 'not among the first'} ({score})"
