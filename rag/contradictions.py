"""Claims that show where the retrieved articles disagree, each side with its day and its passage."""

from collections.abc import Sequence

from rag.conflict import AS_OF, Disagreement, conflicts, told
from rag.drafts import Draft, drafts_of
from rag.evidence import Evidence, Sentence
from rag.plan import Plan
from rag.ranked import RankedPassage
from rag.statements import Statement
from rag.supported import SupportedClaim

MOST_SIDES = {"replaced": 2, "differ": 4}
"""Of a figure that develops, its latest state and the one before it; of reports that differ, up to four."""


def contradicting_claims(
    plan: Plan, ranked: Sequence[RankedPassage], evidence: Evidence
) -> list[SupportedClaim]:
    """Return quotations that differ on what is asked, the newest first; none where the articles agree.

    Only a disagreement that a passage of the chosen sentences has a part in counts: others are beside the
    point.
    """
    drafts = drafts_of(ranked)
    statements = [_statement(draft, ranked[draft.at]) for draft in drafts]
    chosen = {sentence.at for sentence in evidence.sentences}
    return [
        SupportedClaim(text=text, sentence=_sentence(drafts[at]), degree=1.0, quoted=True)
        for disagreement in conflicts(statements, plan.standalone)
        if chosen & {drafts[at].at for at in _positions(disagreement)}
        for text, at in told(disagreement, statements)[: MOST_SIDES[disagreement.relation]]
    ]


def newest_claim(plan: Plan, ranked: Sequence[RankedPassage], evidence: Evidence) -> SupportedClaim | None:
    """Return the latest state of what is asked, where it is known which came last; None where all agree."""
    claims = contradicting_claims(plan, ranked, evidence)
    return claims[0] if claims and claims[0].text.startswith(AS_OF) else None


def _positions(disagreement: Disagreement) -> set[int]:
    return {at for side in disagreement.sides for at in side.statements}


def _statement(draft: Draft, found: RankedPassage) -> Statement:
    passage = found.passage
    return Statement(
        text=draft.text,
        outlet=passage.source,
        published=passage.published,
        article_id=passage.article_id,
        cluster=str(passage.cluster),
        context=f"{passage.title} {passage.text}",
    )


def _sentence(draft: Draft) -> Sentence:
    """Return a sentence that is quoted for itself, and was weighed against no other."""
    return Sentence(
        at=draft.at,
        start=draft.start,
        end=draft.end,
        text=draft.text,
        similarity=0.0,
        coverage=0.0,
        fits=True,
        unnamed=(),
        score=0.0,
    )
