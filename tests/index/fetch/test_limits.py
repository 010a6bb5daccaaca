"""A server cannot hold or flood the reader: every limit ends a fetch with its reason."""

import gzip
import tracemalloc
import zlib

import httpcore
import httpx
import pytest

from index.fetch import FetchConfig, Fetcher, FetchError, FetchProblem
from index.fetch.body import read_body
from index.fetch.transport import Budget
from tests.index.fetch.sites import answer, drip, flood, redirect

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
SOCKET_BUFFERS = 8_000_000


def refusal(fetcher, url):
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url)
    return caught.value


def test_a_body_that_says_it_is_too_large_is_refused_unread(site, make_fetcher):
    site.pages["/"] = HEAD + b"Content-Length: 9000000000\r\n\r\n" + b"x" * 1_000
    error = refusal(make_fetcher(), site.url())
    assert error.problem is FetchProblem.TOO_LARGE
    assert error.permanent
    assert str(error) == "it is larger than 20 MB (it says 9,000.0): raise fetch.max_mb to read it"


def test_an_endless_body_is_read_up_to_the_limit(site, make_fetcher):
    site.pages["/"] = flood(site, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", CHUNK)
    assert refusal(make_fetcher(max_mb=1), site.url()).problem is FetchProblem.TOO_LARGE
    assert site.sent < 1_000_000 + SOCKET_BUFFERS


def test_an_endless_body_without_a_length_is_read_up_to_the_limit(site, make_fetcher):
    site.pages["/"] = flood(site, HEAD + b"\r\n", b"x" * 65_536)
    assert refusal(make_fetcher(max_mb=1), site.url()).problem is FetchProblem.TOO_LARGE
    assert site.sent < 1_000_000 + SOCKET_BUFFERS


def test_framing_counts_as_received_too(site, make_fetcher):
    one_byte = b"1;" + b"x" * 60_000 + b"\r\nx\r\n"
    site.pages["/"] = flood(site, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", one_byte)
    assert refusal(make_fetcher(max_mb=1), site.url()).problem is FetchProblem.TOO_LARGE
    assert site.sent < 1_500_000 + SOCKET_BUFFERS


def test_interim_answers_do_not_go_on_for_ever(site, make_fetcher):
    site.pages["/"] = flood(site, b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 500)
    assert refusal(make_fetcher(max_mb=1), site.url()).problem is FetchProblem.TOO_LARGE


def test_endless_headers_are_refused(site, make_fetcher):
    site.pages["/"] = flood(site, HEAD, b"X-Filler: " + b"x" * 10_000 + b"\r\n")
    error = refusal(make_fetcher(), site.url())
    assert error.problem is FetchProblem.PROTOCOL
    assert site.sent < SOCKET_BUFFERS


def test_a_body_of_just_the_limit_is_read(site, make_fetcher):
    site.pages["/fits"] = answer(b"x" * 100_000)
    site.pages["/over"] = answer(b"x" * 100_001)
    site.pages["/packed"] = answer(gzip.compress(b"x" * 100_000), content_encoding="gzip")
    fetcher = make_fetcher(max_mb=0.1)
    assert len(fetcher.fetch(site.url("/fits")).body) == 100_000
    assert len(fetcher.fetch(site.url("/packed")).body) == 100_000
    assert refusal(fetcher, site.url("/over")).problem is FetchProblem.TOO_LARGE


def hurried():
    config = FetchConfig(
        allow_networks=("127.0.0.1/32",), respect_robots=False, delay_s=0, total_timeout_s=0.3, timeout_s=5
    )
    return Fetcher(config)


def drip_then_redirect(site, after_s):
    def pieces(request):
        site.stopped.wait(after_s)
        yield redirect("/")

    return pieces


@pytest.mark.parametrize("head", [b"", HEAD, HEAD + b"Content-Length: 1000000\r\n\r\n"])
def test_a_server_that_drips_is_left_when_the_time_is_over(site, head):
    piece = b"x" if head.endswith(b"\r\n\r\n") else b"X: y\r\n"
    site.pages["/"] = drip(site, head or b"HTTP/1.1 200 OK\r\n", piece)
    error = refusal(hurried(), site.url())
    assert error.problem is FetchProblem.TIMEOUT
    assert str(error) == "not done after 0.3 s (fetch.total_timeout_s)"
    assert not error.permanent


def test_each_wait_is_cut_to_what_is_left_of_the_time(time):
    budget = Budget(10, time.clock)
    with budget.running():
        assert [budget.within(wait) for wait in (3, 20, None)] == [3, 10, 10]
        time.now += 8
        assert [budget.within(wait) for wait in (1, 20, None)] == [1, 2, 2]
    time.now += 100  # a pause between two requests, which is not counted
    with budget.running():
        assert budget.within(20) == 2
        time.now += 2
        with pytest.raises(httpcore.TimeoutException):
            budget.within(20)


def test_a_silence_ends_with_the_whole_time(site):
    site.pages["/"] = drip(site, HEAD, b"", every_s=0.05)
    assert "fetch.total_timeout_s" in str(refusal(hurried(), site.url()))


def test_redirects_share_the_whole_time(site):
    site.pages["/"] = drip_then_redirect(site, after_s=0.12)
    assert "fetch.total_timeout_s" in str(refusal(hurried(), site.url()))
    assert len(site.requests) < 6


def test_a_server_that_says_nothing_is_left(site, make_fetcher):
    site.pages["/"] = drip(site, b"", b"", every_s=0.05)
    error = refusal(make_fetcher(timeout_s=0.1), site.url())
    assert error.problem is FetchProblem.TIMEOUT
    assert str(error) == "nothing more within 0.1 s (fetch.timeout_s)"


def test_a_gzipped_body_is_unpacked(site, make_fetcher):
    text = "Fähre nach Orvale fällt aus. ".encode() * 5_000
    site.pages["/one"] = answer(gzip.compress(text), content_encoding="gzip")
    site.pages["/two"] = answer(gzip.compress(text) + gzip.compress(b"end"), content_encoding="x-gzip")
    site.pages["/tail"] = answer(gzip.compress(text) + b"\0\0\0", content_encoding="GZIP")
    site.pages["/none"] = answer(b"", content_encoding="gzip")
    fetcher = make_fetcher()
    assert fetcher.fetch(site.url("/one")).body == text
    assert fetcher.fetch(site.url("/two")).body == text + b"end"
    assert fetcher.fetch(site.url("/tail")).body == text
    assert fetcher.fetch(site.url("/none")).body == b""
    assert site.requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    "body",
    [b"no gzip at all", gzip.compress(b"x" * 50_000)[:-20], gzip.compress(b"x")[:-8] + b"\0" * 8, b"\x1f"],
)
def test_a_damaged_gzip_body_is_refused(site, make_fetcher, body):
    site.pages["/"] = answer(body, content_encoding="gzip")
    error = refusal(make_fetcher(), site.url())
    assert error.problem is FetchProblem.PROTOCOL
    assert "gzip" in str(error)


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "gzip, gzip", "gzip, br", "compress", "\x01"])
def test_a_coding_that_was_not_asked_for_is_refused_unread(site, make_fetcher, coding):
    site.pages["/"] = answer(b"\x1f\x8b", content_encoding=coding)
    assert refusal(make_fetcher(), site.url()).problem is FetchProblem.PROTOCOL


