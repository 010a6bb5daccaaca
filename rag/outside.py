"""Requests that no archive of news can answer: sums, translations, poems, and what is said of the asker."""

import re

MAX_CHARACTERS = 300

_ASKS = (
    r"(?:please\s+|just\s+)*"
    r"(?:(?:can|could|would|will)\s+you\s+(?:please\s+)?|i\s+(?:want|need)\s+you\s+to\s+)?"
)
_SUM = re.compile(
    r"(?:what(?:['’]s|\s+is)|how\s+much\s+is|calculate|compute|solve)?\s*"
    r"\(*\s*[\d.,]+(?:(?:\s*[+*×÷^]\s*|\s+[x/-]\s+)\(*\s*[\d.,]+\s*\)*)+\s*[=?.]*",
    re.IGNORECASE,
)
_TRANSLATE = re.compile(
    rf"{_ASKS}(?:translate\b.+|how\s+(?:do|would)\s+(?:you|i)\s+say\b.+\bin\s+[A-Z]\w+\W*)", re.IGNORECASE
)
_SOME = r"(?:an?|some|\d+)\s+(?:\w+\s+){0,2}"
_INVENTED = (
    r"poems?|haikus?|limericks?|songs?|rhymes?|lyrics|jokes?|riddles?|fairy\s+tales?|bedtime\s+stor(?:y|ies)"
    r"|short\s+stor(?:y|ies)"
)
_WRITE = re.compile(
    rf"{_ASKS}(?:(?:write|compose|draft|make\s+up|sing|create|generate)\s+(?:me\s+|us\s+)?{_SOME}(?:{_INVENTED}"
    r"|novels?|essays?|e-?mails?|cover\s+letters?|cvs?|resum[eé]s?|scripts?|programs?|functions?|recipes?"
    rf"|passwords?)|(?:tell|give)\s+(?:me\s+|us\s+)?{_SOME}(?:{_INVENTED}|recipes?|passwords?))"
    r"(?!\s+(?:that|which|cited|announced|published|played|sent|told)\b)\b.*",
    re.IGNORECASE,
)
_RECOMMEND = re.compile(
    rf"{_ASKS}(?:recommend|suggest)\s+(?:me\s+|us\s+)?(?:an?|some|any|\d+)\b"
    r"(?!\s+(?:\w+\s+)?(?:stor(?:y|ies)|articles?|reports?|news|coverage)\b).*",
    re.IGNORECASE,
)
_INSTRUCTIONS = re.compile(
    rf"{_ASKS}(?:give|show|tell|reveal|print|repeat|display|output|what(?:['’]s|\s+is|\s+are|\s+were))\s+(?:me\s+|us\s+)?"
    r"(?:all\s+(?:of\s+)?)?(?:your\s+(?:\w+\s+){0,2}(?:prompts?|instructions?|rules)"
    r"|the\s+(?:system|hidden|initial|above|secret)\s+(?:\w+\s+)?prompts?"
    r"|the\s+(?:system|hidden|above)\s+instructions?)\W*",
    re.IGNORECASE,
)
_OF_THE_ASKER = re.compile(
    r"(?:what|who|where|how\s+old|when|which)(?:['’]s|\s+(?:is|am|are|was))\s+"
    r"(?:i|my\s+(?:\w+\s+)?(?:name|age|birthday|address|password|phone|number|job|wife|husband|mother|father|dog|cat))\W*",
    re.IGNORECASE,
)
_ROLE = re.compile(
    rf"{_ASKS}(?:pretend\s+(?:that\s+)?(?:you|to\s+be)|act\s+(?:as\s+(?:an?|my|if)|like)|role-?play"
    r"|imagine\s+(?:that\s+)?you)\b.*",
    re.IGNORECASE,
)
_KINDS = (_SUM, _TRANSLATE, _WRITE, _RECOMMEND, _INSTRUCTIONS, _OF_THE_ASKER, _ROLE)


def is_outside(text: str) -> bool:
    """Return whether a message asks for something that is not in any news, by its form alone.

    A question that only happens to be about poems, sums or passwords is one for the archive.
    """
    plain = " ".join(text.split())
    return len(plain) <= MAX_CHARACTERS and any(kind.fullmatch(plain) for kind in _KINDS)
