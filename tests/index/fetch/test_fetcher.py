import subprocess
import sys
import threading

import pytest

from index.fetch import FetchConfig, Fetched, Fetcher, FetchError, FetchProblem
from tests.index.fetch.sites import LOOPBACK, Names, answer, redirect


def refusal(fetcher, url):
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url)
    return caught.value


def test_a_page_comes_with_what_its_headers_say(site, make_fetcher):
    site.pages["/a"] = answer(
        "Fähre".encode("latin-1"),
        content_type='Text/HTML; charset="ISO-8859-1"',
        last_modified="Wed, 04 Mar 2026 15:46:00 GMT",
        etag='"v1"',
    )
    fetched = make_fetcher().fetch(site.url("/a#top"))
    assert isinstance(fetched, Fetched)
    assert fetched.url == site.url("/a#top")
    assert fetched.final_url == site.url("/a")
    assert fetched.status == 200
    assert (fetched.media_type, fetched.charset) == ("text/html", "iso-8859-1")
    assert fetched.last_modified == "2026-03-04T15:46:00+00:00"
    assert fetched.validators.etag == '"v1"'
    assert fetched.body.decode("latin-1") == "Fähre"
    assert not fetched.unchanged


@pytest.mark.parametrize(
    ("content_type", "found"),
    [
        ("application/rss+xml", ("application/rss+xml", None)),
        ("text/html; charset=", ("text/html", None)),
        ("text/html; charset=utf-8; charset=latin-1", ("text/html", "utf-8")),
        ("text/html;;;charset=UTF-8", ("text/html", "utf-8")),
        ("text/html; charset*=utf-8''%ff", ("text/html", None)),
        (";", ("", None)),
        ("Ã¤ / ;=", ("ã¤ /", None)),
    ],
)
def test_odd_content_types_are_read_as_far_as_they_go(site, make_fetcher, content_type, found):
    site.pages["/"] = answer(b"x", content_type=content_type)
    fetched = make_fetcher().fetch(site.url())
    assert (fetched.media_type, fetched.charset) == found


@pytest.mark.parametrize("value", ["yesterday", "Wed, 99 Mar 2026 15:46:00 GMT", "0", "", "Ã¤", "x" * 5_000])
def test_a_date_that_cannot_be_read_is_none(site, make_fetcher, value):
    site.pages["/"] = answer(b"x", last_modified=value)
    assert make_fetcher().fetch(site.url()).last_modified is None


def test_a_page_without_headers_is_still_a_page(site, make_fetcher):
    site.pages["/"] = b"HTTP/1.0 200 OK\r\n\r\nplain"
    fetched = make_fetcher().fetch(site.url())
    assert (fetched.body, fetched.media_type, fetched.charset) == (b"plain", "", None)


def test_the_request_says_who_asks_and_carries_nothing_else(site, make_fetcher):
    site.pages["/a"] = answer(b"x", set_cookie="session=1")
    fetcher = make_fetcher(contact="https://desk.example/bot")
    fetcher.fetch(site.url("/a"))
    fetcher.fetch(site.url("/a"))
    agent = FetchConfig().identity
    assert agent.startswith("Dateline/")
    assert site.requests[1].headers == {
        "host": f"{LOOPBACK}:{site.port}",
        "user-agent": f"{agent} (+https://desk.example/bot)",
        "accept": site.requests[0].headers["accept"],
        "accept-encoding": "gzip",
        "connection": "close",
    }


def test_an_address_in_any_script_is_asked_for_encoded(site, make_fetcher):
    site.pages["/stra%C3%9Fe/%E6%97%A5?q=%C3%BC"] = answer(b"found")
    names = Names({"xn--zeitung-mnzhof-osb.example": [LOOPBACK]})
    fetched = make_fetcher(resolver=names).fetch(site.url("/straße/日?q=ü", host="Zeitung-Münzhof.example"))
    assert fetched.body == b"found"


