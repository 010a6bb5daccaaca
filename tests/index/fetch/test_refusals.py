"""No request reaches an address that is not global: each way to spell one ends with 0 connections."""

import contextlib
import socket
import ssl
import threading

import pytest

from index.fetch import FetchConfig, Fetcher, FetchError, FetchProblem
from tests.index.fetch.sites import LOOPBACK, CannedNetwork, Names, NoNetwork, answer

GLOBAL = "93.184.215.14"
TLS = ssl.create_default_context()
SPELLINGS = """
http://127.0.0.1:{port}/
http://127.0.0.1.:{port}/
http://127.1:{port}/
http://127.0.1:{port}/
http://127.255.255.254:{port}/
http://2130706433:{port}/
http://2130706433.:{port}/
http://017700000001:{port}/
http://0177.0.0.1:{port}/
http://0177.0.0.01:{port}/
http://127.0.0.01:{port}/
http://0x7f.0.0.1:{port}/
http://0x7f.1:{port}/
http://0x7f000001:{port}/
http://0X7F000001:{port}/
http://0x7f.0x0.0x0.0x1:{port}/
http://127.0.0x0.1:{port}/
http://0:{port}/
http://0.0.0.0:{port}/
http://00000000:{port}/
http://localhost:{port}/
http://LOCALHOST:{port}/
http://localhost.:{port}/
http://localhost..:{port}/
http://printer:{port}/
http://printer.localdomain:{port}/
http://pinned.example:{port}/
http://both.example:{port}/
http://sixth.example:{port}/
http://metadata.example:{port}/latest/
http://169.254.169.254:{port}/latest/meta-data/
http://10.0.0.1:{port}/
http://192.168.0.1:{port}/
http://172.16.0.1:{port}/
http://100.64.0.1:{port}/
http://[::1]:{port}/
http://[::]:{port}/
http://[0:0:0:0:0:0:0:1]:{port}/
http://[::0001]:{port}/
http://[::127.0.0.1]:{port}/
http://[::ffff:127.0.0.1]:{port}/
http://[::ffff:7f00:1]:{port}/
http://[::FFFF:7F00:1]:{port}/
http://[0:0:0:0:0:ffff:7f00:1]:{port}/
http://[64:ff9b::7f00:1]:{port}/
http://[2002:7f00:1::]:{port}/
http://[2001:0:7f00:1::]:{port}/
http://[fe80::1]:{port}/
http://[fe80::1%25lo]:{port}/
http://[::1%25lo]:{port}/
http://[::1%lo]:{port}/
http://[fc00::1]:{port}/
http://[fec0::1]:{port}/
http://[ff02::1]:{port}/
http://[::1]:{port}.example/
http://[::1].example:{port}/
http://::1:{port}/
http://[127.0.0.1]:{port}/
http://\uff11\uff12\uff17.0.0.1:{port}/
http://127\u30020\u30020\u30021:{port}/
http://\u2460\u2461\u2466.0.0.1:{port}/
http://\u24db\u24de\u24d2alhost:{port}/
http://127.0.0.1%2e:{port}/
http://127%2e0%2e0%2e1:{port}/
http://%31%32%37.0.0.1:{port}/
http://127.0.0.1%00.orvale.example:{port}/
http://orvale.example@127.0.0.1:{port}/
http://orvale.example:80@127.0.0.1:{port}/
http://orvale.example%40127.0.0.1:{port}/
http://orvale.example\\@127.0.0.1:{port}/
http://127.0.0.1:{port}\\@orvale.example/
http://127.0.0.1:{port}\\.orvale.example/
http://127.0.0.1:{port}#@orvale.example/
http://127.0.0.1:{port}?@orvale.example/
http://orvale.example:80:{port}@127.0.0.1/
http:\\\\127.0.0.1:{port}\\
http:/127.0.0.1:{port}/
http:///127.0.0.1:{port}/
http:127.0.0.1:{port}/
//127.0.0.1:{port}/
127.0.0.1:{port}/
http://127.0.0.1:0{port}/
http://127.0.0.1:+{port}/
http://127.0.0.1:-{port}/
http://127.0.0.1:{port}\t/
http://127.0.0.1\t:{port}/
http://127.0.0.1 :{port}/
https://127.0.0.1:{port}/
HTTPS://LOCALHOST:{port}/
file:///etc/passwd
file://127.0.0.1/etc/passwd
FILE:/etc/passwd
ftp://127.0.0.1:{port}/
gopher://127.0.0.1:{port}/_GET
dict://127.0.0.1:{port}/
ldap://127.0.0.1:{port}/
data:text/html,hello
javascript:alert(1)
jar:http://127.0.0.1:{port}/!/x
unix:///var/run/x.sock
ws://127.0.0.1:{port}/
view-source:http://127.0.0.1:{port}/
http://
http://:{port}/
http://[]:{port}/
""".strip().split("\n")
KNOWN = {
    "localhost": ["127.0.0.1", "::1"],
    "printer": ["192.168.0.7"],
    "printer.localdomain": ["fe80::7%lo"],
    "pinned.example": ["127.0.0.1"],
    "both.example": ["10.0.0.1", "127.0.0.1"],
    "sixth.example": ["::ffff:127.0.0.1", "::1", "2002:7f00:1::"],
    "metadata.example": ["169.254.169.254"],
    "front.example": [GLOBAL],
}


