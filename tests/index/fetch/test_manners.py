"""Robots.txt, the pace of a host, and servers that ask to come later."""

import threading

import pytest

from index.fetch import FetchConfig, Fetcher, FetchError, FetchProblem
from index.fetch.pace import Pace
from index.fetch.robots import MAX_CRAWL_DELAY_S, MAX_ROBOTS_BYTES, parse_rules
from tests.index.fetch.sites import Names, answer, redirect


def refusal(fetcher, url):
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url)
    return caught.value


def robots(text):
    return answer(text.encode(), content_type="text/plain")


@pytest.fixture
def polite(make_fetcher):
    def make(**settings):
        return make_fetcher(respect_robots=True, **settings)

    return make


def test_robots_is_read_once_and_before_the_first_page(site, polite):
    site.pages |= {
        "/robots.txt": robots("User-agent: *\nDisallow: /private"),
        "/a": answer(b"a"),
        "/b": answer(b"b"),
    }
    fetcher = polite()
    fetcher.fetch(site.url("/a"))
    fetcher.fetch(site.url("/b"))
    assert site.paths() == ["/robots.txt", "/a", "/b"]


def test_a_disallowed_page_is_not_asked_for(site, polite):
    site.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /private/*.html$\nAllow: /private/open.html")
    site.pages["/private/open.html"] = answer(b"open")
    fetcher = polite()
    error = refusal(fetcher, site.url("/private/a.html"))
    assert (error.problem, error.permanent) == (FetchProblem.ROBOTS, True)
    assert str(error) == "robots.txt asks Dateline not to fetch it"
    assert fetcher.fetch(site.url("/private/open.html")).body == b"open"
    assert site.paths() == ["/robots.txt", "/private/open.html"]


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: dateline\nDisallow: /", False),
        ("User-agent: DATELINE/2.0\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Dateline\nAllow: /", True),
        ("User-agent: otherbot\nUser-agent: Dateline\nDisallow: /", False),
        ("User-agent: otherbot\nDisallow: /", True),
        ("User-agent: news\nDisallow: /", True),
        ("User-agent: date\nDisallow: /", True),
        ("User-agent: datelinebot\nDisallow: /", True),
        ("user-agent:*\r\ndisallow:/", False),
        ("\ufeffUser-agent: *\nDisallow: /", False),
        ("<html><body>Not found</body></html>", True),
        ("", True),
    ],
)
def test_the_group_for_this_program_counts(site, polite, text, allowed):
    site.pages |= {"/robots.txt": robots(text), "/a": answer(b"a")}
    if allowed:
        assert polite().fetch(site.url("/a")).body == b"a"
    else:
        assert refusal(polite(), site.url("/a")).problem is FetchProblem.ROBOTS


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_site_without_robots_allows_everything(site, polite, status):
    site.pages |= {"/robots.txt": answer(status=status), "/a": answer(b"a")}
    assert polite().fetch(site.url("/a")).body == b"a"


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_site_whose_robots_fails_is_left_alone_for_now(site, polite, time, status):
    site.pages |= {"/robots.txt": answer(status=status), "/a": answer(b"a")}
    fetcher = polite(retries=0)
    error = refusal(fetcher, site.url("/a"))
    assert (error.problem, error.permanent, error.retry_after_s) == (FetchProblem.ROBOTS, False, 600)
    assert f"({status})" in str(error)
    site.pages["/robots.txt"] = answer(status=404)
    refusal(fetcher, site.url("/a"))
    time.now += 601
    assert fetcher.fetch(site.url("/a")).body == b"a"


def test_robots_is_read_again_after_a_day(site, polite, time):
    site.pages |= {"/robots.txt": robots(""), "/a": answer(b"a")}
    fetcher = polite()
    fetcher.fetch(site.url("/a"))
    site.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /")
    fetcher.fetch(site.url("/a"))
    time.now += 24 * 3600 + 1
    assert refusal(fetcher, site.url("/a")).problem is FetchProblem.ROBOTS


def test_robots_may_be_redirected_but_not_to_a_private_address(site, other_site, polite):
    site.pages |= {"/robots.txt": redirect(other_site.url("/rules")), "/a": answer(b"a")}
    other_site.pages["/rules"] = robots("User-agent: *\nDisallow: /a")
    assert str(refusal(polite(), site.url("/a"))) == "robots.txt asks Dateline not to fetch it"
    site.pages["/robots.txt"] = redirect("http://192.168.0.1/robots.txt")
    assert "left alone for now" in str(refusal(polite(), site.url("/a")))
    site.pages["/robots.txt"] = redirect("/robots.txt")
    assert polite().fetch(site.url("/a")).body == b"a"


def test_the_target_of_a_redirect_is_asked_for_its_robots_too(site, other_site, polite):
    site.pages["/a"] = redirect(other_site.url("/b"))
    other_site.pages |= {"/robots.txt": robots("User-agent: *\nDisallow: /"), "/b": answer(b"b")}
    error = refusal(polite(), site.url("/a"))
    assert error.problem is FetchProblem.ROBOTS
    assert str(error) == f"redirected to {other_site.url('/b')}: robots.txt asks Dateline not to fetch it"
    assert other_site.paths() == ["/robots.txt"]


def test_robots_is_asked_of_each_scheme_and_port(site, other_site, polite):
    for each in (site, other_site):
        each.pages["/a"] = answer(b"a")
    fetcher = polite()
    fetcher.fetch(site.url("/a"))
    fetcher.fetch(other_site.url("/a"))
    assert other_site.paths() == ["/robots.txt", "/a"]


def test_a_host_that_is_unknown_is_not_said_to_forbid(polite):
    assert refusal(polite(resolver=Names({})), "http://gone.example/").problem is FetchProblem.NAME


def test_robots_can_be_left_out_by_setting(site, polite, make_fetcher):
    site.pages |= {"/robots.txt": robots("User-agent: *\nDisallow: /"), "/a": answer(b"a")}
    assert make_fetcher(respect_robots=False).fetch(site.url("/a")).body == b"a"
    assert site.paths() == ["/a"]


def test_of_a_huge_robots_the_beginning_counts(site, polite):
    start = "User-agent: *\nDisallow: /private\n"
    filler = "# nothing to see here\n" * (MAX_ROBOTS_BYTES // 20)
    site.pages |= {"/robots.txt": robots(start + filler + "Disallow: /a\n"), "/a": answer(b"a")}
    fetcher = polite()
    assert fetcher.fetch(site.url("/a")).body == b"a"
    assert refusal(fetcher, site.url("/private")).problem is FetchProblem.ROBOTS


def test_many_agents_with_many_rules_do_not_multiply():
    agents = "".join(f"User-agent: a{number}\n" for number in range(16_000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(20_000))
    parsed = parse_rules((agents + "User-agent: *\n" + rules).encode()[:MAX_ROBOTS_BYTES], "Dateline")
    with pytest.raises(FetchError):
        parsed.check("https://orvale.example/17", "Dateline")
    parsed.check("https://orvale.example/open", "Dateline")


def test_a_rule_that_is_cut_in_the_middle_does_not_count():
    start = b"User-agent: *\nDisallow: /private\n"
    filler = b"#" * (MAX_ROBOTS_BYTES - len(start) - len(b"\nDisallow: /")) + b"\nDisallow: /"
    assert len(start + filler) == MAX_ROBOTS_BYTES
    parse_rules(start + filler, "Dateline").check("https://orvale.example/a", "Dateline")


@pytest.mark.parametrize(
    ("line", "delay"),
    [
        ("Crawl-delay: 7", 7),
        ("Crawl-delay: 0.5", 0.5),
        ("Request-rate: 1/10", 10),
        ("Crawl-delay: 100000", MAX_CRAWL_DELAY_S),
        ("Crawl-delay: nan", 0),
        ("Crawl-delay: inf", 0),
        ("Crawl-delay: -3", 0),
        ("Crawl-delay: soon", 0),
    ],
)
def test_the_pause_that_a_site_asks_for_is_bounded(line, delay):
    assert parse_rules(f"User-agent: *\n{line}".encode(), "Dateline").delay_s == delay


def test_the_pause_that_a_site_asks_for_is_kept_from_the_first_page_on(site, polite, time):
    site.pages |= {"/robots.txt": robots("User-agent: *\nCrawl-delay: 7"), "/a": answer(b"a")}
    fetcher = polite(delay_s=1)
    for _ in range(3):
        fetcher.fetch(site.url("/a"))
    assert time.sleeps == [7, 7, 7]


def test_requests_to_one_host_keep_their_distance(site, make_fetcher, time):
    site.pages |= {"/a": redirect("/b"), "/b": answer(b"b")}
    fetcher = make_fetcher(delay_s=2)
    fetcher.fetch(site.url("/a"))
    time.now += 1.5
    fetcher.fetch(site.url("/b"))
    time.now += 60
    fetcher.fetch(site.url("/b"))
    assert time.sleeps == [2, 0.5]


def test_hosts_do_not_wait_for_each_other(site, make_fetcher, time):
    site.pages["/"] = answer(b"x")
    names = Names({f"{name}.example": ["127.0.0.1"] for name in ("orvale", "stellhaven", "brackwater")})
    fetcher = make_fetcher(delay_s=2, resolver=names)
    for name in names.known:
        fetcher.fetch(site.url(host=name))
    assert time.sleeps == []


def test_threads_share_the_pace_of_a_host(site, make_fetcher, time):
    site.pages["/"] = answer(b"x")
    waited = []
    fetcher = Fetcher(
        FetchConfig(allow_networks=("127.0.0.1/32",), respect_robots=False, delay_s=1),
        clock=time.clock,  # it stands still, so that each request waits for all that came before it
        sleep=waited.append,
    )

    def work():
        for _ in range(5):
            fetcher.fetch(site.url())

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waited) == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_a_pace_forgets_hosts_that_it_has_not_seen_for_long(time):
    pace = Pace(time.clock, time.sleep)
    for number in range(25_000):
        pace.wait(f"host-{number}.example", 5.0)
    assert time.sleeps == []
    pace.wait("host-24999.example", 5.0)
    assert time.sleeps == [5.0]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_server_that_asks_to_come_later_is_asked_again(site, make_fetcher, time, status):
    site.pages["/"] = [answer(status=status, retry_after="5"), answer(status=status), answer(b"here")]
    assert make_fetcher().fetch(site.url()).body == b"here"
    assert time.sleeps == [5, 2]


def test_retries_are_bounded_and_leave_the_time_to_the_caller(site, make_fetcher, time):
    site.pages["/"] = answer(status=503, retry_after="30")
    error = refusal(make_fetcher(retries=2), site.url())
    assert (error.problem, error.status, error.permanent) == (FetchProblem.STATUS, 503, False)
    assert error.retry_after_s == 30
    assert len(site.requests) == 3
    assert time.sleeps == [30, 30]


def test_a_long_retry_after_is_not_waited_for(site, make_fetcher, time):
    site.pages["/"] = answer(status=429, retry_after="3600")
    error = refusal(make_fetcher(), site.url())
    assert (error.retry_after_s, len(site.requests), time.sleeps) == (3600, 1, [])


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("99999999999999999999", 86_400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        ("Wed, 04 Mar 1998 15:46:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_odd_times_to_come_later(site, make_fetcher, value, seconds):
    site.pages["/"] = answer(status=503, retry_after=value)
    assert refusal(make_fetcher(retries=0), site.url()).retry_after_s == seconds


def test_other_failures_are_not_asked_again(site, make_fetcher):
    site.pages["/"] = answer(status=500)
    refusal(make_fetcher(), site.url())
    assert len(site.requests) == 1
