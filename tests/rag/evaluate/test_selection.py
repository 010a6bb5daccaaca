"""Which questions are shown, and what a comparison says of two reports."""

import pytest

from rag.evaluate.compare import compare
from rag.evaluate.dataset import EvalQuestion
from rag.evaluate.measures import measures_of
from rag.evaluate.report import EvalReport
from rag.evaluate.results import Looked, QuestionResult
from rag.evaluate.selection import shown_ids


def result(name, rank, *, answerable=True):
    return QuestionResult(
        question=EvalQuestion(id=name, text="Who?", answer="Orvale", answerable=answerable),
        looked=Looked(passages=(), sentences=None, timings_ms={"search": 1.0}),
        rank=rank,
        groups={"year": "2026"},
        scores={"hit@4": float(rank is not None and rank <= 4)} if answerable else {},
    )


def report(*results):
    return EvalReport(
        dataset="tiny",
        index="cache",
        articles=1,
        chunks=1,
        build_seconds=0.0,
        questions=len(results),
        answerable=sum(one.question.answerable for one in results),
        judged=0,
        seed=0,
        evidence_tokens=300,
        measures=measures_of(results, seed=0),
        groups=(),
        search_ms={},
        ask_ms={},
        notes=(),
        results=results,
    )


THIS = report(result("a", 1), result("b", None), result("c", 3), result("d", None, answerable=False))
OTHER = report(result("a", None), result("b", None), result("c", 2), result("d", 1, answerable=False))


@pytest.mark.parametrize(
    ("show", "ids"), [(None, ""), ("all", "abcd"), ("misses", "b"), ("c", "c"), ("changes", "")]
)
def test_questions_of_one_report(show, ids):
    assert shown_ids(show, THIS) == list(ids)


@pytest.mark.parametrize(("show", "ids"), [("misses", "ab"), ("changes", "ac"), ("d", "d")])
def test_questions_of_two_reports(show, ids):
    assert shown_ids(show, THIS, OTHER) == list(ids)


def test_wins_and_losses_are_of_the_other_one():
    both = compare(THIS, OTHER, names=("this", "other"), seed=0)
    (hit,) = both.differences
    assert (hit.name, hit.questions, hit.wins, hit.losses, hit.ties) == ("hit@4", 3, 0, 1, 2)
    assert (hit.this, hit.other, hit.difference) == (0.6667, 0.3333, -0.3333)
    assert hit.p == 1  # of one question that differs both signs are as likely
    assert [(change.id, change.this, change.other) for change in both.changes] == [
        ("a", 1, None),
        ("c", 3, 2),
    ]


def test_reports_over_other_questions_cannot_be_compared():
    with pytest.raises(ValueError, match=r"shorter|longer"):
        compare(THIS, report(result("a", 1)), names=("this", "other"), seed=0)
