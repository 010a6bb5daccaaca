"""What stands under `sources` and `sync` in a configuration, and what becomes of it."""

from pathlib import Path

import pytest

from index.errors import ConfigError
from index.sync.config import SourceConfig, SyncConfig
from index.sync.source import choose, sources_of
from rag.config import load_settings


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def writing(text):
        (tmp_path / "settings.yaml").write_text(text, encoding="utf-8")
        return load_settings("settings.yaml")

    return writing


def places(settings) -> list[str]:
    return [source.place for source in sources_of(settings.sources, settings.sync)]


def test_an_item_is_a_place_or_a_section_with_one(write, tmp_path):
    settings = write(
        "sources:\n"
        "  - news\n"
        "  - https://courier.example/feed.xml\n"
        "  - folder: /archive/\n"
        "  - file: one.jsonl\n"
        "  - {feed: 'https://herald.example/rss'}\n"
        "  - {sitemap: 'https://herald.example/sitemap.xml'}\n"
        "  - {url: 'https://herald.example/a?b=c#d'}\n"
    )
    assert places(settings) == [
        str(tmp_path / "news"),
        "https://courier.example/feed.xml",
        "/archive",
        str(tmp_path / "one.jsonl"),
        "https://herald.example/rss",
        "https://herald.example/sitemap.xml",
        "https://herald.example/a?b=c#d",
    ]


def test_the_home_folder_may_be_written_short(write):
    assert places(write("sources: [~/news]\n")) == [str(Path.home() / "news")]


@pytest.mark.parametrize("text", ["sources: news\n", "sources: {folder: news}\n", "sources:\n  - news\n"])
def test_one_source_may_stand_without_a_list(write, tmp_path, text):
    assert places(write(text)) == [str(tmp_path / "news")]


def test_nothing_is_configured_where_nothing_stands(write):
    assert write("sources:\n").sources == write("").sources == ()


def test_sources_may_stand_in_the_environment(monkeypatch):
    monkeypatch.setenv("DATELINE_SOURCES", '["/news", {"feed": "https://courier.example/feed"}]')
    assert places(load_settings()) == ["/news", "https://courier.example/feed"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sources: 5\n", "write a list"),
        ("sources: [5]\n", "a path, an address, or a section"),
        ("sources: ['']\n", "one of folder, file, feed, sitemap, url"),
        ("sources: [{name: a}]\n", "one of folder, file, feed, sitemap, url"),
        ("sources: [{folder: a, url: b}]\n", "one of folder, file, feed, sitemap, url"),
        ("sources: [{folder: a, naem: b}]\n", "did you mean sources.0.name?"),
        ("sources: [{folder: a, interval_s: 1}]\n", "greater than or equal to 10"),
        ("sync: {interval: 60}\n", "did you mean sync.interval_s?"),
        ("sync: {batch_articles: 0}\n", "greater than or equal to 1"),
        ("surces: [a]\n", "did you mean sources?"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(write, text, said):
    with pytest.raises(ConfigError) as raised:
        write(text)
    assert said in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_what_a_source_does_not_say_is_as_in_the_section_and_the_line_goes_before_both():
    configured = [
        SourceConfig(url="/a"),
        SourceConfig(url="/b", name="b", remove_missing=False, interval_s=60),
    ]
    sync = SyncConfig(remove_missing=True, interval_s=300)
    first, second = sources_of(configured, sync)
    assert (first.name, first.remove_missing, first.interval_s) == ("/a", True, 300)
    assert (second.name, second.remove_missing, second.interval_s) == ("b", False, 60)
    for source in sources_of(configured, sync, remove_missing=True, interval_s=30):
        assert (source.remove_missing, source.interval_s) == (True, 30)


@pytest.mark.parametrize(
    "configured",
    [
        [SourceConfig(url="news"), SourceConfig(folder="./news/")],
        [SourceConfig(url="a", name="x"), SourceConfig(url="b", name="x")],
    ],
)
def test_the_same_source_or_name_twice_is_refused(configured):
    with pytest.raises(ConfigError, match="twice"):
        sources_of(configured, SyncConfig())


def test_sources_are_chosen_by_name_or_place_in_the_order_of_the_configuration():
    every = sources_of([SourceConfig(url="/a", name="x"), SourceConfig(url="/b")], SyncConfig())
    assert choose(every, []) == every
    assert choose(every, ["/b", "x", "/a/"]) == every
    assert [source.place for source in choose(every, ["x"])] == ["/a"]
    with pytest.raises(ConfigError, match="`sources` has x, /b"):
        choose(every, ["zzzz"])
