"""Runs the command line in this process, over scripted parts."""

from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from tests.ui.cli.fakes import FakeBackend
from ui.cli.app import app

Run = Callable[..., Result]


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def run(backend: FakeBackend, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call `dateline` with arguments; gives `exit_code`, `stdout` and `stderr`."""
    for variable in ("DATELINE_INDEX", "DATELINE_DEBUG"):
        monkeypatch.delenv(variable, raising=False)

    def invoke(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=stdin, obj=backend)

    return invoke
