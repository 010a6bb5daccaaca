"""Versions, rollback, pin, gc, repair and show on the command line, over a real index."""

import dataclasses
import json

import pytest
from typer.testing import CliRunner

from index.build import remove
from tests.fakes import FakeEmbedder
from tests.index.corpus import add, article, build_index, numbered
from ui.cli.app import app

STORY = dataclasses.replace(
    article("story", "The bridge opens in June.", title="Bridge"),
    raw="Advertisement\n\nThe bridge opens in June.\n\nShare",
    authors=("Ann Lee",),
    published_confidence=0.9,
)


@pytest.fixture
def root(tmp_path):
    embedder = FakeEmbedder()
    root = tmp_path / "index"
    build_index(root, [STORY, *numbered(2)], embedder)
    add(root, [article("new", "A new thing in the harbour.", title="New")], embedder)
    remove(root, [STORY.id])
    return root


@pytest.fixture
def dateline(root, monkeypatch):
    monkeypatch.delenv("DATELINE_INDEX", raising=False)

    def invoke(*arguments, exit_code=0):
        result = CliRunner().invoke(app, ["index", *arguments, "--index", str(root)])
        assert result.exit_code == exit_code, result.output
        return result

    return invoke


def test_versions_are_listed_with_what_changed(dateline):
    lines = dateline("versions").stdout.splitlines()
    assert [line[:6] for line in lines] == ["000001", "000002", "000003"]
    assert "add of 000001" in lines[1]
    assert "1 added" in lines[1]
    assert "1 removed" in lines[2]
    assert lines[2].endswith("live")
    described = json.loads(dateline("versions", "--json").stdout)
    assert [(one["version"], one["live"], one["parent"]) for one in described] == [
        ("000001", False, None),
        ("000002", False, "000001"),
        ("000003", True, "000002"),
    ]
    assert described[0]["size_bytes"] > 0


def test_rollback_says_what_is_back(dateline):
    result = dateline("rollback", "000002")
    assert "version 000002 is live, with 4 articles (before: 000003)" in result.stdout
    assert "1 article that version 000003 had not is back" in result.stderr
    assert json.loads(dateline("rollback", "3", "--json").stdout)["previous"] == "000002"


def test_a_dry_rollback_changes_nothing(dateline):
    assert "would be live" in dateline("rollback", "1", "--dry-run").stdout
    assert dateline("versions").stdout.splitlines()[-1].endswith("live")


def test_rolling_back_to_nothing_is_one_line(dateline):
    assert "has no version '9'" in dateline("rollback", "9", exit_code=1).stderr


def test_gc_keeps_what_is_pinned(dateline):
    dateline("pin", "1")
    assert "pinned" in dateline("versions").stdout.splitlines()[0]
    dry = dateline("gc", "--keep", "1", "--dry-run")
    assert dry.stdout.startswith("would remove 1 version,")
    report = json.loads(dateline("gc", "--keep", "1", "--json").stdout)
    assert (report["removed"], report["kept"]) == (["000002"], ["000001", "000003"])
    dateline("pin", "1", "--remove")
    assert "removed 000001" in " ".join(dateline("gc", "--keep", "1").stdout.split())


def test_repair_says_what_was_wrong(dateline, root):
    assert "version 000003 is whole" in dateline("repair").stdout
    (root / "versions/000003/vectors.faiss").write_bytes(b"nothing")
    dateline("verify", exit_code=1)
    result = dateline("repair")
    assert "vectors.faiss" in result.stdout
    assert "version 000004 was written anew" in result.stdout
    assert json.loads(dateline("repair", "--json").stdout)["rebuilt"] is False
    dateline("verify")


def test_show_tells_what_is_known_of_an_article(dateline):
    dateline("rollback", "1")
    result = dateline("show", STORY.url)
    assert result.stdout.splitlines()[0] == "Bridge"
    assert "published   2026-03-01 (from meta, confidence 0.90)" in result.stdout
    assert "authors     Ann Lee" in result.stdout
    assert result.stdout.endswith("The bridge opens in June.\n")
    assert "raw" not in json.loads(dateline("show", STORY.id, "--json").stdout)
    assert json.loads(dateline("show", STORY.id, "--raw", "--json").stdout)["raw"] == STORY.raw


def test_show_raw_marks_what_cleaning_removed(dateline):
    dateline("rollback", "1")
    lines = dateline("show", STORY.id, "--raw").stdout.splitlines()
    assert lines[-3:] == ["- Advertisement", "  The bridge opens in June.", "- Share"]


def test_a_removed_article_is_told_from_one_that_never_was(dateline):
    assert "was removed in version 000003" in dateline("show", STORY.id, exit_code=1).stderr
    assert "no article of the index is 'nothing'" in dateline("show", "nothing", exit_code=1).stderr
