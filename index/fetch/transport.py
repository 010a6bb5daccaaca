"""Connections that are made to vetted addresses only, and end in time.

The check sits at the lowest point, where a TCP connection is made: the name is resolved once, each
address is checked, and the connection goes to the very address that passed. TLS still verifies the
certificate for the name. Proxies of the environment are not used: one would connect on its own.
"""

import logging
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from index.fetch.addresses import AddressRule, IPAddress, parse_address
from index.fetch.body import too_large
from index.fetch.errors import FetchError, FetchProblem
from index.fetch.resolve import Resolver, resolve_within

_LOGGER = logging.getLogger(__name__)
_MAX_ADDRESSES_TRIED = 4
_HEADER_BYTES = 256_000
_MAX_SHOWN_ADDRESSES = 3


class Budget:
    """The time that the requests of one fetch may take together."""

    def __init__(self, total_s: float, clock: Callable[[], float]) -> None:
        self._left = total_s
        self._clock = clock
        self._ends: float | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the time spent inside."""
        self._ends = self._clock() + self._left
        try:
            yield
        finally:
            self._left = self._ends - self._clock()
            self._ends = None

    @property
    def left_s(self) -> float:
        """Seconds left; 0 or less when it is spent."""
        return self._left if self._ends is None else self._ends - self._clock()

    def within(self, timeout: float | None) -> float:
        """Return `timeout`, cut to what is left.

        Raises:
            httpcore.TimeoutException: where nothing is left.
        """
        left = self.left_s
        if left <= 0:
            raise httpcore.TimeoutException
        return left if timeout is None else min(timeout, left)


class _BoundedStream(httpcore.NetworkStream):
    """A connection whose every wait ends with the budget, and which receives so many bytes at most."""

    def __init__(self, stream: httpcore.NetworkStream, budget: Budget, max_bytes: int) -> None:
        self._stream = stream
        self._budget = budget
        self._max_bytes = max_bytes
        # Chunked framing adds to the body; an eighth is far more than honest servers spend on it.
        self._allowance = max_bytes + max_bytes // 8 + _HEADER_BYTES

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, self._budget.within(timeout))
        self._allowance -= len(data)
        if self._allowance < 0:
            raise too_large(self._max_bytes, " as it is sent")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._budget.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            secured = self._stream.start_tls(ssl_context, server_hostname, self._budget.within(timeout))
        except httpcore.ConnectError as error:
            raise _insecure(server_hostname, error.__cause__ or error) from error
        except httpcore.TimeoutException:
            self._stream.close()
            raise
        return _BoundedStream(secured, self._budget, self._max_bytes)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Makes TCP connections to those addresses of a host that the rule allows.

    Of a host with allowed and other addresses the allowed ones are used; with none, it is refused.
    """

    def __init__(
        self,
        rule: AddressRule,
        budget: Budget,
        max_bytes: int,
        *,
        resolver: Resolver,
        network: httpcore.NetworkBackend,
    ) -> None:
        self._rule = rule
        self._budget = budget
        self._max_bytes = max_bytes
        self._resolver = resolver
        self._network = network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first allowed address of `host` that answers.

        Raises:
            FetchError: where the host is unknown, or no address of it is allowed.
            httpcore.ConnectError: where none of them answers.
        """
        failure: Exception | None = None
        for address in self._vetted(host, port, timeout)[:_MAX_ADDRESSES_TRIED]:
            try:
                stream = self._network.connect_tcp(
                    str(address), port, self._budget.within(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _BoundedStream(stream, self._budget, self._max_bytes)
        raise failure or httpcore.ConnectError

    def _vetted(self, host: str, port: int, timeout: float | None) -> list[IPAddress]:
        literal = parse_address(host)
        answers = [host] if literal else self._answers(host, port, self._budget.within(timeout))
        addresses = [address for answer in answers if (address := parse_address(answer))]
        allowed = [address for address in addresses if self._rule.allows(address)]
        if not allowed:
            raise _not_global(host, answers, literal=literal is not None)
        if len(allowed) < len(answers):
            _LOGGER.debug("%s has addresses that are not global: only %s are used", host, allowed)
        return list(dict.fromkeys(allowed))

    def _answers(self, host: str, port: int, timeout: float) -> Sequence[str]:
        try:
            answers = resolve_within(self._resolver, host, port, timeout)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except (OSError, ValueError) as error:
            raise _unknown(host, getattr(error, "strerror", None) or str(error)) from error
        if not answers:
            raise _unknown(host, "no address")
        return answers


class GuardedTransport(httpx.BaseTransport):
    """Sends requests over a guarded backend: one connection each, HTTP/1.1, nothing kept."""

    def __init__(self, backend: GuardedBackend, ssl_context: ssl.SSLContext | None) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context, network_backend=backend, max_keepalive_connections=0
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request without a body and return the answer, whose body is not read yet.

        Raises:
            FetchError: where the address is refused.
            httpcore errors: where the connection or the answer fails.
        """
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        """Close what is open."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def _not_global(host: str, answers: Sequence[str], *, literal: bool) -> FetchError:
    shown = ", ".join(answers[:_MAX_SHOWN_ADDRESSES])
    what = f"{host} is not a global address" if literal else f"{host} is at {shown}, not at a global address"
    return FetchError(
        f"{what}, so it is not connected to: to allow it, add its network to fetch.allow_networks",
        problem=FetchProblem.ADDRESS,
        permanent=True,
    )


def _unknown(host: str, why: str) -> FetchError:
    return FetchError(f"the host {host} is not known: {why}", problem=FetchProblem.NAME)


def _insecure(host: str | None, cause: BaseException) -> FetchError:
    why = getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or str(cause) or "no reason"
    return FetchError(f"no secure connection to {host}: {why}", problem=FetchProblem.TLS)
