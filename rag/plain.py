"""What articles and models write, as text that nothing shows as anything else than text.

An answer is read in terminals, pages and programs that render Markdown. What stands in it may bring no
picture or link of its own, no sign that cannot be seen, and no mark such as [2], which is ours to set.
"""

import re
import unicodedata

MAX_TITLE_CHARACTERS = 160
MAX_SENTENCE_CHARACTERS = 1_000

_TERMINAL = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
)
# Blank though their category does not say so: fillers, and signs that choose how the one before is drawn.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs"})
_SCRIPT = re.compile(r"<(script|style)\b.{0,5000}?</\1\s*>", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.{0,5000}?-->", re.DOTALL)
_TARGET = r"\((?:[^()]|\([^()]{0,500}\)){0,2000}\)"
_IMAGE = re.compile(rf"!\[[^\]\[]{{0,500}}\](?:{_TARGET}|\[[^\]]{{0,500}}\])?")
_LINK = re.compile(rf"\[(?!\s*\d+\s*\])([^\]\[]{{0,500}})\](?:{_TARGET}|\[[^\]]{{0,500}}\])")
_LINK_TARGET = re.compile(r"\[[^\]\[]{1,500}\]:\s*(?:<[^>]{0,2000}>|[a-z]+:\S+)", re.IGNORECASE)
_SHOWN_ADDRESS = re.compile(r"<([a-z]{2,10}://[^<>\s]{1,2000})>", re.IGNORECASE)
_TAG = re.compile(r"<+[a-z/!?|][^<>]{0,5000}>+|<[a-z][^<>]*=[^<>]*$", re.IGNORECASE)
_TURN = re.compile(r"<\|[\w ]{1,40}\|?>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>")
_AFTER_TURN = re.compile(rf"(?:{_TURN.pattern}).*")
_LATEX = re.compile(r"\\(?:href|url|includegraphics|html[A-Za-z]+)\b")
_CODE = re.compile(r"(?:(?:javascript|vbscript):|data:[\w.+-]*[/;,])\S*", re.IGNORECASE)
_REST = r"([^\s/?#:]*?)(?:[/?#:]\S*?)?(?=[.,;:!?)\]\"”’]*(?:\s|$))"
_ADDRESS = re.compile(rf"\b[a-z][a-z0-9+.-]{{1,20}}://(?:[^\s/@]{{0,200}}@)?{_REST}", re.IGNORECASE)
_HOST = re.compile(rf"\bwww\.{_REST}", re.IGNORECASE)
_MARK = re.compile(
    r"\s*[\[\u3010\uff3b]\s*\^?\d+(?:\s*[,;–-]\s*\d+)*(?:†[^\]\u3011]{0,50})?\s*[\]\u3011\uff3d]"
)
_OPENED = re.compile(r"<+(?=[a-z/!?|])|!(?=\[)|(?<=\])(?=[(\[])|(?<=:)(?=//)", re.IGNORECASE)
_SPACE_BEFORE = re.compile(r"\s+(?=[.,;:!?](?:\s|$))")

_ORDERS = re.compile(
    r"""
    \b(?:ignore|disregard|forget|override)\W+(?:\w+\W+){0,4}?
        (?:above|previous|prior|earlier|preceding|instructions?|rules|prompts?|everything|sentences?)\b
    | \b(?:ignor(?:iere|ieren|ez|a|ad|ate|e)|ignoreer)\W+(?:\w+\W+){0,4}?
        (?:anweisung\w*|instructions?|instrucciones|instruções|istruzioni|instructies|anterior\w*)\b
    | 忽略.{0,12}(?:指令|提示|指示) | игнорируй\w*
    | \b(?:system|initial|hidden|your)\s+(?:prompt|instructions|rules)\b
    | \b(?:new|following)\s+(?:rules|instructions)\s+for\s+(?:the\s+)?(?:assistant|model|ai|reader)s?\b
    | \b(?:language\s+models?|chat-?bots?|assistants?|ais?)\s+(?:must|should|shall|will|has\s+to|have\s+to)\s+
        (?:now\s+)?(?:write|say|answer|reply|respond|state|repeat|output|include|ignore)\b
    | \bas\s+an?\s+(?:helpful\s+assistant|ai|language\s+model|chat-?bot)\b
    | \byou\s+now\s+(?:answer|say|reply)\b
    | \byou\s+are\s+(?:now\s+)?(?:an?\s+)?(?:dan|ai|assistant|chat-?gpt|chat-?bot)\b
    | \b(?:note|notice|message|reminder)\s+(?:to|for)\s+(?:the\s+|all\s+)?
        (?:assistant|ai|model|bot|chat-?bot)s?\b
    | \b(?:summary|answer|reply|response)\s+(?:must|should|shall|has\s+to)\s+(?:only\s+)?
        (?:state|say|be|read|include|contain|begin|end)\b
    | \bthen\s+(?:answer|say|reply|write)\b | \bso\s+(?:answer|say|reply|write)\s+that\b
    | \b(?:write|answer|reply|respond)\s+(?:only|exactly|instead)\b
    | \bpretend\s+(?:that|to\s+be|you)\b
    | ^\W*(?:please\s+)?(?:reply|respond|repeat|print|output|reveal|translate|decode)
        (?:\s*:|\s+(?:only|with|the|your|this|these|after|all|everything|exactly|and|as|word)\b)
    | ^\W*(?:please\s+)?(?:say|write|answer|state)\s+(?:that\b|with\b|:)
    | ^\W*(?:please\s+)?tell\s+(?:the|your|all)\s+(?:reader|user)s?\b
    | ^\W*(?:system|assistant|user|human|ai|bot|model|answer|question|response|instructions?)\s*:
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ASKS = re.compile(r"\?[\"”'’)\]]*$")
_CREDIT = re.compile(
    r"/\s?(?:AFP|AP|Reuters|Getty|EPA|Bloomberg|Shutterstock|Xinhua|Anadolu|PA Media|Sipa|ZUMA)\b"
    r"|\b(?:Getty Images|Shutterstock)[.)\s]*$|^(?:FILE PHOTO|FILE - |Photo(?:graph)?(?: by| credit)?:)"
)
_DATA = re.compile(r"[{\[]\s*[\"“][^\"”]{1,60}[\"”]\s*:|```")
# Letters of other alphabets that look like ours, as attackers and jokers mix them in.
_LOOKALIKES = str.maketrans("АВЕЅІЈКМНОРСТХаеорсухіјѕԁ", "ABESIJKMHOPCTXaeopcyxijsd")
_CORRECTION = re.compile(r"(?:correction|clarification|corrected)\b", re.IGNORECASE)
_EDITORS_NOTE = re.compile(r"editor.s note\b", re.IGNORECASE)
_CORRECTS = re.compile(
    r"\b(?:correct(?:s|ed|ion)|(?:earlier|previous) version|error|wrong(?:ly)?|incorrect(?:ly)?|mis\w+ed)\b",
    re.IGNORECASE,
)


def seen(text: str) -> str:
    """Return `text` without signs that cannot be seen or that steer a terminal; white space stays white."""
    if text.isascii() and text.isprintable():
        return text
    left = _BLANK.sub("", text)
    return "".join(
        char if char in "\n\t" or unicodedata.category(char) not in _UNSEEN else " " if char.isspace() else ""
        for char in left
    )


def visible(text: str) -> str:
    """Return `text` on one line, without signs that cannot be seen or that steer a terminal."""
    return " ".join(seen(_TERMINAL.sub("", text)).split())


def plain(text: str) -> str:
    """Return `text` on one line, as words alone.

    Left out are signs that cannot be seen, marks such as [2], pictures, tags, comments and all that comes
    after the sign of a chat's turn; of a link its words stay, of an address its host.
    """
    text = visible(text)
    if not any(sign in text for sign in "<[]\\【［:") and "www." not in text.casefold():
        return text
    before = None
    while text != before:
        before = text
        for pattern, instead in _REPLACED:
            text = pattern.sub(instead, text)
        text = _SPACE_BEFORE.sub("", " ".join(_OPENED.sub(_apart, text).split()))
    return text


def plain_title(title: str) -> str:
    """Return a title as words alone, cut to 160 characters."""
    words = plain(title)
    return words if len(words) <= MAX_TITLE_CHARACTERS else f"{words[: MAX_TITLE_CHARACTERS - 1].rstrip()}…"


def has_turn(text: str) -> bool:
    """Return whether a text holds a sign by which chat models tell whose turn it is."""
    return bool(_TURN.search(text))


def is_code(text: str) -> bool:
    """Return whether a sentence is written for a program: JSON, or a call."""
    return bool(_DATA.search(text))


def is_order(text: str) -> bool:
    """Return whether a sentence gives orders to whoever answers from it, and so reports nothing.

    Such orders are known by their wording, in English and in the commonest form elsewhere. It is not
    what keeps an answer true: a claim has to stand in its passage whatever a model was told.
    """
    shown = visible(text)
    return bool(_ORDERS.search(shown) or _ORDERS.search(shown.translate(_LOOKALIKES)))


def is_correction(sentence: str) -> bool:
    """Return whether a sentence opens as what corrects another: a correction, or an editor's note of one."""
    notes = _EDITORS_NOTE.match(sentence) and _CORRECTS.search(sentence)
    return bool(notes or _CORRECTION.match(sentence))


def is_news(sentence: str, before: str = "") -> bool:
    """Return whether a sentence reports: it gives no orders to a model, is no code, and has an end.

    A question reports nothing, nor does an editor's note that corrects nothing, and a photograph's caption
    little that its article does not.
    `before` is what precedes it in its article: what comes after the sign of a chat's turn is no article.
    """
    said = plain(sentence)
    if not said or len(sentence) > MAX_SENTENCE_CHARACTERS:
        return False
    if _ASKS.search(said) or _CREDIT.search(said) or (_EDITORS_NOTE.match(said) and not is_correction(said)):
        return False
    return not (is_order(said) or is_code(said) or has_turn(before))


def _apart(opened: re.Match[str]) -> str:
    return "" if opened.group() else " "


_REPLACED = (
    (_AFTER_TURN, ""),
    (_SCRIPT, " "),
    (_COMMENT, " "),
    (_IMAGE, " "),
    (_LINK_TARGET, " "),
    (_LINK, r"\1"),
    (_SHOWN_ADDRESS, r"\1"),
    (_TAG, " "),
    (_LATEX, ""),
    (_CODE, ""),
    (_ADDRESS, r"\1"),
    (_HOST, r"\1"),
    (_MARK, ""),
)
