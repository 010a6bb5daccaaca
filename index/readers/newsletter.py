"""What stands in a newsletter around its text: links to a browser, settings, a footer with postal address."""

import re
from collections.abc import Sequence

from index.cleaning import ends_sentence
from index.readers.text_blocks import TextBlock

MAX_LINE_CHARS = 200
"""A longer line is text, whatever it mentions."""

MIN_PARAGRAPH_CHARS = 60
MAX_FOOTER_CHARS, MAX_FOOTER_LINE_CHARS = 2_000, 250


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_MAIL = r"(?:e-?mails?|newsletters?|message|mailing|edition|issue|post|story|version)"
_ONLINE = _any(
    r".{0,80}\b(?:view|read|open|see|display)\b.{0,40}\b(?:online"
    r"|(?:in|on|with) (?:your |a |the )?(?:web ?)?(?:browser|web|app|website))\b.{0,30}",
    r"(?:view|read) (?:this )?(?:as a )?web ?(?:page|version)|(?:the )?(?:web|online|browser)[ -]version",
    r".{0,60}\bim browser (?:ansehen|anzeigen|öffnen|lesen).{0,20}",
    r"(?:zur )?(?:online|web)-?(?:version|ansicht)",
    r".{0,60}\b(?:version en ligne|dans (?:votre|le) navigateur)\b.{0,20}",
    r".{0,60}\b(?:en (?:el|tu|su)|no(?: seu)?) navegador\b.{0,20}",
    r".{0,60}\b(?:nel|in (?:je|uw)) browser\b.{0,20}",
)
_FURNITURE = _any(
    r"(?:click here to )?un-?subscribe(?: (?:here|now|instantly|from (?:this|these|all|our) .{1,40}))?[.!]?",
    rf"(?:{_MAIL} )?(?:preferences|settings)",
    r"(?:manage|update|change|edit) (?:your )?.{0,40}(?:preferences|subscriptions?|settings|profile)\.?",
    rf"(?:was )?this {_MAIL} (?:was )?forwarded to you\b.{{0,100}}",
    r"forward(?: this| it)?(?: \w+)? to (?:a|your) friends?",
    r"(?:please )?add .{1,80} to your (?:address book|contacts|safe senders?.{0,10}).{0,60}",
    r"privacy policy|terms(?: of (?:use|service))?|contact us|help(?: cent(?:er|re))?|about us",
    r"advertise(?: with us)?|feedback|powered by \w[\w .]{1,30}|start writing|get the app",
    r"like|restack|comment|leave a comment|share this post|website|sign up(?: here| now)?",
    r"(?:read|see|view|get|watch|listen|hear|continue|learn|find out|explore|keep)\b.{0,30}"
    r"\b(?:more|story|article|reading|details|post|interview|review|analysis|full)",
    r"(?:mehr|weiter)\s?(?:lesen|erfahren)|lire (?:la suite|plus|l['’]article)",
    r"(?:leer|saber|ver) más|leia mais",
    r"(?:newsletter )?(?:abmelden|abbestellen)|(?:se )?d[ée]s(?:inscrire|abonner)|darse de baja",
    r"afmelden|uitschrijven|disiscri\w+|cancelar (?:la )?suscripci[óo]n|配信停止|退订|取消订阅",
)
_FOOTER = _any(
    r"\bunsubscribe\b|\bopt[ -]out of\b|\bno longer (?:want|wish) to receive\b",
    r"\byou(?:['’]re| are)? (?:receiv(?:ing|ed)|getting|subscribed)\b.{0,60}"
    rf"\b(?:{_MAIL}|because|to)\b",
    rf"\bthis {_MAIL} (?:was|is) (?:sent|intended)\b",
    r"\bwhy (?:did|am) i (?:get|got|receive|getting|receiving) this",
    r"\b(?:manage|update) your .{0,30}(?:preferences|subscription)",
    r"\babmelden\b|\babbestellen\b|\bd[ée]s(?:inscri|abonn)|\bdarse de baja\b|\bafmelden\b",
    r"\buitschrijven\b|\bdisiscri|\bcancelar (?:la |sua )?(?:suscripci|inscri)|配信停止|退订|取消订阅",
)
_LEGAL = _any(r"\bunsubscribe\b|\brights reserved\b|©|\bprivacy\b|\b(?:registered|intended) (?:in|for)\b")
_SHORT_TAIL = _any(
    r"(?:copyright\b|©|\(c\) \d{4}).{0,200}|.{0,120}\ball rights reserved\b.{0,60}",
    r"[\w .&'’-]{2,60}(?:,[^,]{2,40}){1,5},? ?[A-Z0-9 -]{4,10}",
    r"(?:our|the) (?:mailing|postal) address is:?|sent with .{1,40}",
)
_QUOTATION_MARKS = ("“", '"', "«", "„", "‘", "'")
_BETWEEN_LINKS = re.compile(r"\s*[|·•]\s*")
_ORNAMENTS = re.compile(r"^[^\w(<\[]+|[\s»\u203a→>…]+$")
_BARE_ADDRESS = re.compile(r"[<(\[]?https?://\S+[>)\]]?")
_IN_BRACKETS = re.compile(r"\s?[<(\[]https?://[^\s<>]+[>)\]]")


