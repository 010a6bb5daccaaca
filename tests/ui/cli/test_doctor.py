"""`doctor` looks at everything, says what is wrong and how to mend it, and fails only where it must."""

import json
import socket
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from rag.errors import ModelUnavailableError
from tests.rag.model_server import ServerProcess
from tests.ui.cli.conftest import Run
from tests.ui.cli.fakes import FakeBackend, UnitEmbedder, Weights
from tests.ui.fake_engine import FakeArchive
from ui.cli.app import app
from ui.cli.backend import Backend
from ui.cli.check import Status
from ui.cli.checks import port
from ui.config import AppSettings


class NoArchive(FakeArchive):
    def exists(self) -> bool:
        return False


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend(fake_archive=NoArchive())


def checks(run: Run, *arguments: str) -> dict[str, dict[str, str]]:
    return {
        check["name"]: check for check in json.loads(run("doctor", "--json", *arguments).stdout)["checks"]
    }


def test_every_part_has_its_line(run: Run):
    found = checks(run)
    assert list(found) == [
        "python",
        "packages",
        "weights tiny-weights==1.0",
        "settings",
        "embedding model",
        "language model",
        "index",
        "disk",
        "port",
    ]
    assert found["embedding model"]["status"] == found["language model"]["status"] == "ok"


def test_an_index_that_is_not_made_yet_is_a_warning_and_no_failure(run: Run):
    result = run("doctor")
    assert result.exit_code == 0
    assert (
        "warn  index: none in '.dateline' yet — make one with `dateline index build FOLDER`" in result.stdout
    )


def test_missing_weights_fail_and_the_other_checks_are_made_all_the_same(run: Run, backend: FakeBackend):
    backend.weights = (Weights(missing=True), replace(Weights(), distribution="other==1"))
    result = run("doctor")
    assert result.exit_code == 1
    assert "fail  weights tiny-weights==1.0" in result.stdout
    assert "ok    weights other==1" in result.stdout
    assert "ok    embedding model" in result.stdout
    assert result.stderr == "error: weights tiny-weights==1.0 must be mended\n"


def test_weights_alone_can_be_checked(run: Run):
    assert list(checks(run, "--weights")) == ["weights tiny-weights==1.0"]


def test_a_vector_that_is_not_of_unit_length_fails(run: Run, backend: FakeBackend):
    backend.query_embedder = UnitEmbedder(length=3.0)
    assert checks(run)["embedding model"]["status"] == "fail"


@pytest.mark.parametrize(
    ("sample", "status"), [(("m", "words"), "ok"), (("m", " "), "warn"), ((None, ""), "ok")]
)
def test_a_language_model_must_start_and_should_write(
    run: Run, backend: FakeBackend, sample: tuple[str | None, str], status: str
):
    backend.sample = sample
    assert checks(run)["language model"]["status"] == status


class Unreachable(FakeBackend):
    def write_sample(self, settings: AppSettings) -> tuple[str | None, str]:
        raise ModelUnavailableError("no route to host")


def test_each_model_of_a_chain_has_its_line_and_one_that_fails_is_a_warning(
    run: Run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DATELINE_GENERATE__MODELS", '["openai:big", "embedded", "quote"]')
    named = [name for name in checks(run) if name.startswith("language model")]
    assert named == ["language model openai:big", "language model embedded"]
    result = CliRunner().invoke(app, ["doctor"], obj=Unreachable(fake_archive=NoArchive()))
    assert result.exit_code == 0
    assert "warn  language model embedded: no route to host" in result.stdout


@pytest.mark.parametrize(
    ("ruled", "status", "said"),
    [
        ([True, False], "ok", "strict-model rules as it should"),
        ([True, True], "warn", "on 'The council rejected the bridge on 14 January 2025.'"),
        ([False, False], "warn", "on 'The bridge was approved by the council on 14 January 2025.'"),
        ([True, None], "warn", "strict-model could not be asked"),
    ],
)
def test_a_judge_is_asked_about_a_true_and_a_false_claim(
    run: Run, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch, ruled, status, said
):
    assert "judge" not in checks(run)
    monkeypatch.setenv("DATELINE_ANSWER__JUDGE", "openai:strict-model")
    backend.rulings = ("strict-model", ruled)
    found = checks(run)["judge"]
    assert found["status"] == status
    assert said in found["detail"]


def test_a_judge_that_answers_in_another_process_is_asked(run: Run, monkeypatch: pytest.MonkeyPatch):
    script = json.dumps([{"pieces": ["Yes"]}, {"pieces": ["no."]}])
    with ServerProcess("scripted", script) as server:
        monkeypatch.setenv("DATELINE_ANSWER__JUDGE", "strict")
        monkeypatch.setenv("DATELINE_ANSWER__JUDGE_BASE_URL", f"{server.url}/v1")
        settings = AppSettings.load()
        assert Backend().rule_samples(settings, "It rained.", ["Rain fell.", "It snowed."]) == (
            "strict",
            [True, False],
        )
        server.kill()
        assert Backend().rule_samples(settings, "It rained.", ["Rain fell."]) == ("strict", [None])


def test_a_setting_that_does_not_exist_is_a_failed_check(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATELINE_RETRIEVAL__TOPK", "3")
    result = run("doctor")
    assert result.exit_code == 1
    assert "fail  settings: " in result.stdout
    assert "retrieval.top_k" in result.stdout


def test_a_port_in_use_is_a_warning():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert port("127.0.0.1", taken.getsockname()[1]).status is Status.WARN
    assert port("127.0.0.1", 0).status is Status.OK
