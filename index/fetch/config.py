"""Settings of fetching."""

import ipaddress
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

from pydantic import AfterValidator, Field

from index.config import MEGABYTE, Section

_NAME = "Dateline"


def _own_identity() -> str:
    try:
        release = version("dateline")
    except PackageNotFoundError:
        release = "0"
    return f"{_NAME}/{release} (news archive indexer)"


def _networks(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        try:
            ipaddress.ip_network(value)
        except ValueError as error:
            raise ValueError(f"{error}: give a network such as 10.0.0.0/8 or fd00::/8") from error
    return values


_HeaderText = Annotated[str, Field(pattern=r"^[ -~]*$", max_length=300)]


class FetchConfig(Section):
    """How pages and feeds are fetched: time and size limits, manners, and who asks.

    `timeout_s` bounds the wait for the next bytes, `connect_timeout_s` the making of a connection, and
    `total_timeout_s` all requests of one fetch together, so that a server that drips cannot hold it;
    waiting that politeness asks for is not counted. `max_mb` bounds what is received, and what it
    unpacks to. `retries` are for servers that ask to come later (429, 502, 503, 504).

    `delay_s` is the least time between two requests to one host; a site's own Crawl-delay raises it.
    `user_agent` says who asks; "" is the program's own name and release. `contact`, a page or mail address
    of yours, is added to it in each request.

    `max_links` bounds the pages that one pass over one feed or sitemap, with the sitemaps under it, asks
    for; what is beyond is left for the next pass. Those that are known from earlier ones do not count.

    Addresses that are not global (loopback, private, link-local, …) are refused, except those in
    `allow_networks`, such as `["10.20.0.0/16"]`.
    """

    timeout_s: float = Field(default=20, gt=0, le=600)
    connect_timeout_s: float = Field(default=10, gt=0, le=600)
    total_timeout_s: float = Field(default=60, gt=0, le=3_600)
    max_mb: float = Field(default=20, gt=0, le=2_000)
    max_redirects: int = Field(default=5, ge=0, le=20)
    retries: int = Field(default=2, ge=0, le=10)
    max_links: int = Field(default=1_000, ge=1)
    respect_robots: bool = True
    delay_s: float = Field(default=1, ge=0, le=600)
    user_agent: _HeaderText = ""
    contact: _HeaderText = ""
    allow_networks: Annotated[tuple[str, ...], AfterValidator(_networks)] = ()

    @property
    def max_bytes(self) -> int:
        """`max_mb` in bytes."""
        return int(self.max_mb * MEGABYTE)

    @property
    def identity(self) -> str:
        """What the User-Agent header says: who asks, and the contact where there is one."""
        return f"{self._agent} (+{self.contact})" if self.contact else self._agent

    @property
    def product(self) -> str:
        """The name that robots.txt knows the program by: the first word of who asks."""
        words = self._agent.replace("/", " ").split()
        return words[0] if words else _NAME

    @property
    def _agent(self) -> str:
        return self.user_agent.strip() or _own_identity()
