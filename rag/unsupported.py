"""What a model wrote and no passage supports, for those who ask to see it: struck through, with the reason.

It never stands in an answer's text. A model may be told by an article, or may itself be minded, to write
anything: orders, code and the words of its prompt are not even shown here.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from rag.answer import Claim
from rag.plain import MAX_SENTENCE_CHARACTERS, is_code, is_order, plain
from rag.prompts import PLACEHOLDERS, wording
from rag.terms import content_stems, words

PROMPT_RUN = 5
"""So many words in a row as in a prompt are the prompt."""


def unsupported_claims(refused: Mapping[str, str], claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return what was refused (text to reason) as claims without citations; none that is among `claims`."""
    seen = {tuple(content_stems(claim.text)) for claim in claims}
    found = []
    for text, reason in refused.items():
        stems = tuple(content_stems(text))
        if stems in seen or not _may_be_shown(text):
            continue
        seen.add(stems)
        found.append(
            Claim(text=_cut(plain(text)), citations=(), supported=False, support=0.0, reason=plain(reason))
        )
    return tuple(found)


def _may_be_shown(text: str) -> bool:
    if not content_stems(text) or is_order(text) or is_code(text):
        return False
    return not _runs(text) & _prompt_runs()


def _runs(text: str) -> set[tuple[str, ...]]:
    said = words(text)
    return {tuple(said[at : at + PROMPT_RUN]) for at in range(len(said) - PROMPT_RUN + 1)}


@cache
def _prompt_runs() -> frozenset[tuple[str, ...]]:
    return frozenset(run for name in PLACEHOLDERS for run in _runs(wording(name)))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SENTENCE_CHARACTERS else f"{text[: MAX_SENTENCE_CHARACTERS - 1]}…"
