import pytest

from index.archive import Archive
from index.errors import ArchiveNotFoundError, ArticleNotFoundError
from tests.index.corpus import add, article, build_index, numbered


def test_an_index_that_is_not_there_yet(root):
    archive = Archive(root)
    assert archive.exists() is False
    assert archive.current_version() is None
    assert archive.versions() == []
    for ask in (
        archive.open,
        archive.info,
        archive.list_articles,
        archive.verify,
        lambda: archive.article("x"),
    ):
        with pytest.raises(ArchiveNotFoundError, match="dateline index build"):
            ask()
    assert not root.exists()


@pytest.mark.parametrize("version", ["000009", "9", "../000001", ""])
def test_a_version_that_is_not_there(root, embedder, version):
    build_index(root, numbered(1), embedder)
    with pytest.raises(ArchiveNotFoundError, match="dateline index versions"):
        Archive(root).open(version)


def test_info_tells_what_there_is(root, embedder):
    build_index(root, [*numbered(4), article("undated", "Text.", published=None)], embedder)
    info = Archive(root).info().to_dict()
    assert info.pop("created").endswith("Z")
    assert info.pop("size_bytes") > 1_000
    assert info == {
        "path": str(root),
        "version": "000001",
        "articles": 5,
        "chunks": 5,
        "embedding_model": "fake",
        "dimension": 64,
        "max_tokens": 40,
        "overlap_sentences": 0,
        "newest_published": "2020-01-04",
        "oldest_published": "2020-01-01",
        "undated": 1,
        "sources": {"even.example": 2, "odd.example": 2, "example.com": 1},
    }


def test_articles_are_listed_newest_first_and_undated_last(root, embedder):
    undated = article("undated", "Text.", published=None)
    build_index(root, [undated, *numbered(4)], embedder)
    archive = Archive(root)
    listed = archive.list_articles()
    assert [record.published for record in listed] == [
        "2020-01-04",
        "2020-01-03",
        "2020-01-02",
        "2020-01-01",
        None,
    ]
    assert archive.list_articles(limit=2, offset=1) == listed[1:3]
    assert list(listed[0].to_dict()) == [
        "id",
        "title",
        "url",
        "source",
        "published",
        "published_from",
        "updated",
        "ingested",
        "revision",
        "chunks",
        "published_confidence",
        "section",
        "language",
        "sources",
    ]


def test_an_article_comes_with_its_text(root, embedder):
    one = article("one", "The text.\n\nMore of it.", published="2026-03-01T10:00:00Z")
    build_index(root, [one], embedder)
    stored = Archive(root).article(one.id)
    assert (stored.text, stored.record.published, stored.record.published_from) == (
        one.text,
        "2026-03-01",
        "meta",
    )
    assert stored.to_dict()["text"] == one.text
    with pytest.raises(ArticleNotFoundError):
        Archive(root).article(one.url)


def test_a_sound_index_has_no_damage(root, embedder):
    build_index(root, numbered(3), embedder)
    add(root, numbered(4), embedder)
    assert Archive(root).verify() == []
