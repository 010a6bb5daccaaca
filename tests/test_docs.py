"""What README, docs and configs say is what the code does."""

import ast
import dataclasses
import json
import os
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer import BadParameter, TyperException
from typer.main import get_command

from index.article import Article
from index.config import ReadingConfig
from index.readers.posted import read_posted
from rag.answer import Answer, Citation
from rag.config import SECRET_KEYS
from tests.ui.fake_engine import FakeEngine
from ui.api.app import create_app
from ui.api.schemas import AskBody, SearchBody
from ui.cli.app import app
from ui.config import AppSettings

ROOT = Path(__file__).parent.parent
DEFAULTS = ROOT / "configs" / "default.yaml"
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "examples/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
CONFIGS = [DEFAULTS, *sorted((ROOT / "examples" / "config").glob("*.yaml"))]
PROGRAM = re.compile(r"(?:^|/)dateline$")
SHARED = {"index", "config", "verbose", "quiet"}
VARIABLES_APART = {"DATELINE_DEBUG"}
ENDING = {"--help", "--version"}  # options that end the program when they are read


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


page = pytest.mark.parametrize("path", PAGES, ids=name_of)
page_or_config = pytest.mark.parametrize("path", [*PAGES, *CONFIGS], ids=name_of)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DATELINE_")]:
        monkeypatch.delenv(name)


