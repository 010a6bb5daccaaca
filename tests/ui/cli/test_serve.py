"""`serve` listens where it is told to, and ends quietly."""

import pytest

from index.errors import ArchiveNotFoundError
from tests.ui.cli.conftest import Run
from tests.ui.cli.fakes import FakeBackend
from tests.ui.fake_engine import FakeArchive


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
    backend.fake_archive = backend.fake_engine.archive = FakeArchive(error=ArchiveNotFoundError("none"))
    result = run("serve")
    assert result.exit_code == 0
    assert result.stderr.startswith("there is no index in '.dateline' yet: POST /v1/articles makes it")
    assert "dateline index build" in result.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5"])  # noqa: S104 - never bound to
def test_serve_does_not_start_where_nobody_could_make_the_index_it_lacks(
    run: Run, backend: FakeBackend, host: str
):
    backend.no_index = True
    result = run("serve", "--host", host)
    assert result.exit_code == 1
    assert result.stderr.startswith("error: there is no index")
