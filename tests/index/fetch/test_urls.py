import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fetch import FetchError, FetchProblem
from index.fetch.urls import host_of, join_url, origin_of, parse_url


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("https://orvale-post.example/a?b=c", "https://orvale-post.example/a?b=c"),
        ("  HTTP://Orvale-Post.Example/A \n", "http://orvale-post.example/A"),
        ("http://orvale.example:80/", "http://orvale.example/"),
        ("https://orvale.example:/", "https://orvale.example/"),
        ("http://orvale.example:8080/x", "http://orvale.example:8080/x"),
        ("http://orvale.example./x", "http://orvale.example/x"),
        ("http://orvale.example/a/../b/./c#part", "http://orvale.example/b/c"),
        (
            "https://zeitung-münzhof.example/straße?ö=ü",
            "https://zeitung-münzhof.example/stra%C3%9Fe?%C3%B6=%C3%BC",
        ),
        ("https://orvale.example/日本 🗞", "https://orvale.example/%E6%97%A5%E6%9C%AC%20%F0%9F%97%9E"),
        ("http://orvale.example/a%2Fb%20c", "http://orvale.example/a%2Fb%20c"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://[2606:4700::1]:8080/", "http://[2606:4700::1]:8080/"),
    ],
)
def test_an_address_takes_its_normal_form(text, normal):
    assert parse_url(text) == httpx.URL(normal)
    assert parse_url(str(parse_url(text))) == parse_url(text)


def test_a_name_in_any_script_is_asked_for_in_ascii():
    url = parse_url("https://zeitung-münzhof.example/")
    assert host_of(url) == "xn--zeitung-mnzhof-osb.example"
    assert origin_of(url) == "https://xn--zeitung-mnzhof-osb.example"


def test_credentials_are_refused_and_never_shown():
    with pytest.raises(FetchError, match="password") as caught:
        parse_url("https://editor:s3cret@orvale.example/feed")
    assert "s3cret" not in str(caught.value)
    assert "editor" not in str(caught.value)


@pytest.mark.parametrize("port", [0, 1, 21, 22, 25, 110, 587, 1023, 65_536, 99_999])
def test_ports_of_other_services_are_refused(port):
    with pytest.raises(FetchError, match=f"port {port}"):
        parse_url(f"http://orvale.example:{port}/")


@pytest.mark.parametrize(
    "host",
    ["134744072", "8.8.2056", "8.8.8.010", "0x8.8.8.8", "0x08080808", "orvale.8", "a.0x", "1.2.3.4.5"],
)
def test_a_number_that_programs_read_differently_is_refused_though_it_be_global(host):
    with pytest.raises(FetchError, match=r"number|Invalid IPv4"):
        parse_url(f"http://{host}/")


@pytest.mark.parametrize("port", ["8_0", "+80", "-80", "80:80", "80 ", "\uff18\uff10", "8e1", "000080"])
def test_a_port_that_is_no_plain_number_is_refused(port):
    with pytest.raises(FetchError, match="host or port cannot be read"):
        parse_url(f"http://orvale.example:{port}/")


def test_a_very_long_address_is_refused_in_a_short_line():
    with pytest.raises(FetchError, match="longer than 4000") as caught:
        parse_url("https://orvale.example/" + "a" * 1_000_000)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b", "https://orvale.example/b"),
        ("c?d", "https://orvale.example/news/c?d"),
        ("//stellhaven.example/x", "https://stellhaven.example/x"),
        ("http://stellhaven.example/ä", "http://stellhaven.example/%C3%A4"),
    ],
)
def test_a_redirect_is_read_relative_to_its_page(location, target):
    assert str(join_url(parse_url("https://orvale.example/news/a"), location)) == target


@given(st.text() | st.text().map("http://{}/".format) | st.from_regex(r"https?://[^/]{0,20}(/.{0,9})?"))
def test_any_text_is_an_address_or_is_refused_with_a_reason(text):
    try:
        url = parse_url(text)
    except FetchError as error:
        refused = error
    else:
        assert url.scheme in ("http", "https")
        assert not url.userinfo
        assert parse_url(str(url)) == url
        return
    assert refused.problem is FetchProblem.URL
    assert "\n" not in str(refused)
