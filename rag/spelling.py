"""A question spelled as the archive spells: slips of the keyboard mended, names written as names."""

import re
import string
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import simplemma

from index.filters import Filter
from index.passage import Hit, Passage
from rag.terms import STOP_WORDS, fold, stem

SHORTEST = 4
"""Letters of the shortest word that is taken for a slip; of shorter ones too many are one letter apart."""

SURE = 6
"""Letters from which a slip is one even where the question has no other word to go by."""

SURE_NAME = 7
"""The same of a name, which may be another's: where the question has no other name to go by."""

ALONE_MORE = 2
"""So many letters more of a name that is all that the question says: "Who is …?"."""

MOST_SLIPS = 3
"""With more words that the archive does not know, it is of something else, or in another language."""

TRIED = 8
"""Words in place of a slip, the most frequent, that are looked for beside the rest of the question."""

READ = 8
"""Passages in which a word is looked for as it is written."""

ALONE = 2
"""Places in which an English word has a capital and its neighbours have none, if it is a name ("Oregon")."""

AS_NAME = 0.8
"""Share of its places, sentences' first words aside, where a word has a capital if it is a name."""

_ROMAN = re.compile(r"[IVXLCDM]+")
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_OPENS = re.compile(r"(?:^|[.!?…:]['\"”’)]*\s+|[\"“‘\n]\s*)$")


class WordSearch(Protocol):
    """What spelling asks of a snapshot."""

    def document_frequencies(self, words: Sequence[str], where: Filter) -> Mapping[str, int]:
        """Return in how many chunks up to the filter's last day each word stands."""
        ...

    def search_lexical(self, text: str, top_k: int, where: Filter) -> list[Hit]:
        """Return the chunks that share words with a text, best first."""
        ...

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """Return the passages of rows."""
        ...


class Speller:
    """Spells questions as the articles of a snapshot do, as far as a filter shows them."""

    def __init__(self, snapshot: WordSearch) -> None:
        self._snapshot = snapshot

    def spelled(self, text: str, where: Filter) -> str:
        """Return the question with its slips mended, and names with capitals where it has none or only such.

        A slip is a word that neither English nor the archive knows and that is one letter (left out, too
        many, wrong, or swapped with the next) from one that stands beside the question's other words.
        """
        if text.isupper():
            text = text.capitalize()
        later = _TOKEN.findall(text)[1:]
        slips = self._slips(text, where)
        for slip in slips:
            text = self._mended(text, slip, slips, where)
        return self._with_names(text, where) if later and all(map(str.islower, later)) else text

    def _slips(self, text: str, where: Filter) -> list[str]:
        tokens = {match.group() for match in _TOKEN.finditer(text)}
        likely = [
            token
            for token in sorted(tokens)
            if len(token) >= SHORTEST and token.isalpha() and token.isascii()
            if not _is_english(token) and not _ROMAN.fullmatch(token)
        ]
        words = [fold(token) for token in likely]
        known = self._snapshot.document_frequencies(words, where) if words else {}
        slips = [token for token in likely if not known.get(fold(token))]
        return slips if len(slips) <= MOST_SLIPS else []

    def _mended(self, text: str, slip: str, slips: Sequence[str], where: Filter) -> str:
        """Return the text with what stands best beside its other words in place of a slip."""
        others = {stem(fold(token)) for token in _TOKEN.findall(text) if token not in slips} - STOP_WORDS
        named = not slip.islower() and not text.startswith(slip)
        shortest, beside = (SURE_NAME, _names_beside(text, slip)) if named else (SURE, bool(others))
        if len(slip) < shortest + (ALONE_MORE if named and not others else 0) and not beside:
            return text
        near = list(_one_letter_apart(slip.lower()))
        found = self._snapshot.document_frequencies(near, where)
        often = sorted((word for word in near if found.get(word)), key=lambda word: -found[word])[:TRIED]
        best, best_score = slip, 0.0
        for word in often:
            hits = self._snapshot.search_lexical(_replaced(text, slip, word), READ, where)
            if not hits or hits[0].score <= best_score:
                continue
            passages = self._snapshot.passages([hit.row for hit in hits])
            written = _written_beside(word, passages, others)
            if written and not (named and (written.islower() or word in STOP_WORDS)):
                best, best_score = written, hits[0].score
        return _replaced(text, slip, best)

    def _with_names(self, text: str, where: Filter) -> str:
        """Return the text with those words capitalised that the passages it finds write as names."""
        hits = self._snapshot.search_lexical(text, READ, where)
        forms = _forms([passage.text for passage in self._snapshot.passages([hit.row for hit in hits])])

        tokens = list(_TOKEN.finditer(text))
        names = [self._name(match.group(), forms) for match in tokens]
        for at, match in reversed(list(enumerate(tokens))):
            beside = [names[near] for near in (at - 1, at + 1) if 0 <= near < len(names)]
            form = names[at] or (
                forms[match.group()].name() if any(beside) and match.group() in forms else None
            )
            text = text[: match.start()] + (form or match.group()) + text[match.end() :]
        return text

    def _name(self, token: str, forms: "Mapping[str, _Forms]") -> str | None:
        """Return a word as a name by itself; an English one ("Bridge") may also be in a name only."""
        seen = forms.get(token.lower())
        return seen.name() if seen and (seen.alone >= ALONE or not _is_english(token)) else None


