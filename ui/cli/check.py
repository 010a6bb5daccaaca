"""One thing that `dateline doctor` looks at, and how it came out."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from index.errors import DatelineError
from ui.cli.errors import describe

REINSTALL = "run `make install`"


class Status(StrEnum):
    """How a check came out; only `fail` stops Dateline from working."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at; `mend` says what to do where it is not ok."""

    name: str
    status: Status
    detail: str
    mend: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """Return the JSON form."""
        return {"name": self.name, "status": self.status.value, "detail": self.detail, "mend": self.mend}


def attempt(name: str, check: Callable[[], Check], *, mend: str) -> Check:
    """Make a check; whatever goes wrong in it is its result."""
    try:
        return check()
    except DatelineError as error:  # its text says how to mend it
        return Check(name=name, status=Status.FAIL, detail=describe(error))
    except Exception as error:  # noqa: BLE001 - a doctor reports what it finds and goes on
        return Check(name=name, status=Status.FAIL, detail=describe(error), mend=mend)


def since(started: float) -> str:
    """Say how long ago a reading of `time.perf_counter` was."""
    return f"{time.perf_counter() - started:.1f} s"
