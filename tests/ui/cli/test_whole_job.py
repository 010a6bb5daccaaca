"""The main job through the command line alone, with the real models: articles in, a cited answer out."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.ui.cli.test_process import ROOT, dateline

pytestmark = pytest.mark.integration

ARTICLES = ROOT / "examples" / "articles"


def documents(*arguments: str, cwd: Path) -> Any:
    result = dateline(*arguments, "--json", cwd=cwd, DATELINE_GENERATE__MODEL="none")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of the sample articles."""
    folder = tmp_path_factory.mktemp("archive")
    report = documents("index", "build", str(ARTICLES), cwd=folder)
    assert report["articles"] >= 24
    assert report["skipped"] == []
    return folder


def test_a_question_is_answered_from_the_article_that_holds_the_answer(folder: Path):
    answer = documents("ask", "What is the budget of the Lantern Bridge?", cwd=folder)
    assert answer["abstained"] is False
    assert "112 million" in answer["answer"]
    assert answer["citations"]


def test_what_was_not_published_yet_is_not_found(folder: Path):
    found = documents("search", "budget of the Lantern Bridge", "--as-of", "2025-06-01", cwd=folder)[
        "passages"
    ]
    assert found
    assert all(passage["published"] is None or passage["published"] <= "2025-06-01" for passage in found)


def test_adding_the_same_articles_again_costs_nothing(folder: Path):
    report = documents("index", "add", str(ARTICLES), cwd=folder)
    assert (report["changed"], report["embedded"], report["added"]) == (False, 0, 0)


def test_an_article_that_is_removed_is_listed_and_found_no_more(folder: Path):
    listed = documents("index", "list", cwd=folder)
    gone = listed[0]["id"]
    documents("index", "remove", gone, cwd=folder)
    assert gone not in {article["id"] for article in documents("index", "list", cwd=folder)}
    found = documents("search", listed[0]["title"], cwd=folder)["passages"]
    assert gone not in {passage["article_id"] for passage in found}


def test_versions_are_listed_oldest_first_and_the_live_one_is_whole(folder: Path):
    versions = [version["version"] for version in documents("index", "versions", cwd=folder)]
    assert versions == sorted(versions)
    assert documents("index", "verify", cwd=folder)["ok"] is True


def test_a_damaged_file_is_found(folder: Path, tmp_path: Path):
    shutil.copytree(folder / ".dateline", tmp_path / ".dateline")
    vectors = max(tmp_path.glob(".dateline/versions/*/vectors.faiss"))
    vectors.write_bytes(vectors.read_bytes()[:-1])
    result = dateline("index", "verify", cwd=tmp_path)
    assert result.returncode == 1
    assert "vectors.faiss" in result.stdout
