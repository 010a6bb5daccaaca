"""The command as it is really started: quick to help, and quiet at its ends."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HEAVY = (
    "fastapi",
    "faiss",
    "gradio",
    "langchain_core",
    "numpy",
    "onnxruntime",
    "openai",
    "rich.markdown",
    "sentence_transformers",
    "tantivy",
    "torch",
    "transformers",
    "uvicorn",
    "xllamacpp",
    "yaml",
)


def dateline(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {key: value for key, value in os.environ.items() if not key.startswith("DATELINE_")}
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        cwd=cwd,
        env=own | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments", [["--help"], ["ask", "--help"], ["index", "build", "--help"]], ids=" ".join
)
def test_help_loads_nothing_heavy(arguments: list[str]):
    code = (
        "import atexit, sys; from ui.cli import main; "
        f"atexit.register(lambda: print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)); "
        f"sys.argv[1:] = {arguments!r}; main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.startswith("Usage: dateline")
    assert result.stderr.strip() == "[]"


def test_the_version_is_that_of_the_package():
    assert dateline("--version").stdout == f"dateline {version('dateline')}\n"


@pytest.mark.parametrize(
    "arguments",
    [["ask", "when?"], ["search", "bridge", "--json"], ["index", "info"], ["index", "list", "--json"]],
    ids=" ".join,
)
def test_without_an_index_there_is_one_line_that_says_what_to_do(tmp_path: Path, arguments: list[str]):
    result = dateline(*arguments, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert "dateline index build" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_of_another_encoding_gets_question_marks():
    result = dateline("--help", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert result.returncode == 0
