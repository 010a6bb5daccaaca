"""Things that are closed after use, as context managers."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Closes(ABC):
    """Makes what has a `close` a context manager that calls it when the block ends."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what is held; calling it again does nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
