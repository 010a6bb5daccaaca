"""Page noise that says who made something: credits, agencies, authors, rights."""

from index.noise import PROPER_NAME, Noise

_AGENCY = (
    r"(?:Getty Images(?: [\w ]{1,30})?|AP|AFP|Reuters|REUTERS|Shutterstock|Bloomberg|EPA(?:-EFE)?|Alamy"
    r"|PA Wire|Xinhua|TASS|Imagn(?: Images)?|USA TODAY (?:Sports|NETWORK)|Anadolu(?: Agency)?"
    r"|NurPhoto|ZUMA(?: Press)?"
    r"|SOPA Images|Sipa(?: USA)?|dpa|ANSA|Kyodo|picture alliance|Imago|IMAGO|Redux|Magnum)"
)
_NAME = r"[^\W\d_][\w.'’&-]*+"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,4}}+"
_AGENCY_HINTS = (
    "Getty",
    "AP",
    "AFP",
    "Reuters",
    "REUTERS",
    "Shutterstock",
    "Alamy",
    "EPA",
    "Imagn",
    "Anadolu",
)
_SENTENCES = r"(?:.*[.!?]['\"”’)]* )?"

CREDITS: tuple[Noise, ...] = (
    Noise(
        "contact",
        r"(?:(?:Twitter|X|Email|E-mail|Instagram|Facebook|Phone): ?\S.{1,60}"
        r"|@\w{2,30}(?:, .{2,30})?|[\w.+-]+@[\w-]+\.[\w.]+)(?:[;,|] .{2,80})?",
    ),
    Noise(
        "contact",
        r"(?:Got a|Have a|Do you have a|Know of a) (?:\w+ )?(?:tip|story|question|news tip)\b.{0,200}",
    ),
    Noise(
        "author note",
        rf"{PROPER_NAME}(?:, .{{2,60}},)? (?:covers|writes|reports|is (?:a|an"
        rf"|the) .{{2,80}}?(?:reporter|columnist|writer|editor|correspondent|journalist|producer"
        r"|photographer))\b"
        r".*(?:@|[Rr]each |[Ff]ollow |[Cc]ontact |[Ee]mail|newsletter|Twitter|subscri).*",
        (" covers ", " writes ", " reports ", " is a ", " is an ", " is the "),
    ),
    Noise(
        "author note",
        rf"{PROPER_NAME}(?: (?:and|&) {PROPER_NAME})? (?:can|may) be reached\b.{{0,40}}(?:@|Twitter).*",
        ("be reached",),
    ),
    Noise(
        "author note",
        r"(?:.{0,300}[.!?] )?(?:(?:All|The) )?(?:views"
        r"|opinions)(?: expressed)? (?:in this (?:commentary|column|article|piece|essay)|here"
        r"|are solely)\b.{0,120}",
        ("iews", "pinions"),
    ),
    Noise(
        "author note",
        r"(?:Special (?:to|for|to the) .{2,40}|Opinion (?:contributor|columnist)|(?:Staff"
        r"|Contributing|Guest|Senior) (?:writer|columnist|reporter|editor))",
    ),
    Noise("contact", r"Contact(?: |\w).{0,140}\S@\S+.*"),
    Noise(
        "contact",
        r"(?:.{0,200}[.!?] )?(?:Reach|Email|Contact|Follow|Send) (?:him|her|them|me)\b.{0,160}@\w+.*",
        ("@",),
    ),
    Noise("contact", r"(?:Reach|Email) (?:\w[\w.'’-]* ){1,5}(?:at|on)\b.{0,80}@\w+.*"),
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
    Noise("photo credit", rf"(?:{_SENTENCES})?.{{0,200}}\b(?:via|VIA) {_AGENCY}", ("via ", "VIA ")),
    Noise(
        "photo credit",
        rf"{PROPER_NAME}(?:, (?:left|right|center|centre),?)?(?: and {PROPER_NAME})?,? {_AGENCY}",
        _AGENCY_HINTS,
    ),
    Noise(
        "photo credit",
        r"(?:(?:Staff|File|Handout) [Pp]hoto|(?:STAFF|FILE|HANDOUT) PHOTO|[Pp]hoto(?:s"
        r"|graphy)? (?:courtesy|provided)\b.{0,80}|Courtesy(?: of)?:? .{2,60})",
    ),
    Noise("photo credit", r".*\bHide Caption(?: \d+ of \d+)?", ("Hide Caption",)),
    Noise(
        "agency tail",
        r".{2,200}contributed (?:to this (?:report|story|article)|reporting)\.?\)?(?: (?:Follow"
        r"|Contact|Reach|Email) .{2,120})?",
        ("contributed to this", "contributed reporting"),
    ),
    Noise(
        "agency tail",
        r"[–—-]* ?Contributing[:;] .{2,300}|Additional reporting(?: contributed)?(?: by)? .{2,160}",
    ),
    Noise(
        "agency tail",
        rf"(?:Reporting|Writing|Compiled|Editing) by {PROPER_NAME}.{{0,160}}|(?:Edited|Written"
        rf"|Interview) ?(?:by|:) {PROPER_NAME}\.?",
    ),
    Noise(
        "agency tail",
        rf"{PROPER_NAME}(?: (?:and|of) .{{2,60}}?)?(?: also)? reported from"
        rf" [A-Z][^.]{{2,60}}(?:\.[^.]{{1,12}})?\.?(?: .{{2,160}}\bcontributed\b.{{0,80}})?",
        ("reported from",),
    ),
    Noise("agency tail", r"Our Standards: .{2,120}|Purchase Licensing Rights\b.{0,40}"),
    Noise("agency tail", r"This (?:article|story|column) (?:originally|first) appeared (?:on|in) .{2,200}"),
    Noise(
        "agency tail",
        r"This (?:article|story) (?:is|was) (?:re)?published (?:from|with permission|under"
        r"|courtesy)\b.{0,200}",
    ),
    Noise(
        "press release",
        r"(?:Media|Press|Investor) [Cc]ontacts?(?: ?:.{0,200})?|SOURCE .{2,80}"
        r"|Forward[- ][Ll]ooking [Ss]tatements?",
    ),
    Noise(
        "press release",
        r"(?:This|The) (?:press|news) release (?:contains|includes|may contain) .{0,40}forward-looking\b.*",
    ),
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
"""As `index.noise_prompts.PROMPTS`."""
