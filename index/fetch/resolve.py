"""From a host's name to its addresses."""

import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeAlias

Resolver: TypeAlias = Callable[[str, int], Sequence[str]]
"""Takes a host and a port and returns addresses as text, the preferred first; OSError where there is none."""


def system_resolver(host: str, port: int) -> list[str]:
    """Return the addresses that the operating system knows for a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def resolve_within(resolver: Resolver, host: str, port: int, timeout_s: float) -> Sequence[str]:
    """Return what `resolver` says, or give up on it: the system's own has no time limit.

    Raises:
        TimeoutError: where it takes longer than `timeout_s`; its thread is left behind and ends by itself.
        OSError: where the host has no address.
    """
    answer: Future[Sequence[str]] = Future()

    def ask() -> None:
        try:
            answer.set_result(resolver(host, port))
        except (OSError, ValueError) as error:  # ValueError: a name that cannot be encoded
            answer.set_exception(error)

    threading.Thread(target=ask, name="dateline-resolve", daemon=True).start()
    return answer.result(timeout_s)
