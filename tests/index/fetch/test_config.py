from importlib.metadata import version

import pytest
from pydantic import ValidationError

from index.fetch import FetchConfig


def test_the_defaults_are_polite_and_refuse_what_is_not_global():
    config = FetchConfig()
    assert config.respect_robots
    assert config.delay_s == 1
    assert config.max_bytes == 20_000_000
    assert config.allow_networks == ()
    assert config.product == "Dateline"
    assert config.identity == f"Dateline/{version('dateline')} (news archive indexer)"


def test_the_programs_own_name_takes_the_contact_too():
    for said in ("", "  "):
        config = FetchConfig(user_agent=said, contact="https://orvale.example/bot")
        assert config.identity.startswith("Dateline/")
        assert config.identity.endswith("(+https://orvale.example/bot)")
        assert config.product == "Dateline"


def test_a_contact_is_added_to_what_the_program_says_of_itself():
    config = FetchConfig(user_agent="OrvaleReader/1.0", contact="mailto:desk@orvale.example")
    assert config.identity == "OrvaleReader/1.0 (+mailto:desk@orvale.example)"
    assert config.product == "OrvaleReader"


@pytest.mark.parametrize("value", ["localhost", "127.0.0.1/33", "10.0.0.1/8", "", "127.1/8", "*"])
def test_an_allowed_network_must_be_one(value):
    with pytest.raises(ValidationError, match="give a network such as"):
        FetchConfig(allow_networks=(value,))


@pytest.mark.parametrize(
    "settings",
    [
        {"timeout_s": 0},
        {"total_timeout_s": -1},
        {"max_mb": 0},
        {"max_redirects": 21},
        {"retries": -1},
        {"max_links": 0},
        {"delay_s": -1},
        {"delay_s": float("nan")},
        {"user_agent": "a\r\nHost: b"},
        {"contact": "Ä"},
        {"follow": True},
    ],
)
def test_settings_out_of_bounds_are_refused(settings):
    with pytest.raises(ValidationError):
        FetchConfig(**settings)
