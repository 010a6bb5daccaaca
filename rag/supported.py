"""A sentence of an answer together with the evidence it rests on."""

from dataclasses import dataclass

from rag.corrected import right_first
from rag.evidence import Sentence
from rag.wording import worded


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportedClaim:
    """A sentence for the answer and the evidence it rests on.

    `degree` is 1 for a quotation; `writer` is the model that wrote it, empty for a quotation.
    """

    text: str
    sentence: Sentence
    degree: float
    quoted: bool
    writer: str = ""


def quotation(sentence: Sentence) -> SupportedClaim:
    """Return a sentence as a claim, word for word; a correction opens with what is right."""
    text = right_first(worded(sentence.text))
    return SupportedClaim(text=text, sentence=sentence, degree=1.0, quoted=True)