def test_a_gzip_bomb_is_unpacked_no_further_than_the_limit(site, make_fetcher):
    bomb = gzip.compress(b"\0" * 300_000_000, compresslevel=9)
    site.pages["/"] = answer(bomb, content_encoding="gzip")
    fetcher = make_fetcher(max_mb=2)
    tracemalloc.start()
    try:
        error = refusal(fetcher, site.url())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert error.problem is FetchProblem.TOO_LARGE
    assert "when unpacked" in str(error)
    assert peak < 20_000_000


def test_of_an_endless_bomb_one_piece_is_taken():
    taken = []

    class Bomb(httpx.SyncByteStream):
        def __iter__(self):
            packer = zlib.compressobj(9, wbits=31)
            while True:
                taken.append(1)
                yield packer.compress(b"\0" * 4_000_000) + packer.flush(zlib.Z_SYNC_FLUSH)

    response = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Bomb())
    with pytest.raises(FetchError, match="larger than 3 MB when unpacked"):
        read_body(response, 3_000_000)
    assert len(taken) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"hello\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"220 mail.example ESMTP\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 99999 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 400 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\ncut off",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
        bytes(range(256)),
    ],
)
def test_an_answer_that_is_not_http_is_refused(site, make_fetcher, data):
    site.pages["/"] = data
    error = refusal(make_fetcher(), site.url())
    assert error.problem in (FetchProblem.PROTOCOL, FetchProblem.TOO_LARGE, FetchProblem.STATUS)
    assert "\n" not in str(error)


def test_a_port_where_nobody_listens(make_fetcher, site):
    url = site.url()
    site.close()
    error = refusal(make_fetcher(), url)
    assert error.problem is FetchProblem.CONNECTION
    assert str(error) == "no connection to 127.0.0.1: Connection refused"
