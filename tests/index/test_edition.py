"""A version made out of the one before holds what one made whole would hold."""

import dataclasses
from datetime import date, timedelta

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.build import BuildMode, remove
from index.catalogue import Catalogue
from index.contents_file import CONTENTS_NAME, load_contents
from index.edition import contents_of
from index.entries import Edition
from index.errors import ArticleNotFoundError
from index.filters import Filter
from index.versions import VersionStore
from tests.fakes import FakeEmbedder
from tests.index.corpus import add, article, build_index, numbered, open_index

EVERYTHING = Filter()
FIRST_DAY = date(2026, 3, 1)

readings = st.tuples(
    st.sampled_from("abcdef"),  # the article
    st.integers(0, 3),  # its text: copies share one
    st.integers(0, 5),  # days after the first, of publication
    st.one_of(st.none(), st.integers(0, 9)),  # and of the update
    st.sampled_from(["one.example", "two.example"]),
)
changes = st.one_of(
    st.tuples(st.just("add"), st.lists(readings, min_size=1, max_size=3)),
    st.tuples(st.just("remove"), st.sampled_from("abcdef")),
)


def read(name, text, published, updated, source):
    made = article(
        name,
        f"The harbour text number{text} stands here and is long enough to count as the text of an article.",
        published=(FIRST_DAY + timedelta(days=published)).isoformat(),
    )
    day = None if updated is None else (FIRST_DAY + timedelta(days=updated)).isoformat()
    return dataclasses.replace(made, updated=day, source=source)


def make_change(root, embedder, kind, what):
    if kind == "add":
        add(root, [read(*reading) for reading in what], embedder)
        return
    try:
        remove(root, [article(what, "").url])
    except ArticleNotFoundError:
        return


def live(root):
    store = VersionStore(root)
    manifest = store.manifest(store.current())
    return manifest, store.folder(manifest.version)


def assert_as_if_made_whole(root, embedder):
    manifest, folder = live(root)
    stored, _ = load_contents(folder / CONTENTS_NAME)
    with Catalogue.open(root) as catalogue:
        whole = contents_of(catalogue, manifest.number)
    assert stored.edition.entries == whole.edition.entries
    assert np.array_equal(stored.rows, whole.rows)
    assert np.array_equal(stored.entry_of_row, whole.entry_of_row)
    assert stored.digest() == whole.digest() == manifest.contents
    assert (manifest.articles, manifest.chunks) == (whole.edition.articles, len(whole.rows))
    with open_index(root) as snapshot:
        current = whole.edition.shown
        hits = snapshot.search_dense(embedder.embed_query("harbour"), 100, EVERYTHING)
        seen = snapshot.passages([hit.row for hit in hits])
        assert {passage.revision_id for passage in seen} == set(current.tolist())
        words = snapshot.search_lexical("harbour", 100, EVERYTHING)
        assert {hit.row for hit in words} == {hit.row for hit in hits}


@given(first=st.lists(readings, min_size=1, max_size=5), then=st.lists(changes, max_size=6))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_added_changed_and_removed(tmp_path_factory, first, then):
    embedder = FakeEmbedder()
    root = tmp_path_factory.mktemp("edition") / "index"
    build_index(root, [read(*reading) for reading in first], embedder)
    for kind, what in then:
        make_change(root, embedder, kind, what)
        assert_as_if_made_whole(root, embedder)


def test_an_addition_shares_the_files_that_it_does_not_change(root, embedder):
    build_index(root, numbered(30), embedder)
    add(root, [article("new", "Something about the harbour.")], embedder)
    first, second = (VersionStore(root).folder(name) / "lexical" for name in ("000001", "000002"))
    shared = {path.stat().st_ino for path in first.iterdir()} & {
        path.stat().st_ino for path in second.iterdir()
    }
    assert shared
    assert (first / "meta.json").stat().st_ino not in shared
    assert_as_if_made_whole(root, embedder)


def test_a_build_from_scratch_shares_nothing(root, embedder):
    build_index(root, numbered(3), embedder)
    build_index(root, numbered(4), embedder, BuildMode.REPLACE)
    assert {path.stat().st_nlink for path in live(root)[1].rglob("*") if path.is_file()} == {1}


def test_an_edition_finds_its_entries_by_revision_and_by_group():
    with_copies = Edition.of(numbered_entries())
    assert with_copies.place(7) is None
    assert with_copies.places([9, 3, 8]).tolist() == [0, 2]
    assert [entry.revision_id for entry in with_copies.alike()[3]] == [5, 3]
    assert with_copies.shown.tolist() == [3, 9]
    assert with_copies.articles == 2


def numbered_entries():
    from index.entries import Entry
    from index.lineage import OPEN_END

    def entry(revision_id, first, group):
        return Entry(
            revision_id=revision_id,
            article_id=f"{revision_id:016x}",
            day=first,
            first=first,
            last=OPEN_END,
            source="one.example",
            group=group,
        )

    return [entry(9, 2, 9), entry(3, 5, 3), entry(5, 1, 3)]
