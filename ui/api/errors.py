"""Errors of serving; under `index.errors.DatelineError`.

DatelineError
└── ServeError        the address cannot be listened on
"""

from index.errors import DatelineError


class ServeError(DatelineError):
    """The server cannot listen where it was told to."""
