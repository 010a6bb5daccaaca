"""Functions that run in a process of their own: watched, killed where they should be."""

import logging
import multiprocessing
import signal
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from index.errors import DatelineError

PATIENCE_S = 60.0
"""How long a process may say nothing before it counts as hanging."""

# A server that has imported the heavy packages and used none of them: its forks start in milliseconds.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    ["index.adapters.faiss_vectors", "index.adapters.tantivy_lexical", "index.archive", "index.repair"]
)

Tell = Callable[[Any], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a process ended: with a `value`, an `error` (its class and text), a signal, or not by itself.

    `refused` says that the error is one that the project raises on purpose; `told` is what the function
    told on its way.
    """

    value: Any = None
    error: str = ""
    refused: bool = False
    place: str = ""
    signal: int = 0
    hung: bool = False
    returned: bool = False
    told: tuple[Any, ...] = ()

    @property
    def raw(self) -> str:
        """What is wrong in itself, whatever was asked for: no project error, a crash, a hang; else empty."""
        if self.hung:
            return f"no answer for {PATIENCE_S:.0f} s"
        if self.signal:
            return f"the process died of {signal.Signals(self.signal).name}"
        if self.error and not self.refused:
            return f"{self.error} ({self.place})"
        return ""


class Child:
    """`function(tell, *arguments)` in a new process; `tell` sends a message to this one."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._receiver, sender = _CONTEXT.Pipe(duplex=False)
        self._process = _CONTEXT.Process(target=_run, args=(sender, function, arguments), daemon=True)
        self._process.start()
        sender.close()
        self._told: list[Any] = []

    @property
    def pid(self) -> int:
        """Its process id."""
        return int(self._process.pid or 0)

    def await_message(self) -> Any:
        """Return the next thing that it tells; None where it ends or says nothing for too long."""
        if not self._receiver.poll(PATIENCE_S):
            return None
        message = next(self._received(), None)
        if message is None or message[0] != "told":
            return None
        self._told.append(message[1])
        return message[1]

    def kill(self) -> Ending:
        """Send SIGKILL and return how far it had come."""
        self._process.kill()
        return self.wait()

    def wait(self) -> Ending:
        """Wait until it ends, as long as it goes on telling things, and return how it ended."""
        ending: tuple[str, Any] | None = None
        while ending is None:
            if not self._receiver.poll(PATIENCE_S):
                self._process.kill()
                self._process.join()
                return Ending(hung=True, told=tuple(self._told))
            message = next(self._received(), None)
            if message is None:
                break
            if message[0] == "told":
                self._told.append(message[1])
            else:
                ending = message
        self._process.join()
        self._receiver.close()
        code = self._process.exitcode or 0
        if ending is None:
            return Ending(signal=-code if code < 0 else signal.SIGKILL, told=tuple(self._told))
        kind, value = ending
        if kind == "returned":
            return Ending(returned=True, value=value, told=tuple(self._told))
        return Ending(**value, told=tuple(self._told))

    def _received(self) -> Iterator[tuple[str, Any]]:
        """Yield the next message; nothing where the pipe ends, in the middle of one too."""
        try:
            yield self._receiver.recv()
        except (EOFError, OSError):
            return


def run(function: Callable[..., Any], *arguments: Any) -> Ending:
    """Run `function(tell, *arguments)` in a process of its own and return how it ended."""
    return Child(function, *arguments).wait()


def describe(error: BaseException) -> dict[str, Any]:
    """Return what an `Ending` says of an error."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/site-packages/" not in frame.filename] or frames
    place = f"{ours[-1].filename.rsplit('/', 2)[-2]}/{ours[-1].filename.rsplit('/', 1)[-1]}:{ours[-1].lineno}"
    return {
        "error": f"{type(error).__name__}: {str(error)[:300]}",
        "refused": isinstance(error, DatelineError),
        "place": place if ours else "",
    }


def _run(sender: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    logging.getLogger().addHandler(logging.NullHandler())  # what is logged is not what is looked for

    def tell(message: Any) -> None:
        sender.send(("told", message))

    try:
        value = function(tell, *arguments)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent is to know
        sender.send(("raised", describe(error)))
    else:
        sender.send(("returned", value))
    finally:
        sender.close()
