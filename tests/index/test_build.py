import dataclasses

import pytest

from index.archive import Archive
from index.article import Skipped
from index.build import BuildMode, build, remove
from index.config import ChunkingConfig
from index.errors import (
    ArchiveMismatchError,
    ArchiveNotFoundError,
    ArticleNotFoundError,
    DatelineError,
)
from index.filters import Filter
from index.progress import Stage
from tests.fakes import FakeEmbedder
from tests.index.corpus import CHUNKING, add, article, build_index, numbered, open_index

EVERYTHING = Filter()
LONG = "\n\n".join(
    " ".join(f"Paragraph {letter} sentence {n} talks of thing{letter}{n} again." for n in range(4))
    for letter in "ABCD"
)


def texts_found(root, query, embedder):
    with open_index(root) as snapshot:
        dense = snapshot.search_dense(embedder.embed_query(query), 100, EVERYTHING)
        lexical = snapshot.search_lexical(query, 100, EVERYTHING)
        rows = sorted({hit.row for hit in (*dense, *lexical)})
        return {passage.text for passage in snapshot.passages(rows)}


def test_a_build_makes_the_first_version(root, embedder):
    report = build_index(root, numbered(5), embedder)
    assert (report.version, report.articles, report.chunks, report.added) == ("000001", 5, 5, 5)
    assert (report.embedded, report.reused, report.changed) == (5, 0, True)
    assert (root / "CURRENT").read_text() == "000001\n"
    assert sorted(path.name for path in (root / "versions" / "000001").iterdir()) == [
        "contents.npz",
        "lexical",
        "manifest.json",
        "vectors.faiss",
    ]
    assert report.to_dict()["skipped"] == []


def test_building_again_replaces_everything_and_embeds_only_what_is_new(root, embedder):
    build_index(root, numbered(5), embedder)
    report = build_index(root, numbered(6)[2:], embedder)
    assert (report.version, report.articles, report.added, report.removed) == ("000002", 4, 1, 2)
    assert (report.unchanged, report.embedded, report.reused) == (3, 1, 3)


def test_adding_what_is_there_publishes_nothing_and_embeds_nothing(root, embedder):
    build_index(root, numbered(5), embedder)
    calls = embedder.calls
    report = add(root, numbered(5), embedder)
    assert (report.changed, report.version, report.embedded, report.unchanged) == (False, "000001", 0, 5)
    assert embedder.calls == calls
    assert Archive(root).current_version() == "000001"


def test_adding_keeps_the_rest(root, embedder):
    build_index(root, numbered(5), embedder)
    report = add(root, [*numbered(7)[4:]], embedder)
    assert (report.version, report.articles, report.added, report.unchanged) == ("000002", 7, 2, 1)
    assert report.embedded == 2
    assert texts_found(root, "number1 number6", embedder) >= {
        "The harbour report number1 came out.",
        "The harbour report number6 came out.",
    }


def test_adding_to_nothing_is_a_build(root, embedder):
    report = add(root, numbered(2), embedder)
    assert (report.version, report.articles, report.changed) == ("000001", 2, True)


def test_a_changed_article_embeds_only_its_changed_chunks(root, embedder):
    first = article("a", LONG)
    chunks = build_index(root, [first, article("b", "Another one.")], embedder).chunks
    assert chunks > 4
    changed = dataclasses.replace(first, text=LONG.replace("thingD3", "novelty"))
    embedder.embedded.clear()
    report = add(root, [changed], embedder)
    assert (report.updated, report.added, report.articles, report.embedded) == (1, 0, 2, 1)
    assert [("novelty" in text) for text in embedder.embedded] == [True]
    found = texts_found(root, "thingD3 novelty", embedder)
    assert any("novelty" in text for text in found)
    assert not any("thingD3" in text for text in found)
    assert Archive(root).article(first.id).record.revision == 2


def test_content_that_comes_back_is_the_old_revision_again(root, embedder):
    first = article("a", "The first text.")
    build_index(root, [first], embedder)
    add(root, [dataclasses.replace(first, text="The second text.")], embedder)
    report = add(root, [first], embedder)
    assert (report.updated, report.embedded) == (1, 0)
    assert Archive(root).article(first.id).record.revision == 1
    assert texts_found(root, "text", embedder) == {"The first text."}


