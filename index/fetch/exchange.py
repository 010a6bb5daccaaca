"""The requests of one fetch: one GET at a time, without redirects, in bounded time."""

import logging
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpcore
import httpx

from index.closing import Closes
from index.fetch.body import ACCEPTED_CODINGS, read_body
from index.fetch.config import FetchConfig
from index.fetch.errors import FetchError, FetchProblem
from index.fetch.fetched import retry_after
from index.fetch.transport import Budget, GuardedBackend, GuardedTransport
from index.fetch.urls import host_of

_LOGGER = logging.getLogger(__name__)
GOOD_STATUSES = (200, 203)
COME_LATER = (429, 502, 503, 504)
_MAY_PASS = (408, 425, *COME_LATER)
_CLIENT_ERRORS = range(400, 500)
_SERVER_ERRORS = range(500, 600)
_MEANINGS = {
    401: "a login is asked for",
    403: "access is forbidden",
    404: "not found",
    410: "gone",
    429: "too many requests",
    451: "withheld for legal reasons",
}
_ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,text/xml,*/*;q=0.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said to one request; the body is read only where the status is 200 or 203."""

    url: httpx.URL
    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def retry_after_s(self) -> float | None:
        """The seconds after which the server wants to be asked again, where it says so."""
        return retry_after(self.headers, datetime.now(UTC))

    def require_good(self) -> None:
        """Return where the body is what was asked for.

        Raises:
            FetchError: (`STATUS`) otherwise.
        """
        if self.status in GOOD_STATUSES:
            return
        otherwise = "the server failed" if self.status in _SERVER_ERRORS else "no page is given"
        raise FetchError(
            f"{_MEANINGS.get(self.status, otherwise)} ({self.status})",
            problem=FetchProblem.STATUS,
            url=str(self.url),
            status=self.status,
            retry_after_s=self.retry_after_s,
            permanent=self.status in _CLIENT_ERRORS and self.status not in _MAY_PASS,
        )


class Exchange(Closes):
    """Sends the requests of one fetch, which share its budget of time."""

    def __init__(
        self, config: FetchConfig, backend: GuardedBackend, budget: Budget, tls: ssl.SSLContext
    ) -> None:
        self._config = config
        self._budget = budget
        self._transport = GuardedTransport(backend, tls)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def get(self, url: httpx.URL, extra: Mapping[str, str], max_bytes: int, *, cut: bool) -> Answer:
        """Return the answer to a GET; of a body longer than `max_bytes` the beginning where `cut` is set.

        Raises:
            FetchError: where there is no answer, or its body cannot be taken. Any status is an answer.
        """
        limits = httpx.Timeout(self._config.timeout_s, connect=self._config.connect_timeout_s)
        request = httpx.Request(
            "GET", url, headers=self._headers(extra), extensions={"timeout": limits.as_dict()}
        )
        with self._budget.running(), self._explained(url):
            response = self._transport.handle_request(request)
            try:
                good = response.status_code in GOOD_STATUSES
                body = read_body(response, max_bytes, cut=cut) if good else b""
            finally:
                response.close()
        _LOGGER.debug("GET %s: %d, %d bytes", url, response.status_code, len(body))
        return Answer(url=url, status=response.status_code, headers=response.headers, body=body)

    def _headers(self, extra: Mapping[str, str]) -> dict[str, str]:
        return {
            "User-Agent": self._config.identity,
            "Accept": _ACCEPT,
            "Accept-Encoding": ACCEPTED_CODINGS,
            "Connection": "close",
            **extra,
        }

    @contextmanager
    def _explained(self, url: httpx.URL) -> Iterator[None]:
        """Turn what goes wrong inside into a FetchError that knows the address."""
        try:
            yield
        except FetchError as error:
            error.url = str(url)
            raise
        except httpcore.TimeoutException as error:
            raise self._late(url, error) from error
        except httpcore.ConnectError as error:
            raise _failed(url, FetchProblem.CONNECTION, f"no connection to {host_of(url)}", error) from error
        except httpcore.NetworkError as error:
            raise _failed(url, FetchProblem.CONNECTION, "the connection broke off", error) from error
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
            raise _failed(
                url, FetchProblem.PROTOCOL, "the answer is not HTTP as it should be", error
            ) from error

    def _late(self, url: httpx.URL, error: httpcore.TimeoutException) -> FetchError:
        if self._budget.left_s <= 0:
            said = f"not done after {self._config.total_timeout_s:g} s (fetch.total_timeout_s)"
        elif isinstance(error, httpcore.ConnectTimeout):
            said = f"no connection to {host_of(url)} within {self._config.connect_timeout_s:g} s"
        else:
            said = f"nothing more within {self._config.timeout_s:g} s (fetch.timeout_s)"
        return FetchError(said, problem=FetchProblem.TIMEOUT, url=str(url))


def _failed(url: httpx.URL, problem: FetchProblem, said: str, error: Exception) -> FetchError:
    system = next((cause for cause in error.args if isinstance(cause, OSError)), None)
    why = (system.strerror if system else None) or str(error)
    return FetchError(f"{said}: {why}" if why else said, problem=problem, url=str(url))
