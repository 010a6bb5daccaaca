"""What an article's sentence asserts of what a question is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.plain import MAX_SENTENCE_CHARACTERS, is_order
from rag.terms import content_words, names, stem

_STATES = {
    stem(word): state
    for state, said in {
        "killed": "kill killed die died dies dead death deaths toll perished fatality fatalities",
        "injured": "injure injured injuring hurt wounded wound injuries injury",
        "missing": "missing unaccounted",
        "evacuated": "evacuate evacuated evacuation displaced",
    }.items()
    for word in said.split()
}
_SAME = _STATES | dict.fromkeys(map(stem, "cost costs budget price".split()), "cost")
TOLLS = frozenset(_STATES.values())
_LOST = re.compile(r"\b(?:lost|lose|losing) (?:their|his|her) (?:life|lives)\b", re.IGNORECASE)
_SOMEBODY = re.compile(r"\b(?:he|she|him|her|his|hers)\b", re.IGNORECASE)
_ANOTHER = re.compile(
    r"\b(?:previous|earlier|prior|another|similar|first|second|last|past|worst|deadliest)\s+(?=(\w+(?:\s+\w+)?))",
    re.IGNORECASE,
)
_COUNTED_FOR = frozenset(map(stem, "people person persons number figure count many much still total".split()))
_RESERVED = re.compile(
    r"\b(?:could|might|may|would|if|unless|feared|fears|rumou?rs?|denied|denies|wrong|false|incorrectly|not|never|"
    r"no|cannot|nor|without)\b|n[’']t\b|^\W*correction\b|\bcorrected\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence of an article: `published` its ISO day, `context` the article's title and the passage.

    Articles of one `cluster` are near-copies; an empty one is a cluster of its own.
    """

    text: str
    outlet: str
    published: str | None
    article_id: str
    cluster: str = ""
    context: str = ""


def usable(
    statements: Sequence[Statement], question: str, asked: frozenset[str]
) -> list[tuple[int, Statement]]:
    """Return the dated statements that assert something, and say all that is asked.

    The names that the question has may stand in their context instead: some of them, and of a toll, which is
    seldom told beside another, all, with what it was of ("the outbreak"). "He" and "she" may be anybody.
    """
    named = frozenset(map(canonical, names(question)))
    said, enough = (asked & TOLLS) or asked - named, not named or bool(asked & TOLLS)
    return [
        (at, statement)
        for at, statement in enumerate(statements)
        if statement.published
        and asked
        and len(statement.text) <= MAX_SENTENCE_CHARACTERS
        and not is_order(statement.text)
        and not _RESERVED.search(statement.text[:1].lower() + statement.text[1:])
        and not _SOMEBODY.search(_LOST.sub("died", statement.text))
        and not _of_another(statement.text, question, asked)
        and said <= (own := subject(statement.text))
        and (enough or named & own)
        and asked <= subject(f"{statement.text} {statement.context}")
    ]


def _of_another(text: str, question: str, asked: frozenset[str]) -> bool:
    """Return whether a sentence tells of another of what is asked of: "the previous outbreak"."""
    return any(
        match.group().strip().lower() not in question.lower()
        and ("one" in match[1].lower().split() or asked & subject(match[1]) - TOLLS)
        for match in _ANOTHER.finditer(text)
    )


def subject(text: str) -> frozenset[str]:
    """Return what a text is about: its stems, with one for each of those that say the same."""
    return frozenset(map(canonical, content_words(_LOST.sub("died", text)))) - _COUNTED_FOR


def canonical(word: str) -> str:
    """Return the stem of a word, or the one word for all that say the same: `died` is `killed`."""
    form = stem(word.lower())
    return _SAME.get(form, form)
