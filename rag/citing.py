"""Retrieved passages as they are shown: numbered, with their copies elsewhere and what corrects them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.filters import Filter
from index.passage import Passage
from index.records import Publication
from index.relations import Correction
from index.snapshot import Snapshot
from rag.answer import Citation, Claim, CorrectionNote, RelatedArticle
from rag.ranked import RankedPassage
from rag.supported import SupportedClaim

if TYPE_CHECKING:
    from rag.evidence import Sentence

MAX_ALSO_IN = 20


class Citer:
    """Makes the citations of one question, which sees what `where` lets it see."""

    def __init__(self, snapshot: Snapshot, where: Filter) -> None:
        self._snapshot = snapshot
        self._where = where

    def citations(self, ranked: Sequence[RankedPassage]) -> tuple[Citation, ...]:
        """Return the citations of passages, numbered from 1."""
        return tuple(self.citation(found, n) for n, found in enumerate(ranked, start=1))

    def citation(self, found: RankedPassage, n: int, highlights: Sequence[tuple[int, int]] = ()) -> Citation:
        """Return a passage as it is shown under the number `n`."""
        passage = found.passage
        also_in = self._snapshot.also_in(passage, self._where)
        return Citation(
            n=n,
            chunk_id=passage.chunk_id,
            article_id=passage.article_id,
            revision=passage.revision,
            title=passage.title,
            url=passage.url,
            source=passage.source,
            published=passage.published,
            published_from=passage.published_from,
            passage=passage.text,
            highlights=tuple(sorted(set(highlights))),
            score=round(found.score, 4),
            also_in=tuple(_related(publication) for publication in also_in[:MAX_ALSO_IN]),
            corrections=self._corrections(passage),
        )

    def _corrections(self, passage: Passage) -> tuple[CorrectionNote, ...]:
        return tuple(
            CorrectionNote(
                kind=correction.notice.kind.value,
                text=correction.notice.text,
                article_id=correction.where.article_id,
                title=correction.where.title,
                url=correction.where.url,
                source=correction.where.source,
                published=correction.where.published,
            )
            for correction in self.notices(passage)
        )

    def notices(self, passage: Passage) -> Sequence[Correction]:
        """Return what corrects a passage's article, as far as the question may see it."""
        return self._snapshot.corrections(passage, self._where)


class CitationBook:
    """Numbers passages in the order in which claims first rest on them."""

    def __init__(self, citer: Citer, ranked: Sequence[RankedPassage]) -> None:
        self._citer = citer
        self._ranked = ranked
        self._sentences: dict[int, list[Sentence]] = {}

    def cite(self, claim: SupportedClaim) -> Claim:
        """Return the claim with its citation's number."""
        self._sentences.setdefault(claim.sentence.at, []).append(claim.sentence)
        number = list(self._sentences).index(claim.sentence.at) + 1
        return Claim(text=claim.text, citations=(number,), supported=True, support=claim.degree)

    def citations(self) -> tuple[Citation, ...]:
        """Return the cited passages by number, the sentences that support claims highlighted."""
        return tuple(
            self._citer.citation(
                self._ranked[at], n, [(sentence.start, sentence.end) for sentence in sentences]
            )
            for n, (at, sentences) in enumerate(self._sentences.items(), start=1)
        )


def _related(publication: Publication) -> RelatedArticle:
    return RelatedArticle(
        article_id=publication.article_id,
        title=publication.title,
        url=publication.url,
        source=publication.source,
        published=publication.published,
    )
