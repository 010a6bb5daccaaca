"""`dateline eval` from the line to the printed page, over a data set of three articles."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tests.fakes import FakeEmbedder
from tests.rag.model_server import ServerProcess
from tests.ui.cli.conftest import Run
from tests.ui.cli.fakes import FakeBackend
from ui.cli.evaluate_report import print_comparison, print_report

ARTICLES = [
    {"id": "opened", "title": "Harbour bridge opens", "text": "Ada Quill opened the bridge in Stellhaven."},
    {"id": "lamp", "title": "Lamp lit", "text": "The lamp of Orvale was lit by the keeper."},
    {"id": "ferry", "title": "Ferry sinks", "text": "The ferry of Orvale sank in the night."},
]
QUESTIONS = [
    {
        "id": "who",
        "question": "Who opened the bridge this week?",
        "answer": "Ada Quill",
        "articles": ["opened"],
    },
    {"id": "sank", "question": "What sank in Orvale?", "answer": "the brig", "articles": ["ferry"]},
    {"id": "none", "question": "Which violinist won?", "answerable": False},
]
DAY = {"date": "2026-03-04", "published": "2026-03-01"}


@pytest.fixture
def data(tmp_path: Path, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data set; the index is cached, and sentences are quoted, since there is no language model."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("DATELINE_GENERATE__MODEL", "none")
    backend.query_embedder = FakeEmbedder(dimension=512)  # type: ignore[assignment]
    folder = tmp_path / "harbour"
    folder.mkdir()
    for name, records in (("articles", ARTICLES), ("questions", QUESTIONS)):
        lines = (json.dumps(record | DAY) for record in records)
        (folder / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines))
    return folder


@pytest.fixture
def other(tmp_path: Path) -> Path:
    path = tmp_path / "other.yaml"
    path.write_text("answer:\n  answerable: 1.0\n")
    return path


def document(run: Run, *arguments: Any) -> Any:
    result = run("eval", *map(str, arguments), "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def cells(text: str) -> list[list[str]]:
    """The lines of tables, split into their cells."""
    return [re.split(r"  +", line.strip()) for line in text.splitlines()]


def test_a_table_of_measures_is_printed_with_their_intervals(run: Run, data: Path):
    result = run("eval", str(data))
    assert result.exit_code == 0, result.stderr
    head, index, *_ = result.stdout.splitlines()
    assert head == "harbour: 3 articles in 3 chunks; 3 questions (2 answerable)"
    assert index.startswith(f"index: {data.parent / 'cache'}")
    lines = cells(result.stdout)
    assert ["hit@1", "0.500", "0.000 to 1.000", "2"] in lines
    assert ["abstention, all", "0.333"] in [line[:2] for line in lines]
    assert ["abstention, unanswerable", "1.000", "–", "1"] in lines
    assert any(line[:3] == ["year", "2026", "3"] for line in lines)
    assert any(line[:2] == ["time", "none"] for line in lines)
    assert "search p50 " in result.stdout
    assert "answer p50 " in result.stdout
    assert "first word p50 " in result.stdout
    assert ["citation precision", "1.000"] in [line[:2] for line in lines]
    assert "sentences with a citation: 2 of 2; leaks: 0" in result.stdout
    assert ["*0.35", "0.667", "0.000", "0.500", "1.000", "0.000"] in lines
    assert "area 0.111 (best 0.111, by chance 0.333); * as configured" in result.stdout


def test_retrieval_alone_has_no_measures_of_answers(run: Run, data: Path):
    printed = run("eval", str(data), "--retrieval-only").stdout
    assert "in sentences" in printed
    assert "abstention" not in printed
    assert "in sentences" not in run("eval", str(data), "--retrieval-only", "--no-sentences").stdout


def test_the_index_comes_from_the_cache_unless_a_fresh_one_is_wanted(run: Run, data: Path):
    assert "(built in " in run("eval", str(data), "--retrieval-only").stdout
    assert "(from the cache)" in run("eval", str(data), "--retrieval-only").stdout
    assert "(built in " in run("eval", str(data), "--retrieval-only", "--fresh").stdout


def test_json_is_one_document_with_the_names_that_scripts_know(run: Run, data: Path):
    report = document(run, data, "--limit", 2)
    known = """dataset articles chunks build_seconds questions answerable hit@1 hit@4 hit@10 mrr
        search_seconds contains abstained abstained_answerable abstained_unanswerable written
        ask_seconds ask_seconds_median results"""
    assert set(known.split()) <= report.keys()
    assert (report["questions"], report["hit@4"], report["seed"]) == (2, 0.5, 0)
    known = "id question answerable rank search_seconds answer abstained contains model ask_seconds"
    assert set(known.split()) <= report["results"][0].keys()


def test_two_configurations_are_compared(run: Run, data: Path, other: Path):
    result = run("eval", str(data), "--compare", str(other))
    assert "this: defaults; other: other.yaml" in result.stdout
    lines = cells(result.stdout)
    assert ["hit@4", "0.500", "0.500", "+0.000", "+0.000 to +0.000", "1.000", "0", "0"] in lines
    assert ["contains", "0.500", "0.000", "-0.500", "-1.000 to +0.000", "1.000", "0", "1"] in lines
    assert "0 questions with the first hit at another rank" in result.stdout
    comparison = document(run, data, "--compare", other)["comparison"]
    assert comparison["measures"]["contains"]["losses"] == 1


def test_questions_to_look_at_are_printed_with_what_was_found(run: Run, data: Path):
    printed = run("eval", str(data), "--retrieval-only", "--show", "misses").stdout
    assert (
        "\nsank: What sank in Orvale?\ngold: the brig; as of 2026-03-05; not in the chosen sentences\n"
        in printed
    )
    assert "\nno hit\n" in printed
    assert re.search(r"^ {4}1\. \d\.\d{3} Ferry sinks — .*2026-03-01$", printed, re.MULTILINE)
    assert "who: Who" not in printed
    printed = run("eval", str(data), "--retrieval-only", "--show", "who").stdout
    assert re.search(r"^ \*  1\. \d\.\d{3} Harbour bridge opens — ", printed, re.MULTILINE)
    assert "first hit at 1" in printed


def test_in_a_comparison_both_are_shown(run: Run, data: Path, other: Path):
    printed = run("eval", str(data), "--compare", str(other), "--show", "sank").stdout
    assert "\nthis: no hit\n" in printed
    assert "\nother: no hit\n" in printed


def test_shown_questions_have_their_passages_in_json(run: Run, data: Path):
    results = document(run, data, "--retrieval-only", "--show", "misses")["results"]
    assert ["passages" in result for result in results] == [False, True, False]


def test_each_question_is_written_to_a_file(run: Run, data: Path, other: Path, tmp_path: Path):
    path = tmp_path / "questions.jsonl"
    result = run("eval", str(data), "--retrieval-only", "--output", str(path))
    assert f"3 questions are in {path}" in result.stderr
    records = [json.loads(line) for line in path.read_text().splitlines()]
    assert [record["id"] for record in records] == ["who", "sank", "none"]
    assert (records[0]["gold"], records[0]["as_of"], records[0]["rank"]) == ("Ada Quill", "2026-03-05", 1)
    first = records[0]["passages"][0]
    assert (first["title"], first["published"], first["hit"]) == ("Harbour bridge opens", "2026-03-01", True)
    run("eval", str(data), "--retrieval-only", "--compare", str(other), "--output", str(path))
    records = [json.loads(line) for line in path.read_text().splitlines()]
    assert [record["configuration"] for record in records] == ["defaults", "other.yaml"] * 3


def test_progress_is_told_on_stderr_alone(run: Run, data: Path):
    result = run("eval", str(data), "--retrieval-only")
    assert result.stderr.startswith("indexing: 0 of 3\n")
    assert "indexing" not in result.stdout
    assert run("eval", str(data), "--retrieval-only", "--quiet").stderr == ""


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (("--show", "nobody"), "no question that is asked has the id 'nobody'", 2),
        (("--show", "changes"), "add --compare FILE", 2),
        (("--split", "dev"), "has no split 'dev'", 1),
        (("--compare", "missing.yaml"), "'missing.yaml' cannot be read", 1),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    run: Run, data: Path, arguments: Any, message: str, code: int
):
    result = run("eval", str(data), *arguments)
    assert result.exit_code == code
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1].startswith("error: ")
    assert message in result.stderr


@pytest.mark.parametrize(
    "arguments", [("--limit", "0"), ("--seed", "-1"), ("--output", "no/such/file.jsonl")]
)
def test_wrong_usage_is_told_before_anything_is_done(run: Run, data: Path, arguments: Any):
    result = run("eval", str(data), *arguments)
    assert result.exit_code == 2
    assert not (data.parent / "cache").exists()


def test_a_bad_line_is_named(run: Run, data: Path):
    with (data / "questions.jsonl").open("a") as stream:
        stream.write("{broken\n")
    assert "questions.jsonl:4 is not JSON" in run("eval", str(data)).stderr


@pytest.mark.parametrize("width", [80, 60])
def test_tables_fit_a_terminal(data: Path, other: Path, backend: FakeBackend, width: int):
    from rag.evaluate.run import EvalOptions, Setup, measure_both

    setups = [
        Setup(settings=backend.settings(config, None), embedder=backend.embedder(None))  # type: ignore[arg-type]
        for config in (None, other)
    ]
    both = measure_both(data, setups[0], setups[1], EvalOptions())
    for printing, report in ((print_report, both.this), (print_comparison, both)):
        console = Console(width=width, force_terminal=True, color_system=None, record=True, markup=False)
        with console.capture() as captured:
            printing(console, report)  # type: ignore[operator]
        lines = captured.get().splitlines()
        assert max(map(len, lines)) <= width
        assert not any("…" in line for line in lines)
        assert any(line.startswith("in context@20  ") for line in lines)


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Iterator[ServerProcess]:
    """A server that finds the first answer right and supported, and then makes no sense."""
    script = json.dumps([{"pieces": ["RIGHT"]}, {"pieces": ["SUPPORTED"]}, {"pieces": ["Perhaps"]}])
    with ServerProcess("scripted", script) as server:
        monkeypatch.setenv("DATELINE_EVALUATE__JUDGE_BASE_URL", f"{server.url}/v1")
        yield server


def test_a_judge_is_named_for_one_run(run: Run, data: Path, judge: ServerProcess):
    result = run("eval", str(data), "--judge", "big", "--show", "who", "--limit", "1")
    assert result.exit_code == 0, result.stderr
    lines = cells(result.stdout)
    assert ["judged right", "1.000", "–", "1"] in lines
    assert ["judged supported", "1.000", "–", "1"] in lines
    assert "judge big: 1 of 1 answer right; 1 of 1 claim supported" in result.stdout
    assert "unjudged" not in result.stdout
    assert "[1]. (judge: right; 1 of 1 claim supported)" in result.stdout
    assert judge.get("/") == 2


def test_what_a_judge_leaves_unjudged_is_told(run: Run, data: Path, judge: ServerProcess):
    result = run("eval", str(data), "--judge", "big", "--show", "sank")
    assert ["judged right", "1.000", "–", "1"] in cells(result.stdout)
    told = "judge big: 1 of 2 answers right, 1 unjudged; 1 of 2 claims supported, 1 unjudged"
    assert told in result.stdout
    assert "first left unjudged since it replied 'Perhaps', neither RIGHT nor WRONG" in result.stdout
    assert "(judge: unjudged; 0 of 1 claim supported, 1 unjudged)" in result.stdout


def test_a_judge_that_cannot_be_is_refused_before_anything_is_done(run: Run, data: Path):
    result = run("eval", str(data), "--judge", "embedded")
    assert result.exit_code == 2
    assert "names no judge" in " ".join(result.stderr.split())
    result = run("eval", str(data), "--judge", "openai:big", "--retrieval-only")
    assert result.exit_code == 2
    assert "no answers to judge" in " ".join(result.stderr.split())