def lenient_resolver(host, port):
    """Reads numbers as the operating system does, so that only the checks keep them out."""
    with contextlib.suppress(OSError):
        return [socket.inet_ntoa(socket.inet_aton(host))]
    return Names(KNOWN)(host.rstrip(".").lower(), port)


def unmannered(resolver, network, time):
    """Make a fetcher with the address rule of the defaults, that asks for no robots.txt."""
    config = FetchConfig(respect_robots=False)
    return Fetcher(config, resolver=resolver, network=network, sleep=time.sleep, tls=TLS)


@pytest.fixture
def listener():
    """Counts the connections to one port of loopback, over IPv4, and over IPv6 where there is one."""
    four = socket.create_server((LOOPBACK, 0))
    sockets = [four]
    with contextlib.suppress(OSError):
        sockets.append(socket.create_server(("::1", four.getsockname()[1]), family=socket.AF_INET6))
    yield Listener(sockets)
    for each in sockets:
        each.close()


class Listener:
    def __init__(self, sockets):
        self._sockets = sockets
        self.port = sockets[0].getsockname()[1]

    def connections(self):
        count = 0
        for each in self._sockets:
            each.settimeout(0)
            with contextlib.suppress(BlockingIOError):
                while True:
                    each.accept()[0].close()
                    count += 1
        return count


def test_the_listener_counts_a_connection(listener):
    socket.create_connection((LOOPBACK, listener.port)).close()
    assert listener.connections() == 1


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_reaches_loopback(spelling, listener, time):
    network = NoNetwork()
    watched = unmannered(lenient_resolver, network, time)
    unwatched = Fetcher(resolver=lenient_resolver, sleep=time.sleep, tls=TLS)
    for fetcher in (watched, unwatched):
        with pytest.raises(FetchError) as caught:
            fetcher.fetch(spelling.format(port=listener.port))
        assert caught.value.problem in (FetchProblem.URL, FetchProblem.ADDRESS, FetchProblem.NAME)
        assert caught.value.permanent or caught.value.problem is FetchProblem.NAME
    assert network.tried == []
    assert listener.connections() == 0


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_redirect_reaches_loopback(spelling, listener, time):
    target = spelling.format(port=listener.port)
    network = CannedNetwork(b"HTTP/1.1 302 Found\r\nLocation: " + target.encode() + b"\r\n\r\n")
    fetcher = unmannered(lenient_resolver, network, time)
    with pytest.raises(FetchError, match="redirect") as caught:
        fetcher.fetch("http://front.example/")
    assert caught.value.problem is not FetchProblem.CONNECTION
    assert set(network.tried) == {GLOBAL}
    assert listener.connections() == 0


def test_the_refusal_names_the_address_and_the_setting(listener):
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 .*fetch\.allow_networks") as caught:
        Fetcher().fetch(f"http://127.0.0.1:{listener.port}/")
    assert caught.value.problem is FetchProblem.ADDRESS
    with pytest.raises(FetchError, match=r"pinned\.example is at 127\.0\.0\.1"):
        Fetcher(resolver=lenient_resolver).fetch("http://pinned.example/")


