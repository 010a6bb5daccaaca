"""How good an answer is: its words beside the gold answer, its citations beside their passages.

Names and numbers are found here by rules of their own, plainer and stricter than those of the verifier
(`rag.verify`), so that what the verifier overlooks is not overlooked here too.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from index.sentences import sentence_spans
from rag.answer import Answer, Citation
from rag.counting import UNCOUNTED
from rag.empty_handed import NOTHING

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_MARKS = re.compile(r"(?:\s*\[\d+\])+")
_MARKED_AFTER_END = re.compile(r"([.!?…][\"'”’)]*\s*(?:\[\d+\]\s*)+)")
_LEADING_MARKS = re.compile(r"\s*((?:\[\d+\]\s*)+)")
_MARK = re.compile(r"\[(\d+)\]")
_INITIALS = r"(?<![^\W_])(?:[^\W\d_]\.)+[^\W\d_](?![^\W_])"
_WORD = re.compile(rf"\d+(?:[.,:]\d+)*|{_INITIALS}|[^\W_]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SAID = {"'": "’‘`´", '"': "“”„«»"}
_PLAIN = str.maketrans({char: plain for plain, chars in _SAID.items() for char in chars})
_WRITTEN_OUT = frozenset(
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand
    million billion trillion""".split()
)
# Words that open sentences with a capital and name nothing.
_OPENERS = frozenset(
    """a after also although an and another as at because before but by despite during each even for from
    he her his how however i if in it its later many more most no not of on once one or our over she
    since so some such that the their then there these they this those though through to under until
    upon was we were what when where whether which while who why with within you your""".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`good` of `total`."""

    good: int = 0
    total: int = 0

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None of nothing."""
        return self.good / self.total if self.total else None


def token_f1(text: str, gold: str) -> float:
    """Return the F1 of the words of `text` and of `gold`, each counted as often as it stands there.

    Both are compared as SQuAD does: in lower case, without ASCII punctuation and the words a, an, the
    (Rajpurkar et al., EMNLP 2016). 1 where neither has a word left, 0 where one has none.
    """
    said, wanted = Counter(_squad_words(text)), Counter(_squad_words(gold))
    if not said or not wanted:
        return float(said == wanted)
    common = (said & wanted).total()
    return 2 * common / (said.total() + wanted.total())


def text_of(answer: Answer) -> str:
    """Return what an answer says, without its marks; empty for an abstention."""
    return "" if answer.abstained else " ".join(claim.text for claim in answer.claims if claim.supported)


def cited_rightly(answer: Answer) -> Share:
    """Return how many of the claims' citations are of a passage with all names and numbers of the claim.

    A citation of a passage that the answer does not list is wrong.
    """
    cited = {citation.n: citation for citation in answer.citations}
    judged = [
        number in cited and not missing_from(cited[number], claim.text)
        for claim in answer.claims
        for number in claim.citations
    ]
    return Share(good=sum(judged), total=len(judged))


def cited_sentences(answer: Answer) -> Share:
    """Return how many sentences of the answer's text have a mark of a passage that the answer lists.

    A mark counts for the sentence in which it stands or right after which it stands. Sentences that say what
    was not found, of which no passage could tell, do not count.
    """
    if answer.abstained:
        return Share()
    known = {citation.n for citation in answer.citations}
    text = _MARKED_AFTER_END.sub(r"\1\n\n", answer.answer)
    marked: list[bool] = []
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        if marked and (leading := _LEADING_MARKS.match(sentence)):
            marked[-1] = marked[-1] or _has_mark(leading[1], known)
            sentence = sentence[leading.end() :]
        if answer.not_found and sentence.startswith((NOTHING, UNCOUNTED)):
            continue
        if _MARKS.sub("", sentence).strip(" .!?"):
            marked.append(_has_mark(sentence, known))
    return Share(good=sum(marked), total=len(marked))


def missing_from(citation: Citation, claim: str) -> list[str]:
    """Return the names and numbers of `claim` that a passage, as it is shown, does not have.

    Shown are its title, outlet and text; its date counts where the claim writes it out as a date.
    A name is any word with a capital letter but the common ones that open sentences; a number is written
    in digits or in words. Each must stand there as a whole word, in capitals or not.
    """
    shown = set(_words(f"{citation.title}\n{citation.source}\n{citation.passage}"))
    lacking = []
    for match in _WORD.finditer(_plain(_without_date(claim, citation.published))):
        word = match.group()
        form = _form(word)
        named = any(char.isupper() for char in word) and form not in _OPENERS
        if (named or form[0].isdigit() or form in _WRITTEN_OUT) and form not in shown:
            lacking.append(word)
    return lacking


def _squad_words(text: str) -> list[str]:
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def _has_mark(text: str, known: Collection[int]) -> bool:
    return any(int(number) in known for number in _MARK.findall(text))


def _words(text: str) -> list[str]:
    return [_form(match.group()) for match in _WORD.finditer(_plain(text))]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_PLAIN)


def _form(word: str) -> str:
    """Return a word without accents, dots of initials and thousands separators, in lower case."""
    if word[0].isdigit():
        return _THOUSANDS.sub("", word)
    bare = unicodedata.normalize("NFKD", word.replace(".", ""))
    return "".join(char for char in bare if not unicodedata.combining(char)).casefold()


def _without_date(claim: str, published: str | None) -> str:
    """Return the claim without its passage's date, which the citation shows beside the passage."""
    if not published:
        return claim
    day = date.fromisoformat(published[:10])
    month = f"(?:{day:%B}|{day:%b}\\.?)"
    year = rf"(?:,?\s+{day.year})?"
    forms = rf"{day.isoformat()}|0?{day.day}\s+{month}{year}|{month}\s+0?{day.day}{year}"
    return re.sub(rf"(?<!\w)(?:{forms})(?!\w)", " ", claim)
