"""The scores of one way to search, and the tables of all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from rag.answer import Citation
from rag.evaluate.asking import judge
from rag.evaluate.bootstrap import p_values
from rag.evaluate.dataset import EvalQuestion
from rag.evaluate.metrics import MRR_DEPTH, first_rank, hit_at, mean, mrr_at, reciprocal_rank
from rag.evaluate.scoring import first_hit

OURS = "dateline"
CUTOFFS = (1, 4, 10)
LATER_DEPTH = 10
OPEN, DATED = "none", "as of"
QUALITY = {
    "hit@1": "hit@1",
    "hit@4": "hit@4",
    "hit@10": "hit@10",
    "MRR@10": "mrr@10",
    "article@1": "article@1",
    "article@4": "article@4",
    "article@10": "article@10",
    "article MRR": "article_mrr@10",
    "later": "later",
}
"""The heads of the columns, and the names of the measures under them."""
COST = ("parts", "index s", "CPU s", "p50 ms", "p95 ms", "CPU ms", "memory MiB", "installed MiB")
TOOL = ("tool", "date filter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the parent knows of an article: title, ISO day (empty where unknown), outlet."""

    title: str
    published: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranks:
    """What one question gave.

    `hit` is the rank of the first passage that `dateline eval` counts as a hit; `article` that of the first
    of the question's articles, each article counted once; `later` says whether something newer than the
    question's day is among the first 10 passages.
    """

    hit: int | None
    article: int | None
    later: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One way to search, measured.

    `p` is of its MRR@10 and `article_p` of that of articles, both against Dateline as of the day; None
    where it is that.
    """

    peer: str
    name: str
    dated: bool
    ranks: tuple[Ranks, ...] = field(repr=False)
    passages: int
    index_s: float
    index_cpu_s: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    peak_mib: float | None
    installed_mib: float
    p: float | None = None
    article_p: float | None = None

    def values(self) -> dict[str, float]:
        """Return the measures by their names."""
        hits = [one.hit for one in self.ranks]
        articles = [one.article for one in self.ranks]
        return {
            **{f"hit@{k}": hit_at(hits, k) for k in CUTOFFS},
            "mrr@10": mrr_at(hits, MRR_DEPTH),
            **{f"article@{k}": hit_at(articles, k) for k in CUTOFFS},
            "article_mrr@10": mrr_at(articles, MRR_DEPTH),
            "later": mean([one.later for one in self.ranks]),
        }

    def quality(self) -> list[str]:
        """Return what stands under `QUALITY`; a p value stands in brackets behind its measure."""
        values = self.values()
        tested = {"mrr@10": self.p, "article_mrr@10": self.article_p}
        cells = []
        for name in QUALITY.values():
            p = tested.get(name)
            cells.append(f"{values[name]:.3f}" + (f" ({p:.3f})" if p is not None else ""))
        return [*self._tool(), *cells]

    def cost(self) -> list[str]:
        """Return what stands under `COST`."""
        whole = (self.passages, self.index_s, self.index_cpu_s, self.p50_ms, self.p95_ms, self.cpu_ms)
        return [
            *self._tool(),
            *(f"{value:,.0f}" for value in whole),
            "–" if self.peak_mib is None else f"{self.peak_mib:,.0f}",
            f"{self.installed_mib:,.0f}",
        ]

    def _tool(self) -> tuple[str, str]:
        return self.name, DATED if self.dated else OPEN


def ranks_of(
    question: EvalQuestion, passages: Sequence[tuple[str, str]], articles: Mapping[str, Known]
) -> Ranks:
    """Return the ranks that passages, each an article's id and a text, give to a question."""
    judged = judge(question, [citation_of(*passage, articles) for passage in passages])
    found = [passage.citation for passage in judged]
    gold = question.relevant if question.by_judgement else question.articles
    as_of = question.as_of.isoformat() if question.as_of else None
    return Ranks(
        hit=first_hit(judged),
        article=first_rank([one in gold for one in dict.fromkeys(one.article_id for one in found)]),
        later=as_of is not None and any((one.published or "") > as_of for one in found[:LATER_DEPTH]),
    )


def citation_of(article_id: str, text: str, articles: Mapping[str, Known], *, number: int = 1) -> Citation:
    """Return a passage as the measures of `dateline eval` take it."""
    known = articles[article_id]
    return Citation(
        n=number,
        chunk_id="",
        article_id=article_id,
        revision=1,
        title=known.title,
        url="",
        source=known.source,
        published=known.published or None,
        published_from="",
        passage=text,
    )


def compared(row: Row, ours: Row) -> Row:
    """Return a row with the p values of its differences to another's, question by question."""

    def gains(ranks: Iterable[int | None]) -> NDArray[np.float64]:
        return np.array([reciprocal_rank(rank, MRR_DEPTH) for rank in ranks])

    hits = gains(one.hit for one in row.ranks) - gains(one.hit for one in ours.ranks)
    articles = gains(one.article for one in row.ranks) - gains(one.article for one in ours.ranks)
    p, article_p = p_values(np.stack([hits, articles]), seed=0)
    return replace(row, p=p, article_p=article_p)


class Asked(Protocol):
    """What one tool gave, asked with or without the day of the question."""

    @property
    def peer(self) -> str:
        """The tool."""
        ...

    @property
    def dated(self) -> bool:
        """Whether it saw nothing newer than the question."""
        ...


AskedRow = TypeVar("AskedRow", bound=Asked)


def compared_to_ours(
    rows: Sequence[AskedRow], compared: Callable[[AskedRow, AskedRow], AskedRow]
) -> list[AskedRow]:
    """Return the rows with their p values, where Dateline was asked as of the day."""
    ours = next((row for row in rows if row.peer == OURS and row.dated), None)
    return [compared(row, ours) if ours and row is not ours else row for row in rows]


def tables(rows: Sequence[Row], failed: Mapping[str, str]) -> str:
    """Return two tables in Markdown, of quality and of cost, and what those that failed said."""
    quality = table([[*TOOL, *QUALITY], *(row.quality() for row in rows)])
    cost = table([[*TOOL, *COST], *(row.cost() for row in rows)])
    failures = [f"failed: {name}: {text}" for name, text in failed.items()]
    return "\n\n".join([quality, cost, *failures])


def table(lines: Sequence[Sequence[str]]) -> str:
    """Return lines as a table in Markdown, the first being its head.

    All columns but the tool's are right-aligned.
    """
    columns = range(len(lines[0]))
    widths = [max(len(line[at]) for line in lines) for at in columns]
    rule = "|".join(
        "-" * (widths[at] + 2) if at < len(TOOL) else "-" * (widths[at] + 1) + ":" for at in columns
    )
    printed = []
    for line in lines:
        cells = [
            line[at].ljust(widths[at]) if at < len(TOOL) else line[at].rjust(widths[at]) for at in columns
        ]
        printed.append(f"| {' | '.join(cells)} |")
    return "\n".join([printed[0], f"|{rule}|", *printed[1:]])
