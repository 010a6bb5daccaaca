"""What a correction says was meant, told from the question that it goes on with."""

import re

from index.sentences import sentence_spans
from rag.phrases import AUXILIARIES

_LEADING = re.compile(r"^(?:and|but|so|or)\b[\s,]*", re.I)
_QUESTION = re.compile(
    r"^(?:(?:in|on|at|by|to|for|from|since|of|with|under|until)\s+)?(?:who|whom|whose|what|which|when|where|why|how)\b",
    re.I,
)
_LED_QUESTION = re.compile(r"[:,]\s+(?:who|what|which|when|where|why|how|did|does|is|are|was|were)\b", re.I)
_DASH = re.compile(r"\s+[–—-]+\s+")


def meant_and_asked(corrected: str) -> tuple[str, str]:
    """Return what a correction says was meant, and the question that it goes on with; either may be empty.

    They are parted by the first end of a sentence or by a dash: "I meant Dray. Why did he leave?".
    """
    ends = [end for _, end in sentence_spans(corrected)]
    ends += [match.start() for match in _DASH.finditer(corrected)]
    for end in sorted(ends):
        meant, asked = corrected[:end].rstrip(" .!?,"), corrected[end:].lstrip(" –—-")
        if asked and not is_whole(meant) and is_whole(_LEADING.sub("", asked)):
            return meant, f"{asked[0].upper()}{asked[1:]}?"
    if is_whole(corrected):
        return "", f"{corrected[0].upper()}{corrected[1:]}?"
    return corrected, ""


def is_whole(text: str) -> bool:
    """Return whether a text is a question of its own rather than a piece of one."""
    first = text.split(maxsplit=1)[0].lower().strip(",.?!") if text.split() else ""
    return bool(_QUESTION.match(text) or _LED_QUESTION.search(text)) or first in AUXILIARIES
