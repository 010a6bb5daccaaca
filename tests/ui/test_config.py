import pytest

from index.errors import ConfigError
from rag.config import load_settings
from ui.config import ServeConfig, load_app_settings


def test_serving_is_private_by_default():
    serve = load_app_settings().serve
    assert (serve.host, serve.port, serve.allowed_hosts) == ("127.0.0.1", 7860, ())


def test_a_file_and_the_environment_set_it(tmp_path, monkeypatch):
    config = tmp_path / "dateline.yaml"
    config.write_text("serve:\n  port: 8000\n  allowed_hosts: [news.example]\n")
    monkeypatch.setenv("DATELINE_SERVE__PORT", "9000")
    serve = load_app_settings(config).serve
    assert (serve.port, serve.allowed_hosts) == (9000, ("news.example",))


@pytest.mark.parametrize(("word", "value"), [("on", "on"), ("off", "off"), ("'on'", "on"), ("auto", "auto")])
def test_writes_takes_what_yaml_reads_as_a_truth_value(tmp_path, word, value):
    config = tmp_path / "dateline.yaml"
    config.write_text(f"serve:\n  writes: {word}\n")
    assert load_app_settings(config).serve.writes == value


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({}, True),
        ({"host": "localhost"}, True),
        ({"host": "127.0.0.9"}, True),
        ({"host": "::1"}, True),
        ({"host": "0.0.0.0"}, False),  # noqa: S104 - never bound to
        ({"host": "::"}, False),
        ({"host": "192.168.1.5"}, False),
        ({"host": "news.example"}, False),
        ({"allowed_hosts": ("news.example",)}, False),
        ({"host": "0.0.0.0", "writes": "on"}, True),  # noqa: S104
        ({"writes": "off"}, False),
    ],
)
def test_only_this_machine_changes_the_index_unless_it_is_told_otherwise(fields, taken):
    assert ServeConfig(**fields).takes_writes is taken


@pytest.mark.parametrize("text", ["serve:\n  prot: 1\n", "serve:\n  port: 70000\n", "server:\n  port: 1\n"])
def test_a_setting_that_cannot_be_is_one_line(tmp_path, text):
    config = tmp_path / "dateline.yaml"
    config.write_text(text)
    with pytest.raises(ConfigError) as raised:
        load_app_settings(config)
    assert "\n" not in str(raised.value)


def test_the_engine_reads_the_same_file(tmp_path):
    config = tmp_path / "dateline.yaml"
    config.write_text("serve:\n  port: 8000\nretrieval:\n  top_k: 3\n")
    assert load_settings(config).retrieval.top_k == 3