@pytest.mark.parametrize("reference", ["id", "url", "origin"])
def test_a_removed_article_is_gone_from_both_searches(root, embedder, reference):
    gone, kept = article("gone", "The secret harbour."), article("kept", "The open harbour.")
    build_index(root, [gone, kept], embedder)
    calls = embedder.calls
    report = remove(root, [getattr(gone, reference)])
    assert (report.version, report.removed, report.articles, report.embedded) == ("000002", 1, 1, 0)
    assert embedder.calls == calls
    assert texts_found(root, "secret harbour", embedder) == {"The open harbour."}
    with pytest.raises(ArticleNotFoundError):
        Archive(root).article(gone.id)


def test_a_file_is_removed_by_its_path_however_it_is_written(root, embedder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    by_path = dataclasses.replace(
        article("a", "One."), key=(tmp_path / "news" / "a b.txt").as_uri(), origin=""
    )
    shown = dataclasses.replace(article("b", "Two."), origin="news/b.txt")
    build_index(root, [by_path, shown, *numbered(1)], embedder)
    report = remove(root, [f"{tmp_path}/news/a b.txt", f"{tmp_path}/news/../news/b.txt"])
    assert (report.removed, report.articles) == (2, 1)


def test_the_path_of_a_file_of_records_removes_all_of_them(root, embedder):
    records = [
        dataclasses.replace(one, origin=f"news/all.jsonl:{number}")
        for number, one in enumerate(numbered(3), 1)
    ]
    other = dataclasses.replace(article("other", "Other."), origin="news/all.jsonl2:1")
    build_index(root, [*records, other], embedder)
    assert remove(root, ["news/all.jsonl:2"]).removed == 1
    assert remove(root, ["news/all.jsonl"]).removed == 2
    assert [record.id for record in Archive(root).list_articles()] == [other.id]


@pytest.mark.parametrize("reference", ["", "https", "https://example.com", "%", "*", "\0", "news"])
def test_part_of_an_address_removes_nothing(root, embedder, reference):
    build_index(root, [dataclasses.replace(article("a", "One."), origin="https://example.com/a")], embedder)
    with pytest.raises(ArticleNotFoundError):
        remove(root, [reference])


def test_removing_is_all_or_nothing(root, embedder):
    articles = numbered(3)
    build_index(root, articles, embedder)
    with pytest.raises(ArticleNotFoundError, match="nowhere"):
        remove(root, [articles[0].id, "nowhere"])
    assert Archive(root).current_version() == "000001"


def test_a_removed_article_can_come_back_without_embedding(root, embedder):
    build_index(root, numbered(3), embedder)
    remove(root, [numbered(3)[1].id])
    report = add(root, [numbered(3)[1]], embedder)
    assert (report.added, report.embedded, report.articles) == (1, 0, 3)


def test_removing_the_last_article_leaves_a_valid_empty_index(root, embedder):
    build_index(root, numbered(1), embedder)
    report = remove(root, [numbered(1)[0].id])
    assert (report.articles, report.chunks) == (0, 0)
    with open_index(root) as snapshot:
        assert (snapshot.article_count, snapshot.chunk_count) == (0, 0)
        assert snapshot.search_dense(embedder.embed_query("harbour"), 5, EVERYTHING) == []
        assert snapshot.search_lexical("harbour", 5, EVERYTHING) == []
        assert snapshot.newest_published(EVERYTHING) is None
    assert Archive(root).verify() == []
    assert Archive(root).list_articles() == []
    assert add(root, numbered(2), embedder).articles == 2
    assert len(texts_found(root, "harbour", embedder)) == 2


def test_removing_from_nothing_says_so_and_makes_nothing(root):
    with pytest.raises(ArchiveNotFoundError, match="dateline index build"):
        remove(root, ["x"])
    assert not root.exists()


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ([], "no article was found"),
        ([Skipped(origin="a.pdf", reason="it is encrypted")], "'a.pdf': it is encrypted"),
    ],
)
def test_nothing_readable_makes_no_folder(root, embedder, inputs, reason):
    for mode in BuildMode:
        with pytest.raises(DatelineError, match=reason):
            build_index(root, inputs, embedder, mode)
    assert not root.exists()


