"""E-mail newsletters: single messages (.eml, .emlx) and mailboxes (.mbox), an article from each message."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath

from index.article import Article, DateOrigin, Skipped
from index.dates import FoundDate, found_date
from index.errors import ReadError
from index.readers.addresses import is_web_address
from index.readers.draft import Draft, Place, finish, place_of
from index.readers.forwarding import forwarded
from index.readers.html import decode_page
from index.readers.input import HeldContent, Hints, Input
from index.readers.mail_message import Attachment, Body, Mail, parse_mail
from index.readers.mail_sender import Sender, sender_of
from index.readers.mbox import FIRST, messages_of
from index.readers.newsletter import is_online_link, without_buttons, without_furniture
from index.readers.page_address import plain_address
from index.readers.text_blocks import blocks_of, parse_markup

MAX_ENCLOSED = 3
"""How deep e-mails that are attached to e-mails are followed."""

MAX_ATTACHED = 50
MIN_TEXT_CHARS = 40
"""A mail with less text is only the wrapper of what is attached to it."""

HEAD_LINES = 12
MIN_TITLE_CHARS = 8
READABLE = frozenset({".pdf", ".docx", ".html", ".htm", ".txt", ".md", ".epub", ".eml"})
_UNNAMED = {
    "application/pdf": "attached.pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "attached.docx",
    "application/epub+zip": "attached.epub",
}
_PREFIX = re.compile(
    r"\s*(?:(?:re|fwd?|aw|wg|tr|rv|enc|vs|vb|i|r|antw|doorst)\s*(?:\[\d+\])?\s*:|\[(?:ext|external|extern)\])\s*",
    re.IGNORECASE,
)
_APPLE_SIZE = re.compile(rb"\s*(\d{1,10})\s*\n")
_DAY = re.compile(r"(?:[A-Z][a-z]{2,8}, )?[A-Z][a-z]{2,8}\.? \d{1,2}")
_SIGNATURE = re.compile(r"--\s*")
_SIGNATURE_LINES = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """The text of a mail, line by line, and the addresses at which it says it can be read as a page.

    `problem` is why its HTML could not be read.
    """

    lines: list[str] = field(default_factory=list)
    language: str = ""
    online: tuple[str, ...] = ()
    problem: str = ""

    @property
    def characters(self) -> int:
        return sum(len(line) for line in self.lines)


class MailReader:
    """Reads an article from each message, and hands on what is attached to it."""

    def read(self, file: Input) -> Iterator[Article | Skipped | Input]:
        """Yield the article of each message, and the attachments that can be read."""
        if file.head.startswith(FIRST):
            yield from _mailbox(file)
            return
        data = file.data()
        if size := _APPLE_SIZE.match(data):
            data = data[size.end() : size.end() + int(size[1])]
        yield from _message(parse_mail(data), place_of(file))


def _mailbox(file: Input) -> Iterator[Article | Skipped | Input]:
    """Yield what each message of a mailbox gives, named `file#1` and so on."""
    met: set[str] = set()
    number = 0
    with file.open() as stream:
        for number, data in enumerate(messages_of(stream, file.limits.max_file_bytes), start=1):
            origin = f"{file.name}#{number}"
            try:
                if isinstance(data, ReadError):
                    raise data
                mail = parse_mail(data)
                told = mail.headers.get("message-id", "").strip("<> ")
                fragment = told if told and told not in met else str(number)
                met.add(fragment)
                yield from _message(mail, Place(input=file, origin=origin, fragment=fragment))
            except ReadError as error:
                yield Skipped(origin=origin, reason=str(error))
    if not number:
        raise ReadError("holds no messages")


def _message(mail: Mail, place: Place) -> Iterator[Article | Skipped | Input]:
    text = _text(mail.bodies)
    sender, date = sender_of(mail.headers.get("from", "")), _date(mail)
    attached = list(_attached(mail, place, sender, date))
    if text.characters >= MIN_TEXT_CHARS or not attached:
        yield _article(mail, text, place, sender, date)
    yield from attached


def _article(
    mail: Mail, text: _Text, place: Place, sender: Sender, date: FoundDate | None
) -> Article | Skipped:
    """Return the article of a message; what was forwarded is its first sender's."""
    subject, lines = mail.headers.get("subject", ""), text.lines
    if inner := forwarded(lines):
        subject, lines = inner.headers["subject"], inner.lines
        sender = sender_of(inner.headers["from"])
        date = found_date(inner.headers.get("date", ""), DateOrigin.TEXT) or date
    kept = _without_names(without_furniture(lines), sender)
    if not any(map(str.strip, kept)):
        told = "has no text but what stands around a newsletter" if text.characters else "has no text"
        raise ReadError(text.problem or told)
    archived = mail.headers.get("archived-at", "").strip("<> ")
    return finish(
        Draft(
            place=place,
            title=_title(subject, sender.outlet),
            text="\n".join(kept),
            url=archived if is_web_address(archived) else plain_address(text.online),
            outlet=sender.outlet,
            authors=sender.authors,
            dates=(date,),
            last_resort=place.input.modified,
            language=mail.headers.get("content-language", "") or text.language,
            raw="\n".join(text.lines),
        ),
        title_in_text=True,
    )


