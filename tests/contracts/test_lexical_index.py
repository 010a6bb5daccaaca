"""What every lexical index must do; add an engine to `ENGINES` and it is held to this."""

import contextlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.adapters.tantivy_lexical import TantivyEngine
from index.errors import ArchiveDamagedError
from index.filters import Filter
from index.lineage import OPEN_END
from index.search import LexicalDocument

ENGINES = [TantivyEngine]
EVERYTHING = Filter()


def document(row, body, *, title="", day=date(2026, 3, 1), source="example.com", first=None, last=None):
    published = day.toordinal() if day else 0
    return LexicalDocument(
        row=row,
        title=title,
        body=body,
        day=published,
        first=first.toordinal() if first else published,
        last=last.toordinal() if last else OPEN_END,
        source=source,
    )


@pytest.fixture(params=ENGINES, scope="module")
def engine(request):
    return request.param()


@pytest.fixture(scope="module")
def folder(engine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lexical") / "index"
    with engine.write(folder) as writer:
        writer.add(
            iter(
                [
                    document(1, "The dog ran to the harbour.", day=date(2026, 1, 1)),
                    document(2, "Running dogs were seen.", day=date(2026, 2, 1), source="Other.Example"),
                    document(3, "Nothing of note.", title="Harbour news", day=date(2026, 3, 1)),
                    document(4, "A café in Zürich opened.", day=None),
                    document(5, "The harbour harbour harbour closed.", day=None, source="other.example"),
                    document(6, "To be or not to be.", day=date(2026, 4, 1)),
                    document(7, "The lighthouse is white.", last=date(2026, 3, 5)),
                    document(8, "The lighthouse is red.", first=date(2026, 3, 5)),
                    document(9, "The lighthouse keeper.", source="copy.example"),
                ]
            )
        )
    return folder


@pytest.fixture(scope="module")
def index(engine, folder):
    return engine.load(folder)


def found(index, text, where=EVERYTHING, top_k=10):
    return [hit.row for hit in index.search(text, top_k, where)]


def test_words_match_in_any_form_case_and_accent(index):
    assert set(found(index, "DOG")) == {1, 2}
    assert set(found(index, "run")) == {2}
    assert found(index, "cafe zurich") == [4]
    assert found(index, "Café") == [4]


def test_titles_count(index):
    assert 3 in found(index, "harbour")


def test_scores_fall_and_top_k_bounds(index):
    hits = index.search("harbour dog", 10, EVERYTHING)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.score > 0 for hit in hits)
    assert index.search("harbour dog", 2, EVERYTHING) == hits[:2]
    assert index.search("harbour", 0, EVERYTHING) == []


def test_stop_words_count_only_where_there_is_nothing_else(index):
    assert found(index, "the dog") == found(index, "dog")
    assert found(index, "to be or not to be")[0] == 6


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Filter(), {1, 3, 5}),
        (Filter(since=date(2026, 2, 1)), {3, 5}),
        (Filter(until=date(2026, 3, 1)), {1, 3, 5}),
        (Filter(until=date(2026, 2, 28)), {1, 5}),
        (Filter(until=date(2026, 2, 28), undated=False), {1}),
        (Filter(since=date(2026, 3, 1), until=date(2026, 3, 1), undated=False), {3}),
        (Filter(undated=False), {1, 3}),
        (Filter(sources=("OTHER.example",)), {5}),
        (Filter(sources=("other.example", "example.com")), {1, 3, 5}),
        (Filter(sources=("nowhere",)), set()),
        (Filter(since=date(2027, 1, 1), until=date(2026, 1, 1), undated=False), set()),
    ],
)
def test_filters_bound_what_is_seen_and_leave_the_scores(index, where, expected):
    hits = index.search("harbour", 10, where)
    assert {hit.row for hit in hits} == expected
    free = index.search("harbour", 10, replace(where, since=None, sources=()))
    scores = {hit.row: hit.score for hit in free}
    assert all(hit.score == pytest.approx(scores[hit.row]) for hit in hits)


