"""When each revision of an article stood."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.lineage import OPEN_END, Dates, settle, spans


def dates(number, published=None, updated=None, ingested="2026-11-01T00:00:00Z"):
    return Dates(
        revision_id=100 + number, number=number, published=published, updated=updated, ingested=ingested
    )


def day(text):
    return date.fromisoformat(text).toordinal()


def told(revisions):
    return [(span.revision_id - 100, span.first, span.last) for span in spans(revisions)]


def test_one_revision_stands_from_its_publication_on():
    assert told([dates(1, "2026-03-01")]) == [(1, day("2026-03-01"), OPEN_END)]


def test_a_text_that_names_its_update_stands_from_then_since_what_it_was_before_is_not_known():
    assert told([dates(1, "2026-03-01", "2026-03-04T10:00:00+00:00")]) == [(1, day("2026-03-04"), OPEN_END)]


def test_an_update_before_the_publication_is_not_believed():
    assert told([dates(1, "2026-03-05", "2026-03-01")]) == [(1, day("2026-03-05"), OPEN_END)]


def test_of_unknown_date_it_has_always_stood():
    assert told([dates(1)]) == [(1, 0, OPEN_END)]


def test_an_update_ends_the_revision_before_it():
    assert told([dates(1, "2026-03-01"), dates(2, "2026-03-01", "2026-03-10")]) == [
        (1, day("2026-03-01"), day("2026-03-10")),
        (2, day("2026-03-10"), OPEN_END),
    ]


def test_a_change_that_names_no_date_stands_from_the_day_it_was_read():
    later = dates(2, "2026-03-01", ingested="2026-04-01T09:00:00Z")
    assert told([dates(1, "2026-03-01"), later])[1] == (2, day("2026-04-01"), OPEN_END)


def test_a_later_publication_counts_as_the_day_of_the_change():
    assert told([dates(1, "2026-03-01"), dates(2, "2026-03-08")])[1] == (2, day("2026-03-08"), OPEN_END)


def test_an_older_text_that_is_read_later_takes_its_place_before_the_newer_one():
    newer, older = dates(1, "2026-03-01", "2026-03-10"), dates(2, "2026-03-01", "2026-03-05")
    assert told([newer, older]) == [
        (2, day("2026-03-05"), day("2026-03-10")),
        (1, day("2026-03-10"), OPEN_END),
    ]


def test_what_was_replaced_on_its_first_day_never_stood():
    assert told([dates(1, "2026-03-01"), dates(2, "2026-03-01", "2026-03-01")]) == [
        (2, day("2026-03-01"), OPEN_END)
    ]


def test_the_last_span_is_current_and_the_others_are_past():
    assert settle([dates(1, "2026-03-01"), dates(2, "2026-03-01", "2026-03-10")], 102) == (102, [101])


def test_a_text_that_comes_back_is_current_again_and_what_was_between_is_forgotten():
    assert settle([dates(1, "2026-03-01"), dates(2, "2026-03-01")], 101) == (101, [])


def test_an_older_text_that_names_its_date_does_not_become_current():
    read = [dates(1, "2026-03-01", "2026-03-02"), dates(2, "2026-03-01", "2026-03-10")]
    assert settle(read, 101) == (102, [101])


DAYS = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2026, 1, 1)).map(date.isoformat))


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=6))
def test_spans_follow_each_other_without_gap_and_the_last_is_open(found):
    revisions = [dates(number, *both) for number, both in enumerate(found, start=1)]
    result = spans(revisions)
    assert result[-1].last == OPEN_END
    assert all(span.first < span.last for span in result)
    assert all(one.last == other.first for one, other in pairwise(result))
    current, past = settle(revisions, revisions[-1].revision_id)
    assert len({current, *past}) == 1 + len(past)