def without_furniture(lines: Sequence[str]) -> list[str]:
    """Return the lines of a newsletter that are its text, blank ones kept."""
    lines = [_IN_BRACKETS.sub("", line) for line in lines]
    return [kept for line in lines[: _footer_start(lines)] if (kept := _kept(line)) is not None]


def without_buttons(blocks: Sequence[TextBlock]) -> list[TextBlock]:
    """Return blocks without links that stand alone: buttons, lists of contents.

    A link with a paragraph below it is a headline. Where a letter is little but links, they are its text.
    """
    long = [not block.linked and len(block.text) >= MIN_PARAGRAPH_CHARS for block in blocks]
    kept = [
        block
        for block, is_headline in zip(blocks, [*long[1:], False], strict=False)
        if not block.linked or is_headline or ends_sentence(block.text)
    ]
    size = sum(len(block.text) for block in blocks)
    return kept if 2 * sum(len(block.text) for block in kept) > size else list(blocks)


def is_online_link(text: str) -> bool:
    """Say whether the text of a link leads to the newsletter as a page."""
    return len(text) <= MAX_LINE_CHARS and _ONLINE.fullmatch(" ".join(text.split())) is not None


def _kept(line: str) -> str | None:
    """Return a line without the links in it that are furniture; None where nothing else was in it."""
    text = line.strip()
    if not text or len(text) > MAX_LINE_CHARS or text.startswith(_QUOTATION_MARKS):
        return line
    if _BARE_ADDRESS.fullmatch(text):
        return None
    parts = _BETWEEN_LINKS.split(text)
    kept = [part for part in parts if not _is_furniture(_ORNAMENTS.sub("", part))]
    return line if len(kept) == len(parts) else " | ".join(kept) or None


def _is_furniture(link: str) -> bool:
    return not link or _FURNITURE.fullmatch(link) is not None or _ONLINE.fullmatch(link) is not None


def _footer_start(lines: Sequence[str]) -> int:
    """Return the number of the line that the footer begins with; that of lines where there is none.

    A footer is at the end, in the second half, and no longer than `MAX_FOOTER_CHARS`; a paragraph that
    is too long for one, unless it says what footers say, is text.
    """
    left, start = 0, len(lines)
    for number in range(len(lines) - 1, len(lines) // 2 - 1, -1):
        line = lines[number].strip()
        left += len(line)
        if left > MAX_FOOTER_CHARS or (len(line) > MAX_FOOTER_LINE_CHARS and not _LEGAL.search(line)):
            break
        if _FOOTER.search(line) and not line.startswith(_QUOTATION_MARKS):
            start = number
    while 0 < start < len(lines) and _is_tail(lines[start - 1].strip()):
        start -= 1
    return start


def _is_tail(line: str) -> bool:
    """Say whether a line just above a footer belongs to it: a blank, a postal address, a copyright."""
    return not line or _SHORT_TAIL.fullmatch(line) is not None