def test_a_name_that_changes_its_address_is_asked_once_and_not_followed_to_loopback(listener, time):
    answers = [[GLOBAL], [LOOPBACK], [LOOPBACK]]
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return answers[len(asked) - 1]

    network = NoNetwork()
    fetcher = unmannered(rebinding, network, time)
    with pytest.raises(FetchError, match="no connection") as caught:
        fetcher.fetch(f"http://rebinding.example:{listener.port}/")
    assert caught.value.problem is FetchProblem.CONNECTION
    assert asked == ["rebinding.example"]
    assert network.tried == [GLOBAL]
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(f"http://rebinding.example:{listener.port}/")
    assert caught.value.problem is FetchProblem.ADDRESS
    assert network.tried == [GLOBAL]
    assert listener.connections() == 0


@pytest.mark.parametrize(
    ("host", "address"),
    [
        (GLOBAL, GLOBAL),
        ("[2606:4700:0::1]", "2606:4700::1"),
        ("[::ffff:93.184.215.14]", GLOBAL),
        ("[64:ff9b::5db8:d70e]", "64:ff9b::5db8:d70e"),
        ("front.example", GLOBAL),
    ],
)
def test_a_global_address_is_connected_to(host, address, time):
    network = CannedNetwork(answer(b"welcome"))
    assert unmannered(lenient_resolver, network, time).fetch(f"http://{host}/").body == b"welcome"
    assert network.tried == [address]


def test_of_a_host_with_global_and_private_addresses_only_the_global_ones_are_tried(time):
    network = NoNetwork()
    names = Names({"mixed.example": ["10.0.0.1", GLOBAL, "::1", "2606:4700::1", "not an address"]})
    fetcher = unmannered(names, network, time)
    with pytest.raises(FetchError, match="no connection"):
        fetcher.fetch("https://mixed.example/")
    assert network.tried == [GLOBAL, "2606:4700::1"]


def test_a_host_with_many_addresses_is_not_tried_for_ever(time):
    network = NoNetwork()
    names = Names({"many.example": [f"93.184.215.{last}" for last in range(1, 200)]})
    fetcher = unmannered(names, network, time)
    with pytest.raises(FetchError, match="no connection"):
        fetcher.fetch("https://many.example/")
    assert len(network.tried) == 4


def test_an_unknown_host_is_said_to_be_unknown(make_fetcher):
    with pytest.raises(FetchError, match=r"orvale-gone\.example is not known: Name or service") as caught:
        make_fetcher(resolver=Names({})).fetch("https://orvale-gone.example/")
    assert caught.value.problem is FetchProblem.NAME
    assert not caught.value.permanent


def test_a_host_without_addresses_is_unknown_too(make_fetcher):
    with pytest.raises(FetchError, match="not known"):
        make_fetcher(resolver=Names({"empty.example": []})).fetch("https://empty.example/")


def test_a_resolver_that_does_not_answer_is_given_up():
    never = threading.Event()
    config = FetchConfig(connect_timeout_s=0.05, respect_robots=False)
    fetcher = Fetcher(config, resolver=lambda host, port: [str(never.wait(30))], tls=TLS)
    with pytest.raises(FetchError, match=r"no connection to slow\.example within 0\.05 s") as caught:
        fetcher.fetch("http://slow.example/")
    never.set()
    assert caught.value.problem is FetchProblem.TIMEOUT


def test_an_allowed_network_is_connected_to_at_the_address_that_was_checked(site, make_fetcher):
    site.pages["/"] = answer(b"ferry timetable")
    names = Names({"intranet.example": ["10.9.9.9", LOOPBACK]})
    fetched = make_fetcher(resolver=names).fetch(site.url(host="intranet.example"))
    assert fetched.body == b"ferry timetable"
    assert names.asked == ["intranet.example"]
    assert site.requests[0].headers["host"] == f"intranet.example:{site.port}"


def test_the_proxies_of_the_environment_are_not_used(site, other_site, make_fetcher, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, other_site.url())
    site.pages["/"] = answer(b"direct")
    assert make_fetcher().fetch(site.url()).body == b"direct"
    assert other_site.connections == 0
