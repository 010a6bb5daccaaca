"""Which web addresses are asked for at all."""

import re
from urllib.parse import urljoin

import httpx

from index.fetch.addresses import parse_address
from index.fetch.errors import FetchError, FetchProblem

MAX_URL_CHARS = 4_000
_MAX_SHOWN_CHARS = 200
_MAX_NAME_CHARS = 253
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_CREDENTIALS = re.compile(r"//[^/?#]*@")
_AUTHORITY = re.compile(
    r"https?://(?:\[[^\]\s\\]*\]|[^/?#:@\[\]\s\\]+)(?::[0-9]{0,5})?(?=[/?#]|$)", re.IGNORECASE
)
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_WEB_PORTS = (80, 443)
_FIRST_UNPRIVILEGED_PORT = 1024


def parse_url(text: str) -> httpx.URL:
    """Return a web address in its normal form, ready to be asked for.

    The fragment is dropped, a host's final dot too, and what is not ASCII is encoded.

    Raises:
        FetchError: (`URL`) where it is no http or https address; holds a name and password; names its
            host by a number in a spelling that programs read differently; or names a port other than
            80, 443 and those from 1024 on, which belong to mail and other services.
    """
    text = text.strip()
    if len(text) > MAX_URL_CHARS:
        raise _refused(text, f"it is longer than {MAX_URL_CHARS} characters")
    scheme = _SCHEME.match(text)
    if not scheme:
        raise _refused(text, "it lacks http:// or https://")
    if scheme.group(1).lower() not in ("http", "https"):
        raise _refused(text, f"only http and https are fetched, not {scheme.group(1)[:20]!r}")
    if _CREDENTIALS.search(text):
        raise _refused(text, "it holds a user name or password, which would be stored: take them out")
    if not _AUTHORITY.match(text):
        raise _refused(text, "its host or port cannot be read")
    return _checked(text)


def join_url(base: httpx.URL, location: str) -> httpx.URL:
    """Return where a redirect from `base` leads.

    Raises:
        FetchError: as `parse_url`.
    """
    try:
        return parse_url(urljoin(str(base), location))
    except ValueError as error:
        raise _refused(location, str(error)) from error


def host_of(url: httpx.URL) -> str:
    """Return the host as it is asked for: in lower case, ASCII, without brackets."""
    return url.raw_host.decode("ascii")


def origin_of(url: httpx.URL) -> str:
    """Return scheme, host and port, as in `https://news.example` or `http://news.example:8080`."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _checked(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise _refused(text, str(error)) from error
    host = host_of(url)
    if host.endswith(".") and parse_address(host[:-1]) is None:
        host = host[:-1]
        url = url.copy_with(host=host)
    if parse_address(host) is None:
        _check_name(host, text)
    port = url.port
    if port is not None and port not in _WEB_PORTS and not _FIRST_UNPRIVILEGED_PORT <= port <= 65_535:
        raise _refused(text, f"port {port} is not one that web sites use: 80, 443, 1024 and above are")
    return url.copy_with(fragment=None)


def _check_name(host: str, text: str) -> None:
    if not host or len(host) > _MAX_NAME_CHARS or not _NAME.fullmatch(host):
        raise _refused(text, "its host is neither a name nor an address" if host else "it has no host")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        raise _refused(text, f"{host!r} is a number and no address: write it as four numbers with dots")


def _refused(text: str, why: str) -> FetchError:
    shown = _CREDENTIALS.sub("//…@", text[:MAX_URL_CHARS])
    shown = shown if len(shown) <= _MAX_SHOWN_CHARS else f"{shown[:_MAX_SHOWN_CHARS]}…"
    return FetchError(f"{shown!r} is not fetched: {why}", problem=FetchProblem.URL, permanent=True)
