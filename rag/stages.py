"""How long the stages of answering a question take."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

STAGES = ("plan", "retrieve", "rerank", "generate", "verify")

Item = TypeVar("Item")


class StageClock:
    """Seconds by stage; a stage within another stops the outer one's time."""

    def __init__(self) -> None:
        self._started = self._since = time.perf_counter()
        self._spent = dict.fromkeys(STAGES, 0.0)
        self._stages: list[str] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time of a block."""
        self._charge()
        self._stages.append(name)
        try:
            yield
        finally:
            self._charge()
            self._stages.pop()

    def timed(self, name: str, items: Iterator[Item]) -> Iterator[Item]:
        """Yield `items`, counting the time that they take to come."""
        while True:
            with self.stage(name):
                item = next(items, None)
            if item is None:
                return
            yield item

    def _charge(self) -> None:
        now = time.perf_counter()
        if self._stages:
            self._spent[self._stages[-1]] += now - self._since
        self._since = now

    def milliseconds(self) -> dict[str, float]:
        """Return what each stage took so far, and the total."""
        total = time.perf_counter() - self._started
        return {name: round(seconds * 1000, 1) for name, seconds in {**self._spent, "total": total}.items()}
