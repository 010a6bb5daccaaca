"""A program in its own process group: its lines heard as they come, ended in time and with this one."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

TOLD_CHARACTERS = 200


class PeerError(Exception):
    """A peer could not be installed or run; the rest goes on."""


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    timeout_s: float,
    log: Path,
    on_line: Callable[[str], None] = lambda _: None,
) -> None:
    """Run a command to its end, hand over each line of its output, and write its errors to `log`.

    However this ends, by an interrupt too, the command and what it started are ended with it.

    Raises:
        PeerError: where it takes longer than `timeout_s` seconds, or fails; holds its last words.
    """
    late = threading.Event()
    with log.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - a command of this benchmark, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=dict(environment),
            start_new_session=True,
            text=True,
            encoding="utf-8",
        )

        def give_up() -> None:
            late.set()
            _end(process)

        timer = threading.Timer(timeout_s, give_up)
        timer.start()
        try:
            for line in process.stdout or ():
                on_line(line)
            code = process.wait()
        finally:
            timer.cancel()
            _end(process)
    if late.is_set():
        raise PeerError(f"given up after {timeout_s:,.0f} s; see {log}")
    if code:
        raise PeerError(f"ended with {code}: {_last_words(log)}; see {log}")


def _end(process: subprocess.Popen[str]) -> None:
    """End the process with its group, which it may have left behind."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1].strip()[:TOLD_CHARACTERS] if lines else "it said nothing"
