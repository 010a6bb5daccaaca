"""Addresses of articles: which are one, and which outlet they belong to."""

import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

MAX_URL_CHARS = 2_000
_TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|gclsrc|dclid|msclkid|mc_cid|mc_eid|igshid|yclid|cmpid|_ga|ns_(?:campaign|mchannel|source|linkname)"
)
_DEFAULT_PORTS = {80, 443, None}


def is_web_address(value: str) -> bool:
    """Say whether `value` is an http or https address with a host."""
    return canonical_url(value) is not None


def canonical_url(url: str) -> str | None:
    """Return the form that every spelling of an address shares; None where it is no web address.

    Scheme and `www.` make no difference, nor do a fragment, tracking parameters, a default port,
    a trailing slash or the case of the host.
    """
    parts = _split(url)
    if parts is None:
        return None
    host = _host(parts)
    try:
        port = parts.port
    except ValueError:
        return None
    netloc = host if port in _DEFAULT_PORTS else f"{host}:{port}"
    kept = [
        pair
        for pair in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(pair[0].lower())
    ]
    query = f"?{urlencode(kept)}" if kept else ""
    return f"https://{netloc}{parts.path.rstrip('/')}{query}"


def outlet_of(url: str) -> str:
    """Return the host of an address without `www.`, or "" where it is no web address."""
    parts = _split(url)
    return _host(parts) if parts else ""


def _split(url: str) -> SplitResult | None:
    url = url.strip()
    if len(url) > MAX_URL_CHARS or re.search(r"\s", url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and host else None


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    return f"[{host}]" if ":" in host else host
