"""The way from an address to its answer: redirects, retries, and the pace of each host."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass

import httpcore
import httpx

from index.fetch.addresses import AddressRule
from index.fetch.config import FetchConfig
from index.fetch.errors import FetchError, FetchProblem
from index.fetch.exchange import COME_LATER, Answer, Exchange
from index.fetch.memory import RememberedPage
from index.fetch.pace import Pace
from index.fetch.resolve import Resolver
from index.fetch.transport import Budget, GuardedBackend
from index.fetch.urls import host_of, join_url, origin_of, parse_url

MAX_WAIT_S = 60.0
"""The longest pause before a retry; a server that asks for a longer one is left for later."""

_FIRST_PAUSE_S = 1.0
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What differs between fetching a page and fetching a robots.txt.

    `permitted` takes origin and address, and returns the seconds between requests that the site wants,
    or raises FetchError. `cut` takes the beginning of a body that is longer than `max_bytes`.
    """

    max_bytes: int
    max_redirects: int
    permitted: Callable[[str, str], float]
    cut: bool = False
    known: RememberedPage | None = None

    def headers(self, url: str) -> dict[str, str]:
        """Return the conditional headers: sent only to the address that answered last time."""
        return self.known.validators.headers if self.known and self.known.final_url == url else {}


class Follower:
    """Asks for an address and goes on to where it redirects; safe to share between threads."""

    def __init__(
        self,
        config: FetchConfig,
        pace: Pace,
        *,
        resolver: Resolver,
        network: httpcore.NetworkBackend | None,
        tls: ssl.SSLContext | None,
        clock: Callable[[], float],
    ) -> None:
        self._config = config
        self._pace = pace
        self._rule = AddressRule(config.allow_networks)
        self._resolver = resolver
        self._network = network or httpcore.SyncBackend()
        self._tls = tls or httpx.create_ssl_context()
        self._clock = clock

    def follow(self, address: str, errand: Errand) -> Answer:
        """Return the answer at the end of a chain of redirects, each of which is checked as the first.

        Raises:
            FetchError: where it cannot or may not be fetched. Any status is an answer.
        """
        url = first = parse_url(address)
        with self._exchange(errand.max_bytes) as exchange:
            for _ in range(errand.max_redirects + 1):
                try:
                    answer = self._answer(exchange, url, errand)
                except FetchError as error:
                    if url is not first:
                        _say_redirected(error, f" to {url}")
                    raise
                locations = answer.headers.get_list("location")
                if answer.status not in _REDIRECTS or not locations:
                    return answer
                try:
                    url = join_url(url, locations[0])
                except FetchError as error:
                    _say_redirected(error)
                    raise
        raise FetchError(
            f"more than {errand.max_redirects} redirects, the last to {url}",
            problem=FetchProblem.REDIRECTS,
            url=str(url),
        )

    def _answer(self, exchange: Exchange, url: httpx.URL, errand: Errand) -> Answer:
        """Return the answer of one address, asked for again where the server wants that for later."""
        delay = errand.permitted(origin_of(url), str(url))
        host = host_of(url)
        headers = errand.headers(str(url))
        pause = _FIRST_PAUSE_S
        for attempts_left in range(self._config.retries, -1, -1):
            self._pace.wait(host, delay)
            answer = exchange.get(url, headers, errand.max_bytes, cut=errand.cut)
            if answer.status not in COME_LATER or not attempts_left:
                break
            asked = answer.retry_after_s
            if asked is not None and asked > MAX_WAIT_S:
                break
            self._pace.hold(host, pause if asked is None else asked)
            pause = min(2 * pause, MAX_WAIT_S)
        return answer

    def _exchange(self, max_bytes: int) -> Exchange:
        budget = Budget(self._config.total_timeout_s, self._clock)
        backend = GuardedBackend(
            self._rule, budget, max_bytes, resolver=self._resolver, network=self._network
        )
        return Exchange(self._config, backend, budget, self._tls)


def _say_redirected(error: FetchError, to: str = "") -> None:
    error.args = (f"redirected{to}: {error}",)