def test_words_weigh_by_what_there_is_up_to_the_last_day_and_no_more_by_what_is_gone(engine, tmp_path):
    texts = ["The harbour bridge opened.", "The ferry left the harbour.", "The bridge was painted red."]
    early = [document(row, text, day=date(2026, 1, 1)) for row, text in enumerate(texts, start=1)]
    later = [document(10 + n, "The ferry and the bridge collided.", day=date(2026, 3, 1)) for n in range(9)]
    gone = [document(30 + n, "The harbour was drained again.", day=date(2026, 1, 1)) for n in range(9)]
    with engine.write(tmp_path / "small") as writer:
        writer.add(iter(early))
    with engine.write(tmp_path / "large") as writer:
        writer.add(iter([*early, *later]))
    small, large = engine.load(tmp_path / "small"), engine.load(tmp_path / "large")
    until, asked = Filter(until=date(2026, 2, 1)), ["harbour", "ferry", "bridge", "red", "drained"]
    counts = small.document_frequencies(asked, until)
    assert counts == {"harbour": 2, "ferry": 1, "bridge": 2, "red": 1, "drained": 0}
    assert large.document_frequencies(asked, until) == counts
    assert large.document_frequencies(asked, EVERYTHING)["bridge"] == 2 + len(later)
    for text in ("harbour ferry", "bridge ferry", "harbour bridge red"):
        assert found(large, text, until) == found(small, text, until)
    with engine.write(tmp_path / "large") as writer:
        writer.add(iter(gone))
    with engine.write(tmp_path / "large") as writer:
        writer.remove([one.row for one in gone])
    assert engine.load(tmp_path / "large").document_frequencies(asked, until) == counts


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Filter(), {8, 9}),
        (Filter(as_of=date(2026, 3, 1)), {7, 9}),
        (Filter(as_of=date(2026, 3, 4)), {7, 9}),
        (Filter(as_of=date(2026, 3, 5)), {8, 9}),
        (Filter(as_of=date(2026, 2, 28)), set()),
        (Filter(as_of=date(2026, 3, 4), sources=("Copy.example",)), {9}),
        (Filter(sources=("example.com",)), {8}),
    ],
)
def test_each_text_is_seen_on_the_days_on_which_it_stood(index, where, expected):
    assert set(found(index, "lighthouse", where)) == expected


@given(st.text(max_size=80))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_safe_query(index, text):
    assert len(index.search(text, 3, EVERYTHING)) <= 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        '"',
        "title:",
        "a AND (",
        "[1 TO",
        "*",
        "dog~2^3",
        "\x00",
        "\ud800",
        "x" * 5_000,
        "dog " * 5_000,
        "_",
    ],
)
def test_the_syntax_of_query_languages_is_only_text(index, text):
    index.search(text, 5, Filter(until=date(2026, 3, 1)))


def test_an_empty_index_is_valid(engine, tmp_path):
    with engine.write(tmp_path / "empty"):
        pass
    index = engine.load(tmp_path / "empty")
    assert index.count == 0
    assert index.search("dog", 5, EVERYTHING) == []


def test_it_says_which_words_stand_in_which_chunks(index):
    held = index.holding(["dogs", "harbours", "cafe", "zeppelin", "harbour-dog", "?"], [2, 3, 1, 4])
    assert held.tolist() == [
        [True, False, True, False],
        [False, True, True, False],
        [False, False, False, True],
        [False] * 4,
        [False, False, True, False],
        [False] * 4,
    ]
    assert index.holding([], [1]).shape == (0, 1)
    assert index.holding(["dog"], []).shape == (1, 0)


def test_changes_are_seen_by_those_who_open_later(engine, tmp_path):
    with engine.write(tmp_path / "index") as writer:
        writer.add(document(row, f"dog number{row}") for row in range(50))
    before = engine.load(tmp_path / "index")
    with engine.write(tmp_path / "index") as writer:
        writer.remove([3, 4, 999])
        writer.add(iter([document(77, "dog number77")]))
    after = engine.load(tmp_path / "index")
    assert (before.count, after.count) == (50, 49)
    assert found(after, "number3 number4 number77") == [77]
    assert found(before, "number3") == [3]


def test_files_that_are_immutable_stay_as_they_are_whatever_is_changed_later(engine, tmp_path):
    """So that another index may hold them by a link: nothing is ever written into them."""
    first, second = tmp_path / "first", tmp_path / "second"
    with engine.write(first) as writer:
        writer.add(document(row, f"dog number{row}") for row in range(50))
    before = {path.name: path.read_bytes() for path in first.iterdir()}
    second.mkdir()
    for path in first.iterdir():
        if engine.is_immutable(path.name):
            (second / path.name).hardlink_to(path)
        else:
            (second / path.name).write_bytes(path.read_bytes())
    for number in range(12):  # enough for files to be merged
        with engine.write(second) as writer:
            writer.remove([number])
            writer.add(iter([document(100 + number, f"dog number{100 + number}")]))
    assert {path.name: path.read_bytes() for path in first.iterdir()} == before
    assert set(found(engine.load(second), "dog", top_k=100)) == {*range(12, 50), *range(100, 112)}
    assert found(engine.load(first), "number100") == []
    assert found(engine.load(first), "number3") == [3]


def test_a_row_can_be_removed_whatever_its_size(engine, tmp_path):
    big = 2**53 + 1
    with engine.write(tmp_path / "index") as writer:
        writer.add(iter([document(big, "dog"), document(2, "dog")]))
    with engine.write(tmp_path / "index") as writer:
        writer.remove([big])
    assert found(engine.load(tmp_path / "index"), "dog") == [2]


def test_nothing_is_kept_of_a_block_that_fails(engine, tmp_path):
    with engine.write(tmp_path / "index") as writer:
        writer.add(iter([document(1, "dog")]))
    with contextlib.suppress(KeyboardInterrupt), engine.write(tmp_path / "index") as writer:
        writer.remove([1])
        raise KeyboardInterrupt
    assert found(engine.load(tmp_path / "index"), "dog") == [1]


def test_a_folder_of_another_kind_is_refused(engine, tmp_path):
    with pytest.raises(ArchiveDamagedError):
        engine.load(tmp_path)
