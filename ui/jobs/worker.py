"""The process of one job: `python -m ui.jobs.worker` reads an order and tells how it goes.

The order is one line of JSON on stdin, which stays open as long as the server lives: once it is
closed, the process interrupts itself. Messages are lines of JSON on stdout.
"""

import logging
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from index.article import Skipped
from index.errors import DatelineError
from ui.cli.errors import describe
from ui.jobs.task import (
    MAX_SKIPPED,
    DoneMessage,
    FailedMessage,
    InterruptedMessage,
    Message,
    Order,
    ProgressMessage,
    line_of,
    parse_order,
)
from ui.progress import describe_interruption

if TYPE_CHECKING:
    from index.progress import Progress

logger = logging.getLogger(__name__)

NICENESS = 10
"""Answering goes first: of a busy core a job gets about a tenth."""

SECONDS_BETWEEN_REPORTS = 0.25
GRACE_S = 20.0


class Channel:
    """Tells the server how the task goes; whoever cannot be told any more is taken to have left."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._last = 0.0
        self._said: tuple[str, str] | None = None
        self.embedded = 0

    def send(self, message: Message) -> None:
        """Write one message.

        Raises:
            KeyboardInterrupt: where nobody reads it.
        """
        try:
            self._stream.write(line_of(message))
            self._stream.flush()
        except OSError:
            raise KeyboardInterrupt from None

    def report(self, progress: "Progress") -> None:
        """Take a progress report; send it where it says something new, or some time has passed."""
        self.embedded = progress.embedded
        said, now = (progress.stage.value, progress.message), time.monotonic()
        if said != self._said or now - self._last >= SECONDS_BETWEEN_REPORTS:
            self._said, self._last = said, now
            self.send(ProgressMessage(progress=progress))


def main() -> None:
    """Do what stdin orders."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    stream = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may stand between the messages
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s"
    )
    with suppress(OSError):
        os.nice(NICENESS)
    line = os.fdopen(os.dup(sys.stdin.fileno()), "rb").readline()
    if not line:
        return
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    with suppress(KeyboardInterrupt):
        _run(parse_order(line), Channel(stream))


def _interrupt(_signal: int, _frame: object) -> None:
    """Interrupt the task once: what is said again would disturb its ending in order."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _run(order: Order, channel: Channel) -> None:
    from ui.cli.backend import Backend
    from ui.cli.interruption import live_version
    from ui.config import AppSettings
    from ui.jobs.work import perform

    settings, backend = AppSettings(**order.settings), Backend()
    archive, skipped = backend.archive(settings), list[Skipped]()
    before = live_version(archive)
    try:
        result = perform(backend, settings, order.task, skipped=skipped, progress=channel.report)
    except KeyboardInterrupt:
        said = describe_interruption(
            embedded=channel.embedded, before=before, now=live_version(archive), again="start it again"
        )
        channel.send(InterruptedMessage(detail=said))
    except Exception as error:  # the outermost point of the process
        if not isinstance(error, DatelineError):
            logger.exception("the job failed")
        name = type(error).__name__ if isinstance(error, DatelineError) else ""
        channel.send(
            FailedMessage(
                error=name,
                detail=describe(error, debug=True),
                skipped=tuple(skipped[:MAX_SKIPPED]),
                skipped_total=len(skipped),
            )
        )
    else:
        channel.send(DoneMessage(result=result))


def _end_with_the_server() -> None:
    """Wait until the server has closed its end, by dying too; then interrupt the task, and see it end."""
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(GRACE_S)
    os._exit(1)


if __name__ == "__main__":
    main()
