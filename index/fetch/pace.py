"""The time between two requests to one host."""

import threading
from collections.abc import Callable

_MAX_HOSTS = 10_000


class Pace:
    """Makes each request wait for its turn; safe to share between threads."""

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._last: dict[str, float] = {}
        self._held: dict[str, float] = {}

    def wait(self, host: str, delay_s: float) -> None:
        """Return when `delay_s` have passed since the last request to `host`, and no hold is on it."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._last.get(host, now - delay_s) + delay_s, self._held.get(host, now))
            self._forget_oldest()
            self._last.pop(host, None)  # so that the order of the keys is the order of the turns
            self._last[host] = turn
        if turn > now:
            self._sleep(turn - now)

    def hold(self, host: str, seconds: float) -> None:
        """Let no request to `host` go out for the next `seconds`."""
        with self._lock:
            until = self._clock() + seconds
            self._held[host] = max(until, self._held.get(host, until))

    def _forget_oldest(self) -> None:
        if len(self._last) >= _MAX_HOSTS:
            host = next(iter(self._last))
            del self._last[host]
            self._held.pop(host, None)
