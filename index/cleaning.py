"""Turns the text of a page or file into paragraphs without page noise.

Only whole lines go, and only by the patterns of `NOISE`; no sentence is edited. A line that opens
with a quotation mark is somebody's words and is never noise.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

PARAGRAPH_BREAK = "\n\n"
MAX_NOISE_CHARS = 420
"""A longer line is running text, whatever it mentions."""

WRAP_WIDTHS = range(48, 101)
WRAP_MIN_LINES = 3
WRAP_MAX_SENTENCE_ENDS = 0.4
WRAP_SHORT_LINE = 0.75


class Noise(NamedTuple):
    """A kind of page noise and the pattern that a whole line of it matches.

    A pattern with no fixed opening is tried only on lines that hold one of the words of `within`:
    it would be slow on every line.
    """

    name: str
    pattern: str
    within: tuple[str, ...] = ()


_AGENCY = (
    r"(?:Getty Images(?: [\w ]{1,30})?|AP|AFP|Reuters|REUTERS|Shutterstock|Bloomberg|EPA(?:-EFE)?|Alamy"
    r"|PA Wire|Xinhua|TASS|Imagn(?: Images)?|USA TODAY (?:Sports|NETWORK))"
)
_NAME = r"[^\W\d_][\w.'’&-]*+"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,4}}+"
_SENTENCES = r"(?:.*[.!?]['\"”’)]* )?"
_SOCIAL = r"(?:Twitter|Facebook|Instagram|LinkedIn|TikTok|WhatsApp|YouTube|Telegram|Threads|Bluesky|X)"

NOISE: tuple[Noise, ...] = (
    Noise("separator", r"[|_*=~•·♦#—–\-\s]+"),
    Noise("audio player", r"Getting your (?:\w+ ){1,3}(?:audio )?player ready[ .…]*"),
    Noise(
        "audio player",
        r"(?:Listen(?: to this (?:article|story))?|\d+ min(?:ute)?s? (?:read|listen))(?:\s?[\d:·•]+"
        r"(?: min(?:ute)?s?)?)?",
    ),
    Noise("audio player", r"This audio (?:is|was) (?:auto-?|automatically )generated\b.*"),
    Noise("audio player", r"Your browser does not support the (?:audio|video|HTML5)\b.*"),
    Noise("video player", r"Video Ad Feedback\b.*"),
    Noise("video player", r"(?:NOW PLAYING|Now Playing|Up next|Up Next|Play [Vv]ideo|Replay|Watch [Nn]ow)"),
    Noise("ad survey", r"(?:\d\. )?How relevant (?:is|was) this ad to you\?.*"),
    Noise("ad survey", r"(?:\d\. )?Did you encounter any technical issues\?.*"),
    Noise("ad survey", r"Video player was slow to load content\b.*"),
    Noise(
        "ad survey",
        r"(?:Video|Ad) (?:content )?(?:never|froze or did not) (?:loaded|finish loading)\b.*",
    ),
    Noise(
        "ad survey",
        r"[A-Z]\w{1,20} values your feedback|Ad Feedback|Your effort and contribution in providing "
        r"this feedback\b.*",
    ),
    Noise("advertisement", r"(?i:advertise?ment|sponsored(?: content)?|paid post)\.?"),
    Noise(
        "advertisement",
        r"(?:Story|Article|Content) continues (?:below|after)(?: (?:this )?ad(?:vertisement)?)?\.?"
        r"(?: .{0,60}\bclick here\.?)?",
    ),
    Noise(
        "cookie notice",
        r"(?:We|This (?:web)?site|Our (?:web)?site|Our partners)(?: and our partners)? uses? "
        r"cookies\b.*",
    ),
    Noise("cookie notice", r"(?i:(?:accept|reject|allow|manage)(?: all)? (?:cookies|preferences|choices))"),
    Noise(
        "cookie notice",
        r"By (?:clicking|continuing|using|signing)\b.{1,160}\byou (?:agree|consent|accept)\b.*",
    ),
    Noise("cookie notice", r"We will use the (?:details|information) you have shared\b.*"),
    Noise("cookie notice", r"If you wish to object to the use of your data\b.*"),
    Noise("cookie notice", r"['‘’]We['’] includes .* brands as detailed here\.?"),
    Noise("newsletter", r"(?:Sign up|Subscribe|Register)(?: (?:now|here|today|for free))?[.!]?"),
    Noise(
        "newsletter",
        r"(?:Sign up|Subscribe)(?: (?:here|now|today))? (?:for|to)\b.{1,120}\b(?:newsletters?|podcast"
        r"|inbox|alerts?|weekly column|channel)\b.*",
    ),
    Noise(
        "newsletter",
        r"(?:Sign up|Subscribe)(?: (?:here|now))? (?:for|to) .{1,80}\b(?:here|now|today)[.!]?",
    ),
    Noise(
        "newsletter",
        r"(?:Get|Want|To get|What['’]s|If your day|There['’]s (?:a lot )?more|Stay|Never miss|Not a "
        r"subscriber|Need help)\b.{0,300}\b(?:(?:[Ss]ign up|[Ss]ubscribe)\b.{0,120}\b(?:newsletters?"
        r"|inbox|news of the day)\b|Sign up here\b).*",
    ),
    Noise("newsletter", r"Would you like to receive\b.{1,80}\bnewsletter ?\?"),
    Noise("newsletter", r"(?:Get|Want) .{1,160}\b(?:in|to) your inbox\b.{0,80}"),
    Noise(
        "newsletter",
        r"[\w’' \-–,&►]{2,60}: ?(?:Sign up|Subscribe) (?:now|here|for|to)\b.{1,160}",
        ("Sign up", "Subscribe"),
    ),
    Noise(
        "newsletter",
        r"[(►]?(?:You can|Save better).{1,140}\b(?:inbox|newsletter)\b.{0,40}\bSign up here ?\.?\)?",
    ),
    Noise(
        "newsletter",
        r"(?:Editor[’']s [Nn]ote: )?(?:A version of this|This) (?:story|article|column) (?:first "
        r"|originally )?(?:appeared in|is part of)\b.{1,200}\b(?:[Nn]ewsletter|[Ss]ign up"
        r"|dispatch)\b.*",
    ),
    Noise(
        "newsletter",
        r"(?:This is (?:a compilation|the \w+ edition|a weekly)|The \w+ List is|The [\w ]{1,30} "
        r"newsletter provides)\b.{1,200}\b(?:newsletter|daily digest of news)\b.*",
    ),
    Noise(
        "subscription",
        r"(?:Support (?:quality |strong |local |our )*journalism|Thank you for supporting our "
        r"journalism)\b.*",
    ),
    Noise(
        "subscription",
        r"(?:Already a subscriber\?|Just for subscribers:|These articles are for .{1,40} "
        r"subscribers\b).*",
    ),
    Noise("subscription", r"Consider supporting our journalism\b.*|The Short List is free\b.*"),
    Noise("share", r"(?i:share|tweet|pin|print|e-?mail|copy link|save|comments?|reply|bookmark)"),
    Noise(
        "share",
        rf"(?:Share|Follow|Save) (?:this|us)\b.{{0,60}}(?:{_SOCIAL}\b|article|story|post|page)"
        rf"(?: .{{0,60}})?",
    ),
    Noise("share", r"(?:Like|Join|Find|Follow) us (?:on|at)\b.{1,100}"),
    Noise(
        "share",
        rf"(?:Share|Post|Tweet|Send) (?:on|to|via|by) (?:{_SOCIAL}|[Ee]-?mail)(?:[,/ ]+(?:{_SOCIAL}"
        r"|[Ee]mail|and))*",
    ),
    Noise(
        "share",
        rf"(?:{_SOCIAL}|Email|Print|Pinterest|Reddit)(?:[\s,/|·•]+(?:{_SOCIAL}|Email|Print|Pinterest"
        r"|Reddit|Copy [Ll]ink|Link))+",
    ),
    Noise("share", rf"[–—-]*\s?Follow\b.{{1,100}}\b(?:on|at) (?:{_SOCIAL}\b|https?://|@).*"),
    Noise("share", r"Follow (?:every game:|live updates here|.{1,60} @\w+\.?$).*"),
    Noise("contact", r"Contact(?: |\w).{0,140}\S@\S+.*"),
    Noise(
        "contact",
        r"(?:.{0,200}[.!?] )?(?:Reach|Email|Contact|Follow|Send) (?:him|her|them|me)\b.{0,160}@\w+.*",
        ("@",),
    ),
    Noise("contact", r"(?:Reach|Email) (?:\w[\w.'’-]* ){1,5}(?:at|on)\b.{0,80}@\w+.*"),
    Noise(
        "teaser",
        r"(?i:(?:click here to )?(?:read|see|learn|continue|view|show)(?: on)? (?:more|reading|all"
        r"|full (?:story|article))(?: (?:here|stories|news))?)[:.… ]*",
    ),
    Noise(
        "teaser",
        r"(?i:related(?: (?:stories|content|articles?|coverage|news|topics))?|see also|recommended"
        r"|most read|trending(?: now)?|more (?:stories|from|on this story)|you may also like|latest "
        r"(?:news|stories|headlines)|back to top|skip to (?:main )?content|in this article)[: ]*",
    ),
    Noise(
        "teaser",
        r"(?:More|MORE|More news|Read [Mm]ore|READ MORE|Related|RELATED|See [Aa]lso|SEE ALSO|ALSO READ"
        r"|Also [Rr]ead|DON['’]T MISS|Don['’]t miss|Watch|WATCH|Listen|LISTEN|IN PICTURES|READ"
        r"|Read) ?: ?\S(?:.{0,196}[^.\s])?",
    ),
    Noise("teaser", r"More AP\b.{1,80}: ?https?://.*|AP [\w ]{2,30}: ?https?://.*"),
    Noise("photo credit", r".*\((?:AP|Reuters|REUTERS|AFP) Photo\b[^()]{0,80}\)\.?", (" Photo",)),
    Noise(
        "photo credit",
        r".*\((?:Photo|Image|Picture)s?(?: by|:)[^()]{2,120}\)\.?(?: .{2,40})?",
        ("(Photo", "(Image", "(Picture"),
    ),
    Noise(
        "photo credit",
        rf"{_SENTENCES}{_NAMES} ?(?:/ ?{_NAMES} ?){{0,3}}/ ?{_AGENCY}(?:/File|, [Ff]ile)?\.?",
        ("/",),
    ),
    Noise("photo credit", rf"{_SENTENCES}(?:(?:{_NAME} ){{1,3}}(?:for|via) )?Getty Images\.?", ("Getty",)),
    Noise(
        "photo credit",
        rf"(?:Photo(?:graph)?s?|Image|Picture)(?: [Cc]redit)?(?: by|:) .{{2,80}}|Credit: .{{2,80}}"
        rf"|via {_AGENCY}",
    ),
    Noise("photo credit", r".*\bHide Caption(?: \d+ of \d+)?", ("Hide Caption",)),
    Noise(
        "agency tail",
        r"[^.]{2,160}contributed to this (?:report|story|article)\.?\)?",
        ("contributed to this",),
    ),
    Noise("agency tail", r"Contributing: .{2,200}"),
    Noise("agency tail", r"From .{2,60} and wire reports\.?"),
    Noise(
        "agency tail",
        r"This (?:story|article)(?: and headline)? (?:has been|was) updated (?:with|to (?:add|include"
        r"|reflect)|throughout)\b.{0,80}",
    ),
    Noise(
        "agency tail",
        r"(?:(?:The )?Associated Press|Agence France-Presse|AP|AFP|Reuters|REUTERS|CNN|USA TODAY(?: "
        r"Sports)?)\.?",
    ),
    Noise(
        "dateline alone",
        r"(?:[A-Z][\w.'’-]*(?:, | )){0,5}\(?(?:CNN|AP|Reuters|AFP)\)?(?: (?:Business|Opinion|Sport"
        r"|Travel))?\s?[—–-]+",
    ),
    Noise("rights", r"(?:Copyright\b|©|\(c\) (?:Copyright|\d{4})).{1,200}"),
    Noise("rights", r"(?:.{0,120}\b)?All [Rr]ights [Rr]eserved\b.{0,160}", ("ights ",)),
    Noise(
        "grant",
        r"(?:Our|.{5,60} coverage) .{2,60} is (?:supported|made possible) in part by a grant from\b.*",
        ("by a grant from",),
    ),
    Noise("shopping", r"Prices were accurate at the time this article was published\b.*"),
    Noise(
        "shopping",
        r"(?:— )?Recommendations are independently chosen\b.*|The product experts at \w+ have all "
        r"your shopping needs\b.*",
    ),
    Noise("shopping", r"24/7 Wall Street is a .{2,30} content partner\b.*"),
)
"""Every kind of page noise that is dropped, in one table."""

_NOISE_LINE = re.compile("|".join(f"(?:{noise.pattern})" for noise in NOISE if not noise.within))
_GATED = tuple((noise.within, re.compile(noise.pattern)) for noise in NOISE if noise.within)
_QUOTATION_MARKS = ("“", '"', "«", "„", "「", "『")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_DROPPED_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\xad\ufeff\u200b]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_SENTENCE_END = re.compile(r"[.!?…。؟]['\"”’)\]»]*$")
_LIST_ITEM = re.compile(r"(?:[-*•–—►]|\d{1,3}[.)])\s")


def clean_text(raw: str) -> str:
    """Return the paragraphs of `raw`, in order, separated by blank lines and free of page noise.

    Each line is a paragraph, unless the text is wrapped at a fixed width, in which case the lines
    between blank lines are joined. Returns "" where nothing but noise is left.
    """
    return PARAGRAPH_BREAK.join(paragraphs(split_lines(raw)))


def split_lines(raw: str) -> list[str]:
    """Return the lines of `raw` with single spaces and no control characters; "" is a blank line."""
    text = _LINE_ENDS.sub("\n", repair(raw))
    return [" ".join(line.split()).rstrip("| ") for line in _DROPPED_CHARACTERS.sub("", text).split("\n")]


def repair(raw: str) -> str:
    """Return `raw` fit to be stored as UTF-8: half of a surrogate pair becomes U+FFFD."""
    return raw if raw.isascii() else _SURROGATES.sub("\ufffd", raw)


def one_line(raw: str) -> str:
    """Return `raw` as one line with single spaces, fit to be stored."""
    return " ".join(line for line in split_lines(raw) if line)


def paragraphs(lines: Sequence[str]) -> list[str]:
    """Return the paragraphs that the lines of `split_lines` make, without those that are noise."""
    joined: Iterable[str] = _join_wrapped(lines) if is_wrapped(lines) else lines
    return [line for line in joined if line and not is_noise(line)]


def is_noise(line: str) -> bool:
    """Say whether a whole line (of `split_lines`) is page noise."""
    if len(line) > MAX_NOISE_CHARS or line.startswith(_QUOTATION_MARKS):
        return False
    if _NOISE_LINE.fullmatch(line):
        return True
    return any(pattern.fullmatch(line) for within, pattern in _GATED if any(word in line for word in within))


def ends_sentence(line: str) -> bool:
    """Say whether a line ends as sentences do."""
    return _SENTENCE_END.search(line) is not None


def is_wrapped(lines: Sequence[str]) -> bool:
    """Say whether lines were broken at a fixed width: of like length, and not where sentences end."""
    inner = [line for line, following in pairwise(lines) if line and following]
    if len(inner) < WRAP_MIN_LINES or int(median(map(len, inner))) not in WRAP_WIDTHS:
        return False
    if sum(len(line) >= WRAP_WIDTHS.stop for line in inner) > len(inner) * 0.05:
        return False
    ends = sum(map(ends_sentence, inner))
    return ends <= len(inner) * WRAP_MAX_SENTENCE_ENDS


def _join_wrapped(lines: Sequence[str]) -> list[str]:
    """Join the lines between blank lines; a short line that ends a sentence ends a paragraph too."""
    width = max(map(len, lines))
    joined: list[str] = []
    current: list[str] = []
    for line in [*lines, ""]:
        if not line or is_noise(line) or _LIST_ITEM.match(line):
            joined += [_join(current)] if current else []
            current = [line] if line and not is_noise(line) else []
            continue
        current.append(line)
        if len(line) < width * WRAP_SHORT_LINE and ends_sentence(line):
            joined.append(_join(current))
            current = []
    return joined


def _join(lines: Sequence[str]) -> str:
    """Join lines by spaces; one that ends in a hyphen within a word is joined without."""
    return (
        re.sub(r"(?<=\w-) (?=[a-z])", "", "\n".join(lines).replace("\n", " ")) if len(lines) > 1 else lines[0]
    )
