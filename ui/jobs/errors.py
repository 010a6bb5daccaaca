"""Errors of the jobs; under `index.errors.DatelineError`.

DatelineError
├── JobNotFoundError      no job has the id
├── JobEndedError         a job that has ended cannot be cancelled
├── JobsBusyError         too many jobs wait, or the server is stopping
├── WriterAtWorkError     a small change does not wait for the long job that is at work
└── JobCancelledError     the job was cancelled before it was done
"""

import index.errors
import index.fetch.errors
from index.errors import DatelineError


class JobNotFoundError(DatelineError):
    """No job has the id that was given."""


class JobEndedError(DatelineError):
    """The job has ended: there is nothing to cancel."""


class JobsBusyError(DatelineError):
    """No further job can be taken now."""


class WriterAtWorkError(DatelineError):
    """A change was not begun, since another job is at work."""


class JobCancelledError(DatelineError):
    """The job was cancelled before it was done."""


def error_of(name: str, detail: str) -> DatelineError | None:
    """Return the error of the project whose class has this name; None for no class of the project."""
    for module in (index.errors, index.fetch.errors):
        kind = getattr(module, name, None)
        if isinstance(kind, type) and issubclass(kind, DatelineError):
            return kind(detail)
    return None
