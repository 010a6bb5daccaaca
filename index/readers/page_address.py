"""The address at which a newsletter stands as a page, told from links that count who follows them."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

from index.readers.addresses import is_web_address, outlet_of

_COUNTING = frozenset(
    "click clicks clk link links lnk track tracking tracker trk url urls redirect go ct email emails e em"
    " mail list-manage hubspotlinks sendgrid sparkpostmail mandrillapp mailgun awstrack exacttarget"
    " createsend sendibm1 sendibt2 rs6 mjt convertkit-mail kit-mail".split()
)
"""Names of hosts that count, and lead on to another."""

_SLUG = re.compile(
    r"(?=.*[a-z]{3}.*[-_].*[a-z]{3})[a-z0-9%]{1,30}(?:[-_][a-z0-9%]{1,30}){1,30}(?:\.s?html?)?"
)
_OPAQUE = re.compile(r"[^/-]{24,}")


def plain_address(urls: Iterable[str]) -> str:
    """Return the first address that is a page's own, without what was added for counting; "" if none is.

    That is one whose path ends in words, such as /p/the-ferry-is-back.
    """
    return next((plain for url in urls if (plain := _plain(url.strip()))), "")


def _plain(url: str) -> str:
    if not is_web_address(url) or set(outlet_of(url).split(".")) & _COUNTING:
        return ""
    parts = urlsplit(url)
    slug = parts.path.rstrip("/").rpartition("/")[2]
    if not _SLUG.fullmatch(slug) or _OPAQUE.search(parts.path.rstrip("/").removesuffix(slug)):
        return ""
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
