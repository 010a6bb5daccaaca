"""A question taken apart by a capable model, where rules see that it may take several lookups."""

import logging
import re

from rag.errors import GenerationError
from rag.generate import ChatMessage, ChatModel
from rag.parts import Part
from rag.prompts import render
from rag.terms import unsaid
from rag.two_steps import TwoSteps

logger = logging.getLogger(__name__)

MAX_PARTS = 4
MAX_TOKENS = 160
LEAST_WORDS = 8
"""A shorter question is one lookup."""

_SEVERAL = re.compile(
    r"\b(?:that|who|which|whose|than|both|each|compare[ds]?|comparison|differences?|versus|vs)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^\s*(?:[-*•]|\(?\d{1,2}[.):])\s+")
_EARLIER = "{1}"


def may_be_several(question: str) -> bool:
    """Return whether it is worth asking a model if a question takes several lookups."""
    words = question.split()
    return len(words) >= LEAST_WORDS and _SEVERAL.search(" ".join(words[1:])) is not None


def decomposed(question: str, model: ChatModel) -> tuple[Part, ...] | TwoSteps | None:
    """Return the parts, or the two steps, that a model sees in a question; None for one lookup.

    A part with a name or number that the question does not hold is made up, and the whole plan not used;
    nor is one that the model did not finish.
    """
    prompt = [
        ChatMessage(role="system", content=render("decompose_system")),
        ChatMessage(role="user", content=render("decompose_user", question=question)),
    ]
    try:
        text = "".join(model.stream(prompt, max_tokens=MAX_TOKENS))
    except GenerationError as error:
        logger.warning("%s; the question is looked up as one", error)
        return None
    lines = [_NUMBERED.sub("", line).strip() for line in text.splitlines() if line.strip()]
    if not 2 <= len(lines) <= MAX_PARTS or not all(line.endswith("?") for line in lines):
        return None
    if made_up := unsaid(" ".join(lines).replace(_EARLIER, " "), question):
        logger.warning("the plan of a question brings in %s; it is looked up as one", made_up)
        return None
    leaning = [_EARLIER in line for line in lines]
    if not any(leaning):
        return tuple(Part(asks=line, named=line) for line in lines)
    if leaning != [False, True] or re.search(r"[{}]", lines[1].replace(_EARLIER, "")):
        return None
    return TwoSteps(first=lines[0], then=lines[1].replace(_EARLIER, "{}"), kind=None)
