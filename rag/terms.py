"""The words of a text as evidence is weighed by: stems, names, numbers."""

import calendar
import re
import threading
import unicodedata
from functools import lru_cache

import simplemma
import Stemmer

from rag.calendar_names import MONTHS

_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’.][^\W_]+)*", re.UNICODE)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
_POSSESSIVE = re.compile(r"['’]s?$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]", re.UNICODE)

STOP_WORDS = frozenset(
    """a about above after again against ago all also am an and any are aren as at be because been before
    being below between both but by can cannot could couldn did didn do does doesn doing don down
    during each else ever few for from further had hadn has hasn have haven having he her here hers
    herself him himself his how however i if in into is isn it its itself just let may me might more
    most much must my myself near no nor not now of off on once only onto or other our ours out over
    own per quite rather s same shall she should so some such t than that the their theirs them
    themselves then there these they this those through to too toward towards under until up upon us
    very via was wasn we were weren what when where whether which while who whom whose why will with
    within without won would yet you your yours please tell give say said says according article
    articles news report reported reports archive happen happened happens""".split()
)

# Words that are capitalised in a question without naming anybody.
_NOT_NAMES = STOP_WORDS | frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december jan feb mar apr jun jul aug sep sept oct nov dec mr
    mrs ms dr president prime minister vice secretary senator sen rep gov governor mayor king queen
    pope judge sir true false many""".split()
)

_MONTHS = {name: calendar.month_name[number].lower() for name, number in MONTHS.items()}

_stemmers = threading.local()


def fold(text: str) -> str:
    """Return `text` in lower case without accents, with typographic quotes made plain."""
    plain = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def words(text: str) -> list[str]:
    """Return the folded words of `text`; `U.S.` is `us`, `Feb.` is `february`, possessives are cut."""
    found = []
    for match in _WORD.finditer(fold(text)):
        word = match.group()
        if word[0].isdigit() and _NUMBER.fullmatch(word):
            found.append(_THOUSANDS.sub("", word))
            continue
        if _INITIALS.fullmatch(word):
            word = word.replace(".", "")
        parts = re.split(r"[.']", _POSSESSIVE.sub("", word))
        found.extend(_MONTHS.get(part, part) for part in parts if part)
    return found


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the Snowball stem of the dictionary form of a folded English word: `met` is `meet`."""
    stemmer = getattr(_stemmers, "english", None)
    if stemmer is None:
        stemmer = _stemmers.english = Stemmer.Stemmer("english")
    lemma = simplemma.lemmatize(word, lang="en").casefold()
    result: str = stemmer.stemWord(lemma)
    return result


def content_words(text: str) -> list[str]:
    """Return the folded words of `text` in order, without stop words."""
    return [word for word in words(text) if word not in STOP_WORDS]


def content_stems(text: str) -> list[str]:
    """Return the stems of `text` in order, without stop words."""
    return [stem(word) for word in content_words(text)]


def names(text: str) -> list[str]:
    """Return the folded words of `text` that are written as names are (capitals, not titles or days).

    A word that only opens a sentence counts unless it is a common one.
    """
    found: dict[str, None] = {}
    for match in _WORD.finditer(unicodedata.normalize("NFKC", text)):
        word = match.group()
        if not (word[0].isupper() or any(char.isupper() for char in word[1:])):
            continue
        for part in words(word):
            if part not in _NOT_NAMES and (len(part) > 1 or part.isdigit()):
                found[part] = None
    return list(found)


def name_groups(text: str) -> list[frozenset[str]]:
    """Return the names of `text`, each as its folded words: `Donald Trump` is one group of two."""
    groups: list[set[str]] = []
    end = -1
    for match in _WORD.finditer(text):
        found = names(match.group())
        if found:
            if groups and text[end : match.start()].isspace():
                groups[-1].update(found)
            else:
                groups.append(set(found))
            end = match.end()
    return [frozenset(group) for group in groups]


def numbers(text: str) -> list[str]:
    """Return the numbers of `text` as written, thousands separators left out."""
    return [_THOUSANDS.sub("", match.group()) for match in _NUMBER.finditer(text)]


def unsaid(text: str, said: str) -> list[str]:
    """Return the names and numbers of a text that another one does not hold: a model made them up."""
    known = {*words(said), *numbers(said)}
    return [word for word in (*names(text), *numbers(text)) if word not in known]