def blocks(text: str, *languages: str) -> list[str]:
    """The fenced blocks of a page in one of the languages ("" is none)."""
    found = re.findall(r"^```([\w-]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [body for language, body in found if language in languages]


def without_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def lines_of_code(path: Path) -> list[str]:
    """The lines of a page's blocks of shell; for YAML, its comments."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yaml":
        return re.findall(r"^#\s+(.*)$", text, re.MULTILINE)
    return [
        line
        for block in blocks(text, "", "sh", "console")
        for line in block.replace("\\\n", " ").splitlines()
    ]


def spans_of_code(path: Path) -> list[str]:
    """What stands between backquotes in a page's text."""
    return re.findall(r"`([^`\n]+)`", without_blocks(path.read_text(encoding="utf-8")))


def words_of(line: str) -> list[str]:
    """A line of shell as words; without its comment, assignments before it, and what follows a pipe."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        return []
    while words and (words[0] == "$" or re.fullmatch(r"[A-Z][A-Z_]*=.*", words[0])):
        del words[0]
    return words[: words.index("|")] if "|" in words else words


def calls(lines: Iterable[str]) -> list[list[str]]:
    """The arguments of each `dateline …` with at least one argument."""
    found = map(words_of, lines)
    return [words[1:] for words in found if len(words) > 1 and PROGRAM.search(words[0])]


def parse(arguments: Sequence[str]) -> None:
    """Read a command line as the program does, without carrying it out."""
    command, name, rest = get_command(app), "dateline", [word for word in arguments if word not in ENDING]
    while True:
        context = command.make_context(name, rest)
        if not hasattr(command, "commands"):
            return
        rest = [*context._protected_args, *context.args]
        assert rest[0] in command.commands, f"there is no command {rest[0]!r}"
        name, command, rest = rest[0], command.commands[rest[0]], rest[1:]


def leaves(values: dict[str, Any], *above: str) -> Iterator[tuple[str, ...]]:
    for key, value in values.items():
        yield from leaves(value, *above, key) if value and isinstance(value, dict) else [(*above, key)]


def sections(text: str) -> dict[str, str]:
    """Heading to the text below it."""
    parts = re.split(r"^#{1,6} (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def first_column(text: str, heading: str) -> list[str]:
    """The first spans of code of the rows of the table under a header that begins with `heading`."""
    table = re.search(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)*)", text, re.MULTILINE)
    return re.findall(r"^\| `([^`]+)`", table[1], re.MULTILINE) if table else []


# Settings


def test_default_yaml_lists_every_setting_with_the_value_that_the_code_has():
    document = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))
    known = {key for key in leaves(AppSettings().model_dump()) if key[-1] not in SECRET_KEYS}
    assert set(leaves(document)) == known
    assert AppSettings.load(DEFAULTS) == AppSettings()


def test_default_yaml_explains_every_setting_and_names_the_variables_of_secrets():
    lines = DEFAULTS.read_text(encoding="utf-8").splitlines()
    unexplained = [
        line
        for above, line in zip(["", *lines], lines, strict=False)
        if re.match(r"\s*\w+:", line) and not above.lstrip().startswith("#")
    ]
    assert unexplained == []
    secrets = [key for key in leaves(AppSettings().model_dump()) if key[-1] in SECRET_KEYS]
    assert all(f"DATELINE_{'__'.join(key)}".upper() in "\n".join(lines) for key in secrets)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.name)
def test_configurations_can_be_loaded(path: Path):
    AppSettings.load(path)


@page
def test_yaml_on_a_page_can_be_loaded(path: Path, tmp_path: Path):
    for block in blocks(path.read_text(encoding="utf-8"), "yaml"):
        file = tmp_path / "settings.yaml"
        file.write_text(block)
        AppSettings.load(file)


@page_or_config
def test_variables_of_the_environment_exist(path: Path):
    known = {f"DATELINE_{'__'.join(key)}".upper() for key in leaves(AppSettings().model_dump())}
    named = set(re.findall(r"DATELINE_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8")))
    assert named <= known | VARIABLES_APART


@page
def test_settings_named_in_text_exist(path: Path):
    settings = AppSettings().model_dump()
    names = [".".join(key) for key in leaves(settings)]
    groups = "|".join(key for key, value in settings.items() if isinstance(value, dict))
    named = re.findall(rf"`((?:{groups})\.[a-z_]+)`", path.read_text(encoding="utf-8"))
    assert [name for name in named if name not in names] == []


# Commands


@page_or_config
def test_commands_in_blocks_are_whole(path: Path):
    for arguments in calls(lines_of_code(path)):
        parse(arguments)


@page
def test_commands_named_in_text_exist(path: Path):
    for arguments in calls(spans_of_code(path)):
        if not set(arguments) <= ENDING:
            with suppress(BadParameter):  # text may leave out what a command is given
                parse(arguments)


def test_commands_are_found_at_all():
    assert len(calls(lines_of_code(ROOT / "README.md"))) > 8
    assert len(calls(spans_of_code(ROOT / "docs" / "commands.md"))) > 8


def test_a_command_that_does_not_exist_would_be_noticed():
    with pytest.raises(AssertionError, match="there is no command"):
        parse(["index", "polish"])
    with pytest.raises(TyperException, match="No such option"):
        parse(["ask", "when?", "--colour"])


def commands(group: Any, *above: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *above, name)
        else:
            yield " ".join((*above, name)), command


def test_every_command_has_its_section_with_exactly_its_options():
    documented = sections((ROOT / "docs" / "commands.md").read_text(encoding="utf-8"))
    for name, command in commands(get_command(app), "dateline"):
        options = [
            parameter.opts[0]
            for parameter in command.params
            if parameter.param_type_name == "option" and parameter.name not in SHARED | {"help"}
        ]
        listed = [span.split()[0] for span in first_column(documented[name], "option")]
        assert sorted(listed) == sorted(options), name
    assert {name for name in documented if name.startswith("dateline ")} == {
        name for name, _ in commands(get_command(app), "dateline")
    }


def test_the_options_of_every_command_are_listed_once():
    listed = first_column((ROOT / "docs" / "commands.md").read_text(encoding="utf-8"), "option")
    assert {span.split()[0].removeprefix("--") for span in listed} == SHARED | {"help"}


@page
def test_targets_and_variables_of_make_exist(path: Path):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    variables = set(re.findall(r"^([A-Z]+) \?=", makefile, re.MULTILINE)) | set(
        re.findall(r"\$\(([A-Z]+)\)", makefile)
    )
    for words in map(words_of, [*lines_of_code(path), *spans_of_code(path)]):
        if words[:1] == ["make"]:
            named = [word.partition("=")[0] for word in words[1:]]
            assert set(named) <= targets | variables, words


# HTTP


def test_the_page_of_the_api_lists_every_route():
    listed = first_column((ROOT / "docs" / "http-api.md").read_text(encoding="utf-8"), "request")
    paths = create_app(FakeEngine()).openapi()["paths"]
    assert set(listed) == {
        f"{method.upper()} {path}" for path, methods in paths.items() for method in methods
    }


def test_the_fields_of_a_request_are_all_listed():
    section = sections((ROOT / "docs" / "http-api.md").read_text(encoding="utf-8"))["Ask"]
    assert sorted(first_column(section, "field")) == sorted(AskBody.model_fields)


def test_the_fields_of_an_answer_and_of_a_citation_are_all_listed():
    section = sections((ROOT / "docs" / "http-api.md").read_text(encoding="utf-8"))["Answer"]
    answer, citation = section.split("A citation", 1)
    for text, kind in ((answer, Answer), (citation, Citation)):
        assert first_column(text, "field") == [field.name for field in dataclasses.fields(kind)]


def is_article(body: dict[str, Any]) -> None:
    assert [type(found) for found in read_posted(body, ReadingConfig())] == [Article]


BODIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "/v1/ask": AskBody.model_validate,
    "/v1/search": SearchBody.model_validate,
    "/v1/articles": is_article,
}


@page
def test_bodies_that_are_sent_with_curl_are_taken(path: Path):
    for words in map(words_of, lines_of_code(path)):
        if words[:1] == ["curl"] and "--json" in words:
            body = json.loads(words[words.index("--json") + 1])
            for end, take in BODIES.items():
                if any(word.endswith(end) for word in words):
                    take(body)
                    break
            else:
                pytest.fail(f"no route takes {words}")


# Pages


@page
def test_python_on_a_page_compiles_and_its_imports_exist(path: Path):
    for block in blocks(path.read_text(encoding="utf-8"), "python"):
        tree = ast.parse(block)
        imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        exec(compile(ast.Module(imports, []), str(path), "exec"), {})  # noqa: S102 - the page's own imports


@page
def test_json_on_a_page_is_json(path: Path):
    for block in blocks(path.read_text(encoding="utf-8"), "json"):
        json.loads(block)


def anchors(path: Path) -> set[str]:
    """The anchors that a page's headings get: lower case, blanks to hyphens, punctuation dropped."""
    headings = re.findall(r"^#+ (.+)$", without_blocks(path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@page
def test_links_inside_the_repository_resolve(path: Path):
    for target in re.findall(r"\]\(([^)\s]+)\)", without_blocks(path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        assert file.is_relative_to(ROOT), target
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@page
def test_files_named_in_text_exist(path: Path):
    folders = "index|rag|ui|tests|configs|examples|docs"
    for name in re.findall(rf"`((?:{folders})/[\w./-]+)`", path.read_text(encoding="utf-8")):
        assert (ROOT / name).exists(), name


@page
def test_no_path_of_a_machine_is_on_a_page(path: Path):
    assert not re.search(
        r"(?:^|[\s`'\"(=/])/(?:home|root|tmp|work|opt|Users)/", path.read_text(encoding="utf-8")
    )
