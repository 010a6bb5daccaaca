"""`serve` and `eval` hand over what was asked and print what comes back."""

import json
from pathlib import Path

import pytest

from tests.ui.cli.conftest import Run
from tests.ui.cli.fakes import FakeBackend


def test_serve_listens_on_loopback_unless_told_otherwise(run: Run, backend: FakeBackend):
    run("serve")
    run("serve", "--host", "::1", "--port", "8000")
    assert backend.calls == [("serve", "127.0.0.1", 7860), ("serve", "::1", 8000)]


def test_serve_takes_its_place_from_the_settings(
    run: Run, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DATELINE_SERVE__PORT", "9000")
    run("serve")
    assert backend.calls == [("serve", "127.0.0.1", 9000)]


def test_ctrl_c_is_the_usual_end_of_serving(run: Run, backend: FakeBackend):
    result = run("serve")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "http://127.0.0.1:7860" in result.stderr
    assert "Traceback" not in result.stderr
    assert backend.fake_engine.closed.is_set()


def test_serve_without_an_index_says_how_to_make_one(run: Run, backend: FakeBackend):
    backend.no_index = True
    result = run("serve")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: there is no index")


def test_eval_prints_a_table(run: Run, backend: FakeBackend):
    result = run("eval", "data", "--limit", "5", "--retrieval-only")
    assert backend.calls == [("eval", Path("data"), 5, True)]
    assert result.stdout == "questions  2\nhit@4      0.500\n"
    assert result.stderr == "questions: 1 of 2\n"


def test_eval_as_json_is_one_document(run: Run):
    assert json.loads(run("eval", "data", "--json").stdout) == {"questions": 2, "hit@4": 0.5}