@pytest.mark.parametrize(
    ("status", "said", "permanent"),
    [
        (404, "not found (404)", True),
        (410, "gone (410)", True),
        (401, "a login is asked for (401)", True),
        (403, "access is forbidden (403)", True),
        (418, "no page is given (418)", True),
        (408, "no page is given (408)", False),
        (500, "the server failed (500)", False),
        (204, "no page is given (204)", False),
        (206, "no page is given (206)", False),
        (304, "no page is given (304)", False),
        (302, "no page is given (302)", False),
        (999, "no page is given (999)", False),
    ],
)
def test_a_status_without_a_page_is_said(site, make_fetcher, status, said, permanent):
    site.pages["/"] = answer(status=status)
    error = refusal(make_fetcher(), site.url())
    assert str(error) == said
    assert (error.problem, error.status, error.permanent) == (FetchProblem.STATUS, status, permanent)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_to_the_page(site, other_site, make_fetcher, status):
    site.pages["/old"] = redirect("/newer?x=ä", status)
    site.pages["/newer?x=%C3%A4"] = redirect(other_site.url("/newest"), status)
    other_site.pages["/newest"] = answer(b"moved here")
    fetched = make_fetcher().fetch(site.url("/old"))
    assert fetched.body == b"moved here"
    assert fetched.url == site.url("/old")
    assert fetched.final_url == other_site.url("/newest")


def test_redirects_are_bounded(site, make_fetcher):
    for number in range(10):
        site.pages[f"/{number}"] = redirect(f"/{number + 1}")
    site.pages["/5"] = answer(b"far enough")
    assert make_fetcher(max_redirects=5).fetch(site.url("/0")).body == b"far enough"
    error = refusal(make_fetcher(max_redirects=4), site.url("/0"))
    assert error.problem is FetchProblem.REDIRECTS
    assert str(error) == f"more than 4 redirects, the last to {site.url('/5')}"


def test_a_circle_of_redirects_ends(site, make_fetcher):
    site.pages["/a"] = redirect("/b")
    site.pages["/b"] = redirect("/a")
    assert refusal(make_fetcher(), site.url("/a")).problem is FetchProblem.REDIRECTS
    assert site.paths() == ["/a", "/b"] * 3


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://orvale.example/x",
        "http://u:secret@orvale.example",
        "http://[bad/",
        "data:,x",
    ],
)
def test_a_redirect_to_what_is_no_web_address_is_refused(site, make_fetcher, location):
    site.pages["/"] = redirect(location)
    error = refusal(make_fetcher(), site.url())
    assert error.problem is FetchProblem.URL
    assert str(error).startswith("redirected: ")
    assert "secret" not in str(error)


def test_a_redirect_to_a_private_address_is_refused(site, make_fetcher):
    site.pages["/"] = redirect("http://169.254.169.254/latest/meta-data/")
    error = refusal(make_fetcher(), site.url())
    assert error.problem is FetchProblem.ADDRESS
    assert str(error).startswith("redirected to http://169.254.169.254/latest/meta-data/: 169.254.169.254 is")
    assert error.url == "http://169.254.169.254/latest/meta-data/"


def test_a_refused_address_does_not_end_the_fetcher(site, make_fetcher):
    site.pages["/"] = answer(b"still here")
    fetcher = make_fetcher()
    refusal(fetcher, "http://10.0.0.1/")
    assert fetcher.fetch(site.url()).body == b"still here"


def test_one_fetcher_serves_many_threads(site, make_fetcher):
    for number in range(12):
        site.pages[f"/{number}"] = answer(f"story {number}".encode())
    fetcher = make_fetcher()
    bodies = {}

    def work(number):
        bodies[number] = fetcher.fetch(site.url(f"/{number}")).body

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bodies == {number: f"story {number}".encode() for number in range(12)}


def test_importing_and_making_a_fetcher_loads_no_http_client():
    code = (
        "import sys; from index.fetch import Fetcher; Fetcher();"
        "print([name for name in ('httpx', 'httpcore', 'protego') if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_leaving_the_context_closes_the_memory(site, tmp_path, make_fetcher):
    from index.fetch import FetchMemory

    site.pages["/"] = answer(b"x")
    memory = FetchMemory(tmp_path / "fetched.db")
    with make_fetcher(memory=memory) as fetcher:
        assert isinstance(fetcher, Fetcher)
        memory.remember(fetcher.fetch(site.url()))
    (tmp_path / "fetched.db").unlink()
    assert memory.page(site.url()) is None  # opened anew: the old file is no longer held
    memory.close()
