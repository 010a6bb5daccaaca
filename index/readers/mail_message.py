"""One e-mail taken apart: its headers as text, what is to be read in it, and what is attached.

The compat32 policy is used on purpose: the header parser of the newer one fails on malformed addresses
(IndexError, RecursionError) and takes seconds for long headers.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_binary_file, policy
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from io import BytesIO

from index.errors import ReadError
from index.readers.characters import decode

MAX_HEADER_CHARS = 4_000
MAX_LINES = 500_000
"""An attachment of 20 MB has half as many; text has fewer by far."""

MAX_TEXT_BYTES = 4_000_000
MAX_LINES_TIMES_PARTS = 60_000_000
"""The parser hands each line through all parts around it: seconds at this size."""

MAX_DEPTH = 40
MAX_PARTS = 2_000
_MULTIPART = re.compile(rb"multipart/", re.IGNORECASE)
_FOLDED = re.compile(r"\r?\n[ \t]*")
_BROKEN = (MessageError, LookupError, ValueError, TypeError, AttributeError, AssertionError)
_LEFT_OUT = frozenset(
    {"text/calendar", "text/x-amp-html", "text/vcard", "text/x-vcard", "text/rfc822-headers"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A part of the text, in one or two forms; `charset` is what the HTML is said to be in."""

    html: bytes = b""
    charset: str = ""
    plain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """Something that is attached under a name."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """An e-mail; the names of `headers` are in lower case, and the first of each name counts."""

    headers: Mapping[str, str]
    bodies: tuple[Body, ...]
    attachments: tuple[Attachment, ...]


def parse_mail(data: bytes) -> Mail:
    """Return an e-mail taken apart; what of its structure is broken is read as far as it goes.

    Raises:
        ReadError: it is no e-mail, or has more lines, parts or text than can be read within bounds.
    """
    lines = data.count(b"\n")
    if lines > MAX_LINES or lines * len(_MULTIPART.findall(data)) > MAX_LINES_TIMES_PARTS:
        raise ReadError(f"has {lines:,} lines, or too many parts: more than can be read of an e-mail")
    try:
        message = message_from_binary_file(BytesIO(data), policy=policy.compat32)
    except RecursionError as error:
        raise ReadError("has parts that are nested too deeply") from error
    headers: dict[str, str] = {}
    for name, value in message.raw_items():
        headers.setdefault(name.lower(), header_text(str(value)))
    if not headers:
        raise ReadError("is not an e-mail: it has no header")
    found = list(_parts(message))
    return Mail(
        headers=headers,
        bodies=tuple(part for part in found if isinstance(part, Body)),
        attachments=tuple(part for part in found if isinstance(part, Attachment)),
    )


def header_text(value: str) -> str:
    """Return a header as text: unfolded, in whatever character set its words or its bytes are."""
    value = _FOLDED.sub(" ", value[:MAX_HEADER_CHARS])
    if not value.isascii():
        value = _decoded(value.encode("utf-8", "surrogateescape"))
    try:
        words = decode_header(value)
    except (HeaderParseError, ValueError):
        return value.strip()
    parts = (_decoded(word, charset or "") if isinstance(word, bytes) else word for word, charset in words)
    return " ".join("".join(parts).split())


def _decoded(data: bytes, charset: str = "") -> str:
    try:
        return decode(data, charset)
    except ReadError:
        return data.decode("utf-8", "replace")


def _parts(message: Message) -> Iterator[Body | Attachment]:
    """Yield what a message holds, in order, however deep."""
    waiting: list[tuple[Message, int]] = [(message, 0)]
    count = 0
    while waiting:
        part, depth = waiting.pop()
        count += 1
        if depth > MAX_DEPTH or count > MAX_PARTS:
            raise ReadError(f"has parts that are nested too deeply, or more than {MAX_PARTS:,} of them")
        payload = part.get_payload()
        if part.get_content_type() == "multipart/alternative" and isinstance(payload, list):
            yield from _alternative(part)
        elif part.get_content_maintype() == "message" and isinstance(payload, list):
            yield from _enclosed(part)
        elif isinstance(payload, list):
            waiting += [(inner, depth + 1) for inner in reversed(payload) if isinstance(inner, Message)]
        else:
            yield from _leaf(part)


def _alternative(part: Message) -> Iterator[Body | Attachment]:
    """Yield the forms of one text as one body, and what is attached within them."""
    html, plain, charset = b"", "", ""
    for inner in _leaves(part):
        for found in _leaf(inner):
            if isinstance(found, Attachment):
                yield found
            else:
                charset = charset or found.charset
                html, plain = html + found.html, plain + found.plain
    yield Body(html=html, plain=plain, charset=charset)


def _leaves(part: Message) -> Iterator[Message]:
    leaves = (inner for inner in part.walk() if not inner.is_multipart())
    for number, leaf in enumerate(leaves):
        if number > MAX_PARTS:
            return
        yield leaf


def _enclosed(part: Message) -> Iterator[Attachment]:
    """Yield an e-mail that is attached to another."""
    payload = part.get_payload()
    for inner in payload[:1] if isinstance(payload, list) else ():
        if not isinstance(inner, Message):
            continue
        try:
            data = inner.as_bytes(policy=policy.compat32)
        except (*_BROKEN, RecursionError):
            continue
        name = header_text(str(inner.get("Subject") or part.get_filename() or "message"))
        yield Attachment(name=f"{name[:100]}.eml", media_type="message/rfc822", data=data)


def _leaf(part: Message) -> Iterator[Body | Attachment]:
    """Yield a part that has no parts, where it can be read."""
    try:
        kind, name = part.get_content_type(), part.get_filename() or ""
        attached = part.get_content_disposition() == "attachment" or (name and kind != "text/html")
        charset = part.get_content_charset() or ""
        data = part.get_payload(decode=True)
    except _BROKEN:
        return
    if not isinstance(data, bytes) or not data.strip() or kind in _LEFT_OUT:
        return
    if not attached and len(data) > MAX_TEXT_BYTES:
        raise ReadError(f"holds more than {MAX_TEXT_BYTES // 1_000_000} MB of text: no newsletter does")
    if attached:
        yield Attachment(name=header_text(name), media_type=kind, data=data)
    elif kind == "text/html":
        yield Body(html=data, charset=charset)
    elif kind.startswith("text/"):
        yield Body(plain=_plain(part, _decoded(data, charset)))


def _plain(part: Message, text: str) -> str:
    """Return plain text; where its lines are marked to flow (RFC 3676), each paragraph is one line."""
    text = text.replace("\r\n", "\n")
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    text = re.sub(r"(?m)^-- \n", "--\n", text)
    joint = "" if str(part.get_param("delsp", "")).lower() == "yes" else " "
    return re.sub(r" \n(?!>|\s*$)", joint, text)
