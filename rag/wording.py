"""How an answer is worded: its claims with their marks, what was not found, and what is nearest."""

from collections.abc import Sequence

from index.sentences import sentence_spans
from rag.answer import Citation, Claim
from rag.empty_handed import NOTHING, NOTHING_FOUND, NOTHING_WITHIN
from rag.parts import Part
from rag.plain import is_order, plain_title


def marked_text(claims: Sequence[Claim]) -> str:
    """Return the text of an answer: its claims with their marks."""
    return "".join(marked(claim, first=not at) for at, claim in enumerate(claims))


def marked(claim: Claim, *, first: bool) -> str:
    """Return the claim's text with its marks in each of its sentences, spaced from what precedes.

    A correction is one claim with the sentences that it goes on with. Marks stand before a full stop.
    """
    marks = "".join(f"[{number}]" for number in claim.citations)
    sentences = [claim.text[start:end] for start, end in sentence_spans(claim.text)]
    text = " ".join(f"{one[:-1]} {marks}." if one.endswith(".") else f"{one} {marks}" for one in sentences)
    return text if first else f" {text}"


def not_found(parts: Sequence[Part]) -> str:
    """Say which of the parts nothing was found on."""
    if all(part.compared for part in parts):
        named = [part.named for part in parts]
        several = f"{', '.join(named[:-1])} or {named[-1]}" if len(named) > 1 else named[0]
        return f"{NOTHING} that says this of {several}."
    return " ".join(f"{NOTHING} that answers “{part.named}”." for part in parts)


def _titled(citation: Citation) -> str:
    title = plain_title(citation.title)
    return f"“{title}”" if title and not is_order(title) else "an article"


def nothing_found(nearest: Sequence[Citation]) -> str:
    """Say that nothing answers, and what is nearest."""
    if not nearest:
        return NOTHING_WITHIN
    first = nearest[0]
    dated = f", {first.published}" if first.published else ""
    return f"{NOTHING_FOUND} Nearest is {_titled(first)} ({plain_title(first.source)}{dated}) [1]."
