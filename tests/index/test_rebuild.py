"""A rebuild makes a version anew from the catalogue: other settings, the same articles."""

import dataclasses
from datetime import date

import pytest

from index.archive import Archive
from index.build import BuildMode, build, remove
from index.config import ChunkingConfig
from index.errors import ArchiveDamagedError, ArchiveNotFoundError, ArticleRemovedError
from index.filters import Filter
from index.progress import Stage
from index.rebuild import rebuild
from tests.fakes import FakeEmbedder
from tests.index.corpus import CHUNKING, add, article, build_index, numbered, open_index

WIDE = ChunkingConfig(max_tokens=200, overlap_sentences=0)
LONG = " ".join(f"Sentence {n} tells of the harbour and its keeper number{n}." for n in range(12))


def found(root, query, embedder, where=None):
    """Return (title, text, score) of what each of the two searches finds."""
    with open_index(root) as snapshot:
        hits = [
            snapshot.search_dense(embedder.embed_query(query), 20, where or Filter()),
            snapshot.search_lexical(query, 20, where or Filter()),
        ]
        shown = []
        for ranked in hits:
            passages = {one.row: one for one in snapshot.passages([hit.row for hit in ranked])}
            shown.append(
                sorted((passages[h.row].title, passages[h.row].text, round(h.score, 5)) for h in ranked)
            )
        return shown


def test_the_articles_are_cut_anew_beside_the_version_that_answers(root, embedder):
    build_index(root, [article("long", LONG), *numbered(3)], embedder)
    report = rebuild(root, embedder=embedder, chunking=WIDE)
    assert (report.version, report.articles, report.unchanged, report.changed) == ("000002", 4, 4, True)
    assert (report.added, report.updated, report.removed) == (0, 0, 0)
    manifest = Archive(root).versions()[-1]
    assert (manifest.mode, manifest.parent, manifest.chunking) == ("rebuild", "000001", WIDE)
    assert report.chunks == 4 < Archive(root).versions()[0].chunks
    assert Archive(root).verify() == []


def test_it_finds_what_a_build_from_the_sources_finds(root, embedder, tmp_path):
    articles = [article("long", LONG), *numbered(5)]
    build_index(root, articles, embedder)
    rebuild(root, embedder=embedder, chunking=WIDE)
    other = tmp_path / "other"
    build(other, articles, embedder=embedder, chunking=WIDE, mode=BuildMode.REPLACE)
    for query in ("harbour keeper", "report number3"):
        assert found(root, query, embedder) == found(other, query, embedder)


def test_under_the_same_settings_nothing_is_embedded_and_the_files_are_written_anew(root, embedder):
    build_index(root, numbered(5), embedder)
    add(root, numbered(7)[5:], embedder)
    calls = embedder.calls
    before = found(root, "harbour number6", embedder)
    report = rebuild(root, embedder=embedder, chunking=CHUNKING)
    assert (report.version, report.embedded, report.reused) == ("000003", 0, 7)
    assert embedder.calls == calls
    assert found(root, "harbour number6", embedder) == before


def test_another_model_embeds_everything_once_and_then_nothing(root, embedder):
    build_index(root, numbered(5), embedder)
    other = FakeEmbedder(name="other", dimension=32)
    assert rebuild(root, embedder=other, chunking=CHUNKING).embedded == 5
    Archive(root).open(embedder=other.info).close()
    assert rebuild(root, embedder=embedder, chunking=CHUNKING).embedded == 0
    Archive(root).open(embedder=embedder.info).close()


def test_what_is_known_of_the_articles_stays(root, embedder):
    one = dataclasses.replace(
        article("a", "The first text."),
        published_confidence=0.9,
        raw="Menu\n\nThe first text.",
        section="City",
    )
    build_index(root, [one, *numbered(2)], embedder)
    later = dataclasses.replace(one, text="The second text.", updated="2026-03-05", raw="")
    add(root, [later], embedder)
    remove(root, [numbered(2)[0].id])
    Archive(root).pin("1", pinned=True)
    before = Archive(root).article(one.id)
    rebuild(root, embedder=embedder, chunking=WIDE)
    assert Archive(root).article(one.id) == before
    with pytest.raises(ArticleRemovedError, match="000003"):
        Archive(root).article(numbered(2)[0].id)
    assert [version.pinned for version in Archive(root).describe_versions()] == [True, False, False, False]
    assert Archive(root).current_version() == "000004"


def test_an_earlier_text_still_answers_for_its_days(root, embedder):
    one = article("a", "The early lighthouse.")
    build_index(root, [one], embedder)
    add(root, [dataclasses.replace(one, text="The late lighthouse.", updated="2026-03-05")], embedder)
    early = Filter(as_of=date(2026, 3, 2))
    rebuild(root, embedder=embedder, chunking=WIDE)
    for ranked in found(root, "lighthouse", embedder, early):
        assert [text for _, text, _ in ranked] == ["The early lighthouse."]


def test_an_addition_goes_on_from_a_rebuilt_version(root, embedder):
    build_index(root, numbered(3), embedder)
    rebuild(root, embedder=embedder, chunking=WIDE)
    report = build(root, numbered(5), embedder=embedder, chunking=WIDE, mode=BuildMode.ADD)
    assert (report.version, report.added, report.embedded, report.articles) == ("000003", 2, 2, 5)


class Stopped(BaseException):
    pass


def test_a_rebuild_that_is_interrupted_goes_on_where_it_was(root, embedder):
    build_index(root, numbered(300), embedder)
    other = FakeEmbedder(name="other")

    def stop(progress):
        if progress.embedded >= 100:
            raise Stopped

    with pytest.raises(Stopped):
        rebuild(root, embedder=other, chunking=CHUNKING, progress=stop)
    assert Archive(root).current_version() == "000001"
    done = len(other.embedded)
    assert 100 <= done < 300
    report = rebuild(root, embedder=other, chunking=CHUNKING)
    assert len(other.embedded) == 300
    assert (report.embedded, report.version) == (300 - done, "000002")


def test_progress_counts_to_the_end(root, embedder):
    build_index(root, numbered(200), embedder)
    told = []
    rebuild(root, embedder=embedder, chunking=WIDE, progress=told.append)
    assert {progress.total_articles for progress in told} == {200}
    assert "of disk" in told[0].message
    counts = [progress.articles for progress in told]
    assert counts == sorted(counts)
    assert (told[-1].stage, told[-1].articles, told[-1].chunks) == (Stage.PUBLISH, 200, 200)


def test_an_index_whose_last_article_was_removed_can_be_rebuilt(root, embedder):
    build_index(root, numbered(1), embedder)
    remove(root, [numbered(1)[0].id])
    assert rebuild(root, embedder=embedder, chunking=WIDE).articles == 0


def test_without_an_index_it_says_so_and_makes_nothing(root, embedder):
    with pytest.raises(ArchiveNotFoundError, match="dateline index build"):
        rebuild(root, embedder=embedder, chunking=WIDE)
    assert not root.exists()


def test_a_catalogue_of_another_index_is_not_taken_for_its_own(root, embedder, tmp_path):
    build_index(root, numbered(3), embedder)
    build_index(tmp_path / "other", numbered(5), embedder)
    (root / "catalogue.db").write_bytes((tmp_path / "other" / "catalogue.db").read_bytes())
    with pytest.raises(ArchiveDamagedError, match="--salvage"):
        rebuild(root, embedder=embedder, chunking=WIDE)
    assert Archive(root).current_version() == "000001"
