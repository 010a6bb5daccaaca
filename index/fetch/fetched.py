"""What a fetch gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

_MAX_VALIDATOR_CHARS = 500
_MAX_RETRY_AFTER_S = 24 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server named a version of a page with, word for word: asked with again next time."""

    etag: str = ""
    last_modified: str = ""

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)

    @property
    def headers(self) -> dict[str, str]:
        """The request headers that ask for the page only if it changed."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A fetched page, feed or file.

    `url` is the address as it was asked for, `final_url` the one that answered, after redirects.
    `media_type` is in lower case and "" where none was said; `charset` only where the header names one.
    `last_modified` is ISO 8601 with an offset. `unchanged` says that the page is still the one that
    was remembered; `body` is empty then.
    """

    url: str
    final_url: str
    status: int
    media_type: str
    charset: str | None
    last_modified: str | None
    body: bytes = field(repr=False)
    unchanged: bool = False
    validators: Validators = Validators()


def media_type_of(headers: Mapping[str, str]) -> tuple[str, str | None]:
    """Return media type and charset of the Content-Type header; "" and None where it is not said."""
    message = Message()
    message["Content-Type"] = headers.get("content-type", "")
    media_type, *_ = headers.get("content-type", "").partition(";")
    try:
        charset = message.get_content_charset()
    except (LookupError, UnicodeError, ValueError):
        charset = None
    return media_type.strip().lower(), charset or None


def validators_of(headers: Mapping[str, str]) -> Validators:
    """Return what names this version of the page; values that could not be sent again are left out."""
    etag, modified = (
        value if value.isascii() and value.isprintable() and len(value) <= _MAX_VALIDATOR_CHARS else ""
        for value in (headers.get("etag", "").strip(), headers.get("last-modified", "").strip())
    )
    return Validators(etag=etag, last_modified=modified)


def header_date(value: str) -> datetime | None:
    """Return the moment that an HTTP date names; None where it names none."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, at most a day; None where it asks for none."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        seconds = float(value[:9])
    else:
        moment = header_date(value) if value else None
        if moment is None:
            return None
        seconds = (moment - now).total_seconds()
    return min(max(seconds, 0.0), _MAX_RETRY_AFTER_S)