@pytest.mark.parametrize("inputs", [[], [Skipped(origin="a", reason="b")], [article("blank", " \n ")]])
def test_nothing_readable_never_replaces_an_index(root, embedder, inputs):
    build_index(root, numbered(2), embedder)
    with pytest.raises(DatelineError):
        build_index(root, inputs, embedder)
    assert Archive(root).current_version() == "000001"


def test_an_input_that_is_skipped_is_named_with_its_reason(root, embedder):
    bad = Skipped(origin="x.pdf", reason="it is encrypted")
    blank = article("blank", "   ")
    report = build_index(root, [bad, *numbered(2), blank], embedder)
    assert report.skipped == (bad, Skipped(origin=blank.origin, reason="it has no text"))
    assert report.articles == 2


def test_the_same_article_twice_is_taken_once(root, embedder):
    one = article("one", "The text.")
    copy = dataclasses.replace(one, origin="/other/place")
    report = build_index(root, [one, copy], embedder)
    assert report.articles == 1
    assert report.skipped == (Skipped(origin="/other/place", reason=f"the same article as {one.origin}"),)


def test_of_two_readings_that_differ_the_last_is_taken(root, embedder):
    one = article("one", "The early text.")
    build_index(root, [one, dataclasses.replace(one, text="The late text.")], embedder)
    assert texts_found(root, "text", embedder) == {"The late text."}


def test_texts_that_are_equal_share_a_vector_and_are_one_article(root, embedder):
    twins = [article(name, "The same words.", title="Same title") for name in "ab"]
    report = build_index(root, twins, embedder)
    assert (report.articles, report.chunks, report.embedded, report.reused) == (1, 2, 1, 1)


def test_adding_with_another_model_is_refused_and_names_the_mend(root, embedder):
    build_index(root, numbered(2), embedder)
    other = FakeEmbedder(name="other", dimension=32)
    with pytest.raises(ArchiveMismatchError, match=r"'fake'.*'other'.*dateline index build"):
        add(root, numbered(3), other)
    assert build_index(root, numbered(3), other).embedded == 3
    Archive(root).open(embedder=other.info).close()


def test_adding_with_another_chunking_cuts_everything_anew(root, embedder):
    build_index(root, [article("a", LONG)], embedder)
    wide = ChunkingConfig(max_tokens=200, overlap_sentences=0)
    report = build(root, [article("b", "New.")], embedder=embedder, chunking=wide, mode=BuildMode.ADD)
    assert (report.articles, report.chunks) == (2, 2)
    with open_index(root) as snapshot:
        assert snapshot.manifest.chunking == wide
        assert snapshot.chunk_count == 2


def test_progress_is_told_at_every_batch(root, embedder):
    told = []
    build(
        root,
        numbered(300),
        embedder=embedder,
        chunking=CHUNKING,
        mode=BuildMode.REPLACE,
        progress=told.append,
    )
    assert [p.stage for p in told[-2:]] == [Stage.WRITE, Stage.PUBLISH]
    assert {p.total_articles for p in told} == {300}
    counts = [(p.articles, p.embedded) for p in told]
    assert counts == sorted(counts)
    assert counts[-1] == (300, 300)
    assert len(told) > 8


def test_text_that_no_utf8_file_can_hold_is_stored_all_the_same(root, embedder):
    broken = article("x", "Broken \ud800 text.\x00 More.", title="Odd \udfff title")
    build_index(root, [broken], embedder)
    assert add(root, [broken], embedder).changed is False
    with open_index(root) as snapshot:
        hits = snapshot.search_lexical("broken", 5, EVERYTHING)
        assert snapshot.passages([hit.row for hit in hits])[0].text == "Broken ? text.\x00 More."


def test_versions_tell_their_parents_and_what_changed(root, embedder):
    build_index(root, numbered(3), embedder)
    add(root, numbered(4), embedder)
    remove(root, [numbered(4)[0].id])
    build_index(root, numbered(2), embedder)
    told = [(m.version, m.parent, m.mode, m.articles, m.added, m.removed) for m in Archive(root).versions()]
    assert told == [
        ("000001", None, "replace", 3, 3, 0),
        ("000002", "000001", "add", 4, 1, 0),
        ("000003", "000002", "remove", 3, 0, 1),
        ("000004", None, "replace", 2, 1, 2),
    ]
