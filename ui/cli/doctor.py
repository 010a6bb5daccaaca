"""`dateline doctor`: what is installed, which models load, what is wrong and how to mend it."""

from collections.abc import Iterable
from typing import Annotated

import typer

from ui.cli.check import Check, Status
from ui.cli.checks import every_check, weights_checks
from ui.cli.errors import ExitCode
from ui.cli.options import Invocation, JsonOption, command
from ui.cli.output import make_console, note, print_json
from ui.text import one_line

_STYLES = {Status.OK: "green", Status.WARN: "yellow", Status.FAIL: "bold red"}


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    command(app, "doctor")(doctor)


def doctor(
    invocation: Invocation,
    weights: Annotated[
        bool, typer.Option("--weights", help="Only compare the packaged weights with their checksums.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Check the installation and the index.

    Says what is wrong and how to mend it, and exits 1 where something is broken.
    """
    backend = invocation.backend
    checks = weights_checks(backend) if weights else every_check(backend, invocation.config, invocation.index)
    if json:
        done = list(checks)
        print_json({"ok": not _failed(done), "checks": [check.to_dict() for check in done]})
    else:
        done = _print(checks)
    failed = _failed(done)
    if failed:
        note(f"error: {', '.join(check.name for check in failed)} must be mended")
        raise typer.Exit(ExitCode.FAILED)


def _print(checks: Iterable[Check]) -> list[Check]:
    """Print each check as it is done, and return them all."""
    from rich.text import Text

    console, done = make_console(), []
    for check in checks:
        line = Text.assemble((f"{check.status.value:<4}", _STYLES[check.status]), f"  {check.name}: ")
        line.append(one_line(check.detail))
        if check.mend:
            line.append(f" — {check.mend}")
        console.print(line)
        done.append(check)
    return done


def _failed(checks: Iterable[Check]) -> list[Check]:
    return [check for check in checks if check.status is Status.FAIL]
