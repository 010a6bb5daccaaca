"""Untrusted text as pieces of HTML.

Article text, titles, addresses and questions are escaped where they enter a piece of markup, and only http
and https addresses become links.
"""

from datetime import date
from html import escape
from urllib.parse import urlsplit

from rag.plain import visible


def text(value: str) -> str:
    """Return untrusted text as HTML on one line, line breaks kept."""
    return escape(value, quote=True).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "<br>")


def label(value: str) -> str:
    """Return a title or an outlet's name as HTML on one line, without signs that would turn its direction."""
    return text(visible(value))


def day(value: str | None) -> str:
    """Return an ISO date as `1 Mar 2026`; what is no date stays as it is."""
    if not value:
        return "undated"
    try:
        parsed = date.fromisoformat(value[:10])
    except ValueError:
        return text(value)
    return f"{parsed.day} {parsed:%b %Y}"


def origin(url: str) -> str:
    """Return a link for http and https; any other address, a file's path for one, only as text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return f"<code>{text(url)}</code>"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return f"<code>{text(url)}</code>" if url else "No address is known."
    return (
        f'<a href="{text(url)}" target="_blank" rel="noopener noreferrer">'
        f"Read at {text(_host(parts.hostname))}</a>"
    )


def _host(name: str) -> str:
    """Return a host's name; as it goes over the wire where it has letters that may look like others."""
    try:
        return name.removeprefix("www.").encode("idna").decode("ascii")
    except UnicodeError:
        return name.encode("ascii", "backslashreplace").decode("ascii")


def plural(count: int, noun: str) -> str:
    """Return an English noun in the form that a count needs."""
    return noun if count == 1 else f"{noun}s"
