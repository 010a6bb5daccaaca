"""Why an address was not fetched."""

from enum import StrEnum

from index.errors import ReadError


class FetchProblem(StrEnum):
    """What kept an address from being fetched."""

    URL = "url"
    """No http or https address that can be asked for."""
    ADDRESS = "address"
    """The host is at an address that is not global."""
    NAME = "name"
    """The host's name is not known."""
    CONNECTION = "connection"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    """The answer is not HTTP as it should be."""
    STATUS = "status"
    TOO_LARGE = "too large"
    REDIRECTS = "redirects"
    ROBOTS = "robots"


class FetchError(ReadError):
    """An address that was not fetched; its text says why, in one line.

    Attributes:
        problem: What kind of failure it is.
        url: The address that failed: the last of a chain of redirects, or "" where it is no address.
        status: The HTTP status, where one was received.
        retry_after_s: Seconds after which the server asks to be asked again, where it said so.
        permanent: Whether asking again is pointless until the address, its server or a setting changes.
    """

    def __init__(
        self,
        message: str,
        *,
        problem: FetchProblem,
        url: str = "",
        status: int | None = None,
        retry_after_s: float | None = None,
        permanent: bool = False,
    ) -> None:
        super().__init__(message)
        self.problem = problem
        self.url = url
        self.status = status
        self.retry_after_s = retry_after_s
        self.permanent = permanent