@dataclass(slots=True)
class _Forms:
    """How often a word is written in which way, and how often with a capital beside words without one."""

    counts: Counter[str] = field(default_factory=Counter)
    alone: int = 0

    def name(self) -> str | None:
        """Return the word as it is written, if that is as a name."""
        form, count = self.counts.most_common(1)[0]
        return form if form != form.lower() and count >= AS_NAME * self.counts.total() else None


def _is_english(token: str) -> bool:
    return fold(token) in STOP_WORDS or simplemma.is_known(token.lower(), lang="en")


def _written_beside(word: str, passages: Sequence[Passage], others: set[str]) -> str:
    """Return how the passages write a word, where one also has another of the question's; else nothing."""
    for passage in passages:
        tokens = _TOKEN.findall(f"{passage.title}. {passage.text}")
        written = [token for token in tokens if token.lower() == word]
        if written and (not others or others & {stem(fold(token)) for token in tokens}):
            capitals = sum(token[0].isupper() for token in written)
            return word.capitalize() if capitals * 2 > len(written) else word
    return ""


def _names_beside(text: str, slip: str) -> bool:
    """Return whether a question has another word with a capital after its first."""
    return any(not token.islower() and token != slip for token in _TOKEN.findall(text)[1:])


def _forms(texts: Sequence[str]) -> dict[str, _Forms]:
    """Return how each word is written, where it does not open a sentence."""
    forms: dict[str, _Forms] = defaultdict(_Forms)
    for text in texts:
        tokens = list(_TOKEN.finditer(text))
        for before, match, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
            if before is None or _OPENS.search(text[max(0, match.start() - 4) : match.start()]):
                continue
            seen = forms[match.group().lower()]
            seen.counts[match.group()] += 1
            beside = before.group() + (after.group() if after else "")
            seen.alone += not match.group().islower() and beside.islower()
    return forms


def _one_letter_apart(word: str) -> Iterator[str]:
    """Yield what one slip makes of a word; its first letter is hardly ever wrong."""
    seen = {word}
    for at in range(1, len(word) + 1):
        before, after = word[:at], word[at:]
        edits = [before + after[1:], before + after[1:2] + after[:1] + after[2:]] if after else []
        edits += [before + letter + after for letter in string.ascii_lowercase]
        edits += [before + letter + after[1:] for letter in string.ascii_lowercase] if after else []
        for edit in edits:
            if edit not in seen:
                seen.add(edit)
                yield edit


def _replaced(text: str, token: str, by: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(token)}(?!\w)", by, text)
