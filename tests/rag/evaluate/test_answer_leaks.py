"""What an answer shows of later than the question's day is found, wherever it stands."""

from index.records import ArticleRecord
from rag.answer import CorrectionNote, RelatedArticle
from rag.evaluate.leaks import Titles, leaks_of
from tests.rag.evaluate.replies import answer, passage


def record(title, published):
    return ArticleRecord(
        id=title,
        title=title,
        url="",
        source="",
        published=published,
        published_from="meta",
        updated=None,
        ingested="2026-05-01",
        revision=1,
        chunks=1,
    )


TITLES = Titles.of(
    [
        record("Bridge opens", "2026-03-01"),
        record("Bridge shut", "2026-04-09"),
        record("Storms", "2026-04-09"),
        record("Storms", "2026-01-09"),
        record("Memories", None),
    ]
)
EARLY, LATE = passage(n=1, published="2026-03-05"), passage(n=2, published="2026-03-06")


def test_what_is_of_the_day_itself_or_undated_is_no_leak():
    told = answer("“Bridge opens” [1]", citations=(EARLY, passage()), newest="2026-03-05")
    assert leaks_of(told, [EARLY, passage()], TITLES) == []


def test_a_later_passage_is_a_leak_whether_it_is_cited_or_only_shown_as_found():
    assert leaks_of(answer("…", citations=(LATE,)), [], TITLES) == ["passage chunk2 of 2026-03-06"]
    assert leaks_of(answer("…"), [EARLY, LATE], TITLES) == ["passage chunk2 of 2026-03-06"]


def test_a_leak_is_counted_once():
    assert len(leaks_of(answer("…", citations=(LATE,)), [LATE], TITLES)) == 1


def test_a_later_copy_or_correction_is_a_leak():
    later = {"article_id": "x", "title": "X", "url": "", "source": "", "published": "2026-03-06"}
    shown = passage(
        n=1,
        published="2026-03-01",
        also_in=(RelatedArticle(**later),),
        corrections=(CorrectionNote(kind="correction", text="No.", **later),),
    )
    found = leaks_of(answer("…", citations=(shown,)), [], TITLES)
    assert found == ["copy x of 2026-03-06", "correction x of 2026-03-06"]


def test_the_title_of_a_later_article_is_a_leak():
    follow_ups = (
        "What is reported in “Bridge shut”?",
        "What is reported in “Bridge opens”?",
        "What is reported in “Storms”?",  # one article of this title is early enough
        "What is reported in “Memories”?",  # undated
        "What is reported in “Nobody wrote this”?",
    )
    assert leaks_of(answer("…", follow_ups=follow_ups), [], TITLES) == ["a follow-up quotes 'Bridge shut'"]
    nearest = answer("Nearest is “Bridge shut” (x, 2026-04-09) [1].", abstained=True)
    assert leaks_of(nearest, [], TITLES) == ["the answer quotes 'Bridge shut'"]


def test_a_newest_day_after_the_question_is_a_leak():
    assert leaks_of(answer("…", newest="2026-03-06"), [], TITLES) == ["the newest day 2026-03-06"]
