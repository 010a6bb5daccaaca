"""What a site's robots.txt allows (RFC 9309)."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.fetch.errors import FetchError, FetchProblem

if TYPE_CHECKING:
    from protego import Protego

MAX_ROBOTS_BYTES = 500_000
MAX_CRAWL_DELAY_S = 60.0
_KEPT_S = 24 * 3600.0
_KEPT_UNREADABLE_S = 600.0
_MAX_ORIGINS = 1_000
_NOT_THERE = range(400, 500)
_TOO_MANY_REQUESTS = 429
_AGENT_LINE = re.compile(r"\s*user[- ]?agent\s*(?::|\s)\s*(.*)", re.IGNORECASE)
_PRODUCT = re.compile(r"[^\s/#*]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one site asks for: which addresses may be fetched, and the seconds between requests."""

    parser: "Protego | None" = None
    delay_s: float = 0.0
    unreadable: str = ""

    def check(self, url: str, product: str) -> None:
        """Return where `url` may be fetched.

        Raises:
            FetchError: (`ROBOTS`) where it may not, or where that is not known for now.
        """
        if self.unreadable:
            raise FetchError(
                f"it is left alone for now, since its robots.txt cannot be read: {self.unreadable}",
                problem=FetchProblem.ROBOTS,
                url=url,
                retry_after_s=_KEPT_UNREADABLE_S,
            )
        if self.parser and not self.parser.can_fetch(url, product):
            raise FetchError(
                f"robots.txt asks {product} not to fetch it",
                problem=FetchProblem.ROBOTS,
                url=url,
                permanent=True,
            )


@dataclass(slots=True)
class _Entry:
    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Rules | None = None
    expires: float = 0.0


class Robots:
    """The rules of the sites that were asked, each robots.txt read once a day; safe between threads."""

    def __init__(self, load: Callable[[str], bytes], product: str, clock: Callable[[], float]) -> None:
        """Keep how to ask.

        Args:
            load: Returns the first bytes of the file at an address, or raises FetchError.
            product: The name that the groups of a robots.txt are matched with.
            clock: Seconds.
        """
        self._load = load
        self._product = product
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[str, _Entry] = {}

    def rules(self, origin: str) -> Rules:
        """Return the rules of a site such as `https://news.example`.

        No file (any 4xx but 429, endless redirects) allows everything; one that cannot be had (5xx, no
        connection, a refused redirect) forbids everything for ten minutes.

        Raises:
            FetchError: where the site itself is unknown or refused; its pages could not be fetched either.
        """
        with self._lock:
            entry = self._entries.pop(origin, None) or _Entry()
            self._entries[origin] = entry
            while len(self._entries) > _MAX_ORIGINS:
                del self._entries[next(iter(self._entries))]
        with entry.lock:
            if entry.rules is None or self._clock() >= entry.expires:
                entry.rules = self._read(origin)
                kept = _KEPT_UNREADABLE_S if entry.rules.unreadable else _KEPT_S
                entry.expires = self._clock() + kept
            return entry.rules

    def _read(self, origin: str) -> Rules:
        address = f"{origin}/robots.txt"
        try:
            return parse_rules(self._load(address), self._product)
        except FetchError as error:
            if error.problem in (FetchProblem.NAME, FetchProblem.ADDRESS) and error.url == address:
                raise
            if error.problem is FetchProblem.REDIRECTS:
                return Rules()
            if error.status in _NOT_THERE and error.status != _TOO_MANY_REQUESTS:
                return Rules()
            return Rules(unreadable=str(error))


def parse_rules(data: bytes, product: str) -> Rules:
    """Return the rules that a robots.txt holds for `product`."""
    from protego import Protego

    if len(data) >= MAX_ROBOTS_BYTES:  # of a rule that was cut, such as "Disallow: /" for "/x", none is left
        data = data[: data.rfind(b"\n") + 1]
    parser = Protego.parse("\n".join(_own_lines(data.decode("utf-8-sig", "replace"), product.lower())))
    delay = parser.crawl_delay(product) or 0.0
    rate = parser.request_rate(product)
    if rate:
        delay = max(delay, rate.seconds / rate.requests)
    return Rules(parser=parser, delay_s=min(delay, MAX_CRAWL_DELAY_S))


def _own_lines(text: str, product: str) -> Iterator[str]:
    """Yield the lines, with one name in place of all agents that are not this program.

    The parser matches names by their beginnings, and copies each rule to each agent of its group, so
    that a hostile file of 500 KB with 20,000 agents and 20,000 rules would fill the memory.
    """
    for line in text.splitlines():
        agent = _AGENT_LINE.match(line)
        if not agent:
            yield line
        elif agent.group(1).startswith("*"):
            yield "User-agent: *"
        else:
            name = _PRODUCT.match(agent.group(1).lower())
            yield f"User-agent: {product if name and name.group() == product else '-'}"
