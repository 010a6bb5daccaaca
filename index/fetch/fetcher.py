"""Fetching web addresses: from allowed hosts only, at the pace and within the rules of each site."""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from index.closing import Closes
from index.fetch.config import FetchConfig
from index.fetch.errors import FetchError, FetchProblem
from index.fetch.fetched import Fetched, Validators, header_date, media_type_of, validators_of
from index.fetch.memory import FetchMemory, RememberedPage
from index.fetch.pace import Pace
from index.fetch.resolve import Resolver, system_resolver
from index.fetch.robots import MAX_ROBOTS_BYTES, Robots

if TYPE_CHECKING:  # httpx is loaded by the first fetch, so that importing this stays light
    import ssl

    import httpcore

    from index.fetch.exchange import Answer
    from index.fetch.following import Follower

_ROBOTS_REDIRECTS = 5
_NOT_MODIFIED = 304


class Fetcher(Closes):
    """Fetches pages, feeds and files by GET; safe to share between threads.

    Each request makes its own connection, to an address that was checked (`index.fetch.transport`).
    No cookies, credentials or proxies are used, and HTTP/1.1 only. A redirect is followed from https to
    http as well: nothing secret is sent. Leaving the context closes the memory.
    """

    def __init__(
        self,
        config: FetchConfig | None = None,
        *,
        memory: FetchMemory | None = None,
        resolver: Resolver = system_resolver,
        network: "httpcore.NetworkBackend | None" = None,
        tls: "ssl.SSLContext | None" = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Keep what fetching needs; nothing is opened or loaded.

        Args:
            config: Limits and manners; the defaults where it is left out.
            memory: What earlier fetches left: needed for conditional requests.
            resolver: Turns a host's name into addresses.
            network: Makes the TCP connections; plain sockets by default.
            tls: The certificates that are trusted; those of certifi, or of SSL_CERT_FILE, by default.
            clock: Seconds that only go forward.
            sleep: Waits for seconds.
        """
        self._config = config or FetchConfig()
        self._memory = memory
        self._resolver = resolver
        self._network = network
        self._tls = tls
        self._clock = clock
        self._pace = Pace(clock, sleep)
        self._robots = Robots(self._load_robots, self._config.product, clock)
        self._starting = threading.Lock()
        self._started: Follower | None = None

    def close(self) -> None:
        """Close the memory."""
        if self._memory:
            self._memory.close()

    @property
    def config(self) -> FetchConfig:
        """The limits and manners that it keeps to."""
        return self._config

    def fetch(self, url: str, *, conditional: bool = False) -> Fetched:
        """Return what is at an address.

        Failures and successes are noted in the memory. That a page was stored is not: the caller says
        so with `FetchMemory.remember`, when it is.

        Args:
            url: An http or https address.
            conditional: Ask only for a page that changed since it was remembered; `unchanged` is set
                where it did not.

        Raises:
            FetchError: where it cannot or may not be fetched; `problem` and the text say why.
        """
        known = self._memory.page(url) if conditional and self._memory else None
        try:
            fetched = self._fetch(url, known if known and known.validators else None)
        except FetchError as error:
            if self._memory and error.problem is not FetchProblem.URL:
                self._memory.note_failure(url, retry_after_s=error.retry_after_s, permanent=error.permanent)
            raise
        if self._memory:
            self._memory.note_success(url)
        return fetched

    def _fetch(self, url: str, known: RememberedPage | None) -> Fetched:
        from index.fetch.following import Errand

        errand = Errand(
            max_bytes=self._config.max_bytes,
            max_redirects=self._config.max_redirects,
            permitted=self._permitted,
            known=known,
        )
        answer = self._follower().follow(url, errand)
        if known and answer.status == _NOT_MODIFIED and errand.headers(str(answer.url)):
            return _fetched(url, answer, validators_of(answer.headers) or known.validators)
        answer.require_good()
        return _fetched(url, answer, validators_of(answer.headers))

    def _permitted(self, origin: str, url: str) -> float:
        """Return the seconds between requests that the site wants.

        Raises:
            FetchError: where its robots.txt forbids the address.
        """
        if not self._config.respect_robots:
            return self._config.delay_s
        rules = self._robots.rules(origin)
        rules.check(url, self._config.product)
        return max(self._config.delay_s, rules.delay_s)

    def _load_robots(self, address: str) -> bytes:
        from index.fetch.following import Errand

        errand = Errand(
            max_bytes=MAX_ROBOTS_BYTES,
            max_redirects=max(self._config.max_redirects, _ROBOTS_REDIRECTS),
            permitted=lambda _origin, _url: self._config.delay_s,
            cut=True,
        )
        answer = self._follower().follow(address, errand)
        answer.require_good()
        return answer.body

    def _follower(self) -> "Follower":
        from index.fetch.following import Follower

        with self._starting:
            if self._started is None:
                self._started = Follower(
                    self._config,
                    self._pace,
                    resolver=self._resolver,
                    network=self._network,
                    tls=self._tls,
                    clock=self._clock,
                )
            return self._started


def _fetched(url: str, answer: "Answer", validators: Validators) -> Fetched:
    media_type, charset = media_type_of(answer.headers)
    modified = header_date(answer.headers.get("last-modified", ""))
    return Fetched(
        url=url,
        final_url=str(answer.url),
        status=answer.status,
        media_type=media_type,
        charset=charset,
        last_modified=modified.isoformat() if modified else None,
        body=answer.body,
        unchanged=answer.status == _NOT_MODIFIED,
        validators=validators,
    )