def _title(subject: str, outlet: str) -> str:
    """Return a subject without "Fwd:", "Re:" and the like, and without the name of the outlet beside it."""
    while match := _PREFIX.match(subject):
        subject = subject[match.end() :]
    name = re.escape(outlet)
    title = re.sub(rf"^\[?{name}\]?\s*[:|–—-]\s+|\s+[|–—-]\s*{name}$|^\[{name}\]\s*", "", subject, flags=re.I)
    return title if outlet and len(title) >= MIN_TITLE_CHARS else subject


def _without_names(lines: Sequence[str], sender: Sender) -> list[str]:
    """Return lines without those at the top that only name the sender, or the day without its year."""
    names = {name.casefold() for name in (sender.outlet, *sender.authors)}
    kept: list[str] = []
    for number, line in enumerate(lines):
        is_name = line.strip().casefold() in names or _DAY.fullmatch(line.strip())
        if number >= HEAD_LINES or not is_name:
            kept.append(line)
    return kept


def _date(mail: Mail) -> FoundDate | None:
    """Return when a mail was sent; else when it was received."""
    received = mail.headers.get("received", "").rpartition(";")[2]
    for value in (mail.headers.get("date", ""), received):
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return found_date(moment if moment.tzinfo else moment.replace(tzinfo=UTC), DateOrigin.META)
    return found_date(mail.headers.get("date", ""), DateOrigin.META)


def _text(bodies: tuple[Body, ...]) -> _Text:
    """Return the text of the parts of a message, of each the form that says more."""
    lines: list[str] = []
    language, problem, online = "", "", list[str]()
    for body in bodies:
        page = _page(body)
        plain = _unsigned(body.plain.splitlines())
        if page.characters >= min(MIN_TEXT_CHARS, sum(map(len, plain))):
            lines += _unsigned(page.lines)
            language = language or page.language
            online += page.online
        else:
            lines += plain
            problem = problem or ("" if plain else page.problem)
        lines.append("")
    return _Text(lines=lines, language=language, online=tuple(online), problem=problem)


def _page(body: Body) -> _Text:
    """Return the text of the HTML form."""
    if not body.html:
        return _Text()
    try:
        tree = parse_markup(decode_page(body.html, body.charset))
    except ReadError as error:
        return _Text(problem=str(error))
    links = tree.iter("a")
    online = tuple(link.get("href", "") for link in links if is_online_link(link.text_content()))
    lines = [line for block in without_buttons(blocks_of(tree)) for line in (*block.text.split("\n"), "")]
    return _Text(lines=lines, language=str(tree.get("lang") or ""), online=online)


def _unsigned(lines: list[str]) -> list[str]:
    """Return lines without the signature below `--`."""
    for number in range(max(0, len(lines) - _SIGNATURE_LINES), len(lines)):
        if _SIGNATURE.fullmatch(lines[number]):
            return lines[:number]
    return lines


def _attached(mail: Mail, place: Place, sender: Sender, date: FoundDate | None) -> Iterator[Input]:
    """Yield the attachments that can be read."""
    hints = Hints(outlet=sender.outlet, published=(date,))
    for attachment in mail.attachments[:MAX_ATTACHED]:
        name = attachment.name or _UNNAMED.get(attachment.media_type, "")
        suffix = PurePosixPath(name).suffix.lower()
        if suffix not in READABLE or (suffix == ".eml" and place.input.depth >= MAX_ENCLOSED):
            continue
        yield _member(place, replace(attachment, name=name), hints)


def _member(place: Place, attachment: Attachment, hints: Hints) -> Input:
    """Return an attachment as an input of its own, named after the message that it came with."""
    holder = replace(place.input, name=place.origin, uri=place.uri)
    return holder.member(
        attachment.name.replace("/", "_"),
        HeldContent(attachment.data),
        hints=hints,
        modified=place.input.modified,
        media_type=attachment.media_type,
    )
