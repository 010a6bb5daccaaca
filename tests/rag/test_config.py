from pathlib import Path

import pytest

from index.errors import ConfigError
from rag.config import RetrievalConfig, load_settings
from ui.config import load_app_settings


@pytest.fixture
def write(tmp_path):
    def writing(text):
        path = tmp_path / "dateline.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return writing


def refusal(config, **overrides):
    with pytest.raises(ConfigError) as raised:
        load_settings(config, **overrides)
    assert len(str(raised.value).splitlines()) == 1
    return str(raised.value)


def test_with_nothing_given_the_defaults_hold():
    settings = load_settings()
    assert settings.index == Path(".dateline")
    assert (settings.embedding.model, settings.generate.model) == ("minilm", "embedded")
    assert settings.retrieval.top_k == 8


def test_defaults_then_file_then_environment_then_arguments(write, monkeypatch):
    path = write("index: from-file\nretrieval:\n  top_k: 3\n  per_article: 4\n  candidates: 50\n")
    assert load_settings(path).retrieval.top_k == 3
    monkeypatch.setenv("DATELINE_RETRIEVAL__TOP_K", "5")
    monkeypatch.setenv("DATELINE_INDEX", "from-environment")
    settings = load_settings(path)
    assert (settings.index, settings.retrieval.top_k) == (Path("from-environment"), 5)
    settings = load_settings(path, index=Path("given"), retrieval={"top_k": 7})
    assert settings.index == Path("given")
    assert settings.retrieval == RetrievalConfig(top_k=7, per_article=4, candidates=50)


def test_an_argument_that_is_none_is_not_given(write):
    assert load_settings(write("index: from-file\n"), index=None).index == Path("from-file")


def test_a_whole_section_may_stand_in_the_environment_as_json(monkeypatch):
    monkeypatch.setenv("DATELINE_RETRIEVAL", '{"top_k": 2}')
    assert load_settings().retrieval.top_k == 2


def test_an_environment_variable_that_is_not_what_it_should_be_is_refused(monkeypatch):
    monkeypatch.setenv("DATELINE_RETRIEVAL", "many")
    assert "environment" in refusal(None)


def test_an_empty_file_changes_nothing(write):
    assert load_settings(write("# nothing yet\n")) == load_settings()


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("retreival:\n  top_k: 3\n", "did you mean retrieval?"),
        ("retrieval:\n  topk: 3\n", "did you mean retrieval.top_k?"),
        ("generate:\n  modle: none\n", "did you mean generate.model?"),
    ],
)
def test_an_unknown_key_names_the_nearest_known_one(write, text, nearest):
    message = refusal(write(text))
    assert "does not exist" in message
    assert nearest in message


def test_an_unknown_key_near_to_none_lists_what_there_is(write):
    message = refusal(write("answer:\n  zzzzzz: 1\n"))
    assert "answer.zzzzzz does not exist" in message
    assert "quotes" in message


def test_an_unknown_key_of_the_environment_is_refused_too(monkeypatch):
    monkeypatch.setenv("DATELINE_RETRIEVAL__TOPK", "5")
    assert "did you mean retrieval.top_k?" in refusal(None)


@pytest.mark.parametrize(
    "text",
    [
        "retrieval:\n  top_k: 0\n",
        "retrieval:\n  top_k: many\n",
        "retrieval: 5\n",
        "retrieval:\n",
        "retrieval:\n  1: 2\n",
        "retrieval:\n  dense_weight: 0\n  lexical_weight: 0\n",
        "generate:\n  temperature: 3\n",
    ],
)
def test_a_value_that_cannot_be_is_refused_by_its_name(write, text):
    assert "the setting" in refusal(write(text))


def test_a_secret_in_a_file_is_refused_and_its_place_in_the_environment_named(write, monkeypatch):
    path = write("generate:\n  api_key: sk-very-secret\n")
    message = refusal(path)
    assert "DATELINE_GENERATE__API_KEY" in message
    assert "sk-very-secret" not in message
    monkeypatch.setenv("DATELINE_GENERATE__API_KEY", "sk-very-secret")
    settings = load_settings()
    assert settings.generate.api_key.get_secret_value() == "sk-very-secret"
    assert "sk-very-secret" not in f"{settings!r} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    "text", ["a: [", "a: b: c\n", "\tx: 1\n", "index: 2026-13-45\n", "a: !!python/name:os.system\n"]
)
def test_what_is_not_yaml_is_refused_with_the_file(write, text):
    path = write(text)
    assert repr(str(path)) in refusal(path)


@pytest.mark.parametrize("text", ["- index\n- top_k\n", "just words\n", "1: 2\n", "on: true\n"])
def test_a_file_that_holds_no_names_and_values_is_refused(write, text):
    assert "must hold names and values" in refusal(write(text))


def test_bytes_that_are_not_utf_8_are_refused(tmp_path):
    path = tmp_path / "latin.yaml"
    path.write_bytes("index: café".encode("latin-1"))
    assert "is not YAML" in refusal(path)


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    assert "cannot be read" in refusal(tmp_path / "missing.yaml")
    assert "cannot be read" in refusal(tmp_path)


def test_the_section_of_the_front_end_is_left_to_it(write, monkeypatch):
    path = write("serve:\n  port: 8000\nretrieval:\n  top_k: 3\n")
    monkeypatch.setenv("DATELINE_SERVE__HOST", "0.0.0.0")  # noqa: S104 -- only a setting's value
    assert load_settings(path).retrieval.top_k == 3
    serve = load_app_settings(path).serve
    assert (serve.host, serve.port) == ("0.0.0.0", 8000)  # noqa: S104
    assert load_app_settings(path).retrieval.top_k == 3


def test_settings_do_not_change(write):
    settings = load_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.index = Path("elsewhere")
    with pytest.raises(ValueError, match="frozen"):
        settings.retrieval.top_k = 1


@pytest.mark.parametrize("variable", ["DATELINE_RETREIVAL__TOP_K", "DATELINE_TOP_K"])
def test_a_misspelt_variable_is_refused(monkeypatch, variable):
    monkeypatch.setenv(variable, "3")
    with pytest.raises(ConfigError, match=variable):
        load_settings()


def test_the_variables_of_the_command_line_and_the_server_are_known(monkeypatch):
    monkeypatch.setenv("DATELINE_DEBUG", "1")
    monkeypatch.setenv("DATELINE_SERVE__PORT", "8000")
    assert load_settings().retrieval.top_k == 8
