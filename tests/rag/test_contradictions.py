"""Where articles disagree on what is asked, an answer shows each side with its day and its passage."""

import pytest

from tests.fakes import FakeEmbedder
from tests.index.corpus import article
from tests.rag.harbour import build_archive

QUESTION = "How many people were killed in the Harn quake?"
EARLY = "Twelve people were killed in the Harn quake."
LATE = "The Harn quake killed 15 people, the rescuers said."
COUNTED = "The Harn quake killed 19 people, the army said."


@pytest.fixture
def asked(tmp_path, open_engine):
    def ask(*told, as_of="2026-07-09"):
        articles = [
            article(f"quake{n}", text, title="Harn quake", published=day, source=f"outlet{n}.example")
            for n, (text, day) in enumerate(told)
        ]
        root = tmp_path / "quake"
        build_archive(root, articles, FakeEmbedder(dimension=1024))
        return open_engine(root).ask(QUESTION, as_of=as_of)

    return ask


def test_the_latest_state_comes_first_with_what_it_replaced(asked):
    answer = asked((EARLY, "2026-07-02"), (LATE, "2026-07-04"))
    assert [claim.text for claim in answer.claims] == [
        f"As of 4 July 2026: {LATE}",
        f"On 2 July 2026 it had been reported: {EARLY}",
    ]
    assert [citation.published for citation in answer.citations] == ["2026-07-04", "2026-07-02"]
    assert answer.outlets == 2


def test_reports_of_one_day_that_differ_are_both_shown_with_their_outlet(asked):
    answer = asked((LATE, "2026-07-04"), (COUNTED, "2026-07-04"))
    assert {claim.text for claim in answer.claims} == {
        f"Reports differ; according to outlet1.example on 4 July 2026: {COUNTED}",
        f"According to outlet0.example on 4 July 2026: {LATE}",
    }


def test_an_earlier_as_of_day_knows_the_earlier_state_alone(asked):
    answer = asked((EARLY, "2026-07-02"), (LATE, "2026-07-04"), as_of="2026-07-03")
    assert [claim.text for claim in answer.claims] == [EARLY]


def test_reports_that_agree_are_answered_as_ever(asked):
    answer = asked((LATE, "2026-07-04"), ("Fifteen people were killed in the Harn quake.", "2026-07-05"))
    assert not [claim for claim in answer.claims if claim.text.startswith(("As of", "On "))]
