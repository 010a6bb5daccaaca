"""`dateline index …` writes through one call, sums up what was done, and never hides a skipped input."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from index.article import Skipped
from index.errors import DatelineError
from index.fetch import FetchMemory
from index.readers.web import FETCHES_NAME
from index.records import Damage
from tests.ui.cli.conftest import Run
from tests.ui.cli.fakes import ARTICLE, BROKEN, FakeBackend, report
from tests.ui.fake_engine import FakeArchive


@pytest.mark.parametrize(("command", "mode"), [("build", "replace"), ("add", "add")])
def test_build_replaces_and_add_adds(run: Run, backend: FakeBackend, command: str, mode: str):
    assert run("index", command, "folder").exit_code == 0
    assert backend.calls == [(mode, (ARTICLE,))]


@pytest.mark.parametrize(("command", "kept"), [("build", False), ("add", True)])
def test_what_was_fetched_for_an_index_is_forgotten_with_it(
    run: Run, tmp_path: Path, command: str, kept: bool
):
    with FetchMemory(tmp_path / FETCHES_NAME) as memory:
        memory.remember_entry("https://orvale-post.example/feed.xml", "story-1", "d")
    assert run("index", command, "folder", "--index", str(tmp_path)).exit_code == 0
    with FetchMemory(tmp_path / FETCHES_NAME) as memory:
        assert memory.entry_is_known("https://orvale-post.example/feed.xml", "story-1", "d") == kept


def test_the_summary_has_the_counts_on_stdout(run: Run):
    result = run("index", "build", "folder")
    assert "1 article in 2 chunks (version 000001)" in result.stdout
    assert "1 added; 2 chunks embedded, 0 reused; 0.5 s" in result.stdout


def test_the_summary_says_how_many_have_the_text_of_another(run: Run, backend: FakeBackend):
    backend.build_report = report(added=4, articles=3)
    summary = run("index", "build", "folder").stdout
    assert "3 articles in 2 chunks" in summary
    assert "4 added (1 of the same text as another); 2 chunks embedded" in summary


def test_progress_is_plain_lines_on_stderr(run: Run):
    result = run("index", "build", "folder")
    assert result.stderr.startswith("reading: 1 article, ")
    assert result.stderr.count("\n") == 1


def test_quiet_shows_no_progress(run: Run):
    assert run("index", "build", "folder", "-q").stderr == ""


def test_json_is_the_report_and_nothing_else(run: Run, backend: FakeBackend):
    backend.build_report = report(skipped=(BROKEN,))
    result = run("index", "add", "folder", "--json")
    assert json.loads(result.stdout) == backend.build_report.to_dict()
    assert json.loads(result.stdout)["skipped"] == [asdict(BROKEN)]


def test_a_skipped_input_is_named_with_its_reason_and_the_build_succeeds(run: Run, backend: FakeBackend):
    backend.items = (BROKEN, ARTICLE)
    backend.build_report = report(skipped=(BROKEN,))
    result = run("index", "build", "folder")
    assert result.exit_code == 0
    assert "1 skipped:\n  bad.json: not JSON\n" in result.stdout
    assert backend.calls == [("replace", (BROKEN, ARTICLE))]


def test_many_skipped_inputs_are_counted_after_the_first_twenty(run: Run, backend: FakeBackend):
    skipped = tuple(Skipped(origin=f"{number}.json", reason="not JSON") for number in range(25))
    backend.build_report = report(skipped=skipped)
    lines = run("index", "build", "folder").stdout.splitlines()
    assert lines[-2].startswith("  19.json")
    assert lines[-1] == "  … and 5 more (--json lists them all)"


def test_a_build_that_fails_names_what_was_skipped_on_stderr(run: Run, backend: FakeBackend):
    backend.items = (BROKEN,)
    backend.build_error = DatelineError("no article could be read")
    result = run("index", "build", "folder", "-q")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "1 skipped:\n  bad.json: not JSON\nerror: no article could be read\n"


def test_remove_takes_ids_and_addresses(run: Run, backend: FakeBackend):
    backend.build_report = report(added=0, removed=2, articles=0, chunks=0)
    result = run("index", "remove", "a1", "https://x.example/1")
    assert backend.calls == [("remove", ("a1", "https://x.example/1"))]
    assert "2 removed" in result.stdout


def test_removing_what_is_not_there_is_one_line(run: Run):
    result = run("index", "remove", "unknown")
    assert result.exit_code == 1
    assert result.stderr == "error: no article is called 'unknown': see `dateline index list`\n"


def test_list_gives_one_line_of_fields_to_an_article(run: Run, backend: FakeBackend):
    first = run("index", "list").stdout.splitlines()[0]
    assert first.split("\t") == [
        "2026-03-01",
        "a1",
        "Saltmarsh Courier",
        "Council approves Harbour Bridge after three-year dispute",
    ]


def test_list_as_json_is_an_array_of_records(run: Run):
    records = json.loads(run("index", "list", "--json", "--limit", "2", "--offset", "1").stdout)
    assert [record["id"] for record in records] == ["a2", "a3"]
    assert list(records[0]) == [
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


def test_info_names_each_figure(run: Run):
    lines = run("index", "info").stdout.splitlines()
    assert any(line.split() == ["articles", "3"] for line in lines)
    assert json.loads(run("index", "info", "--json").stdout)["version"] == "000007"


@dataclass
class DamagedArchive(FakeArchive):
    damage: tuple[Damage, ...] = ()

    def verify(self) -> list[Damage]:
        return list(self.damage)


def test_verify_exits_1_and_names_every_damage_with_its_remedy(run: Run, backend: FakeBackend):
    backend.fake_archive = DamagedArchive(
        damage=(Damage(path="versions/000007/vectors.faiss", problem="is truncated", mend="build it again"),)
    )
    result = run("index", "verify")
    assert result.exit_code == 1
    assert "versions/000007/vectors.faiss: is truncated; build it again" in result.stdout
    assert result.stderr == "error: the index is damaged in 1 place\n"
    assert json.loads(run("index", "verify", "--json").stdout)["damage"][0]["problem"] == "is truncated"


def test_verify_of_a_whole_index_exits_0(run: Run, backend: FakeBackend):
    backend.fake_archive = DamagedArchive()
    assert run("index", "verify").stdout == "version 000007 is whole\n"
    assert json.loads(run("index", "verify", "--json").stdout) == {"ok": True, "damage": []}
