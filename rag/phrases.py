"""What a question is about: its noun phrases and the words that only ask, found without a parser."""

import re
from dataclasses import dataclass

from rag.terms import STOP_WORDS, names

AUXILIARIES = frozenset(
    """is are was were do does did has have had will would can could should shall may might must isn't
    wasn't didn't""".split()
)
_SUPPORT = AUXILIARIES - {"is", "are", "was", "were", "has", "have", "had", "isn't", "wasn't"}
_DETERMINERS = frozenset("the a an this that these those".split())
_LINKS = frozenset("of at in on for from to by with".split())
_QUESTION_WORDS = frozenset("who whom whose what which when where why how".split())
_MEASURES = frozenset("many much long old high far heavy often big large late soon tall deep wide".split())
_PARTICIPLES = frozenset("sworn found built made held paid won lost hurt born cut shut put".split())
_RELATIONAL = frozenset(
    """admission age aim amount architect area author beginning boss budget builder capacity captain
    casualties cause charge charges chief children colour color compensation contract cost costs crew damage
    date day dead deadline deaths delay depth design designer director distance duration end engine exit fare
    father fee fine goal government head height hours income injured injuries insurance interest leader
    length location loser losses maker majority manager margin members mother motive name names number
    opening opposition organiser origin outcome owner owners parents part party passengers pay penalty
    percentage place plan plans population power price profit programme purpose rate reaction reason
    reasons response result results revenue role route salary schedule seats sentence share shape size
    source speed spokesman spokeswoman staff start statement success successor supporters survivors team
    temperature ticket tickets time title toll total turnout value verdict victim victims volume votes
    wage wages weather weight width winner winners worth""".split()
)
_WORD = re.compile(r"[\w&][\w'’.,&-]*[\w'’]|[\w&]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_OWNER = re.compile(r"['’]s?$")
_ACTING = AUXILIARIES - {"is", "are", "was", "were", "isn't", "wasn't"}
_LINKED = re.compile(rf"\s+(?:{'|'.join(sorted(_LINKS))})\s+")
_JOINS = frozenset("when while because if whether".split())
LEAST_PLURAL = 3  # letters that a plural has more than
LEAST_PHRASE = 2  # words of a phrase from which a verb may be cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A question taken apart.

    `opener` is its question word with what belongs to it ("by how much"), `asked` the noun that it asks
    for ("hybrid ferries" in "How many hybrid ferries …"), `body` what follows from the auxiliary or verb
    on, `inverted` whether an auxiliary opens that, and `phrases` the noun phrases of the body.
    """

    opener: str
    asked: str
    body: str
    inverted: bool
    phrases: tuple[str, ...]

    @property
    def topic(self) -> str | None:
        """The phrase that the question is about: one with a name, else the first."""
        named = [phrase for phrase in self.phrases if names(phrase)]
        described = [phrase for phrase in named if phrase.lower().startswith(("the ", "a ", "an "))]
        chosen = next(iter(described or named or self.phrases), None)
        return re.sub(r"^(?:an?|this|that) ", "the ", chosen, flags=re.I) if chosen else None


def shape_of(question: str) -> Shape:
    """Return a question taken apart; each part is a piece of its text."""
    text = question.strip().rstrip("?!. ")
    words = list(_WORD.finditer(text))
    at = _after_opener([word.group().lower() for word in words])
    verb = at
    if at:
        while verb < len(words) and words[verb].group().lower() not in AUXILIARIES:
            verb += 1
        if verb == len(words):
            verb = at  # "Who resigned as mayor": no auxiliary, the verb comes at once
    body = text[words[verb].start() :] if verb < len(words) else ""
    inverted = verb < len(words) and words[verb].group().lower() in AUXILIARIES
    return Shape(
        opener=text[: words[at - 1].end()] if at else "",
        asked=text[words[at].start() : words[verb - 1].end()] if at < verb else "",
        body=body,
        inverted=inverted,
        phrases=tuple(noun_phrases(body)),
    )


def noun_phrases(text: str) -> list[str]:
    """Return the noun phrases that a determiner or a name opens, with what "of" and the like add."""
    words = list(_WORD.finditer(text))
    phrases: list[str] = []
    at = 0
    while at < len(words):
        word = words[at].group()
        if word.lower() not in _DETERMINERS and not names(word):
            at += 1
            continue
        end = _phrase_end(words, at)
        support = at and words[at - 1].group().lower() in AUXILIARIES | _JOINS
        last = _without_verb(words, at, end, words[at - 1].group().lower()) if support else end
        if any(word.group().lower() not in STOP_WORDS for word in words[at:last]):
            phrases.append(text[words[at].start() : words[last - 1].end()])
        at = end
    return phrases


def _after_opener(words: list[str]) -> int:
    """Return how many words the question word takes, with a preposition before it and its measure."""
    at = 0
    while at < min(3, len(words)) and words[at] not in _QUESTION_WORDS:
        at += 1
    if at == len(words) or words[at] not in _QUESTION_WORDS:
        return 0
    at += 1
    return at + 1 if at < len(words) and words[at] in _MEASURES else at


def _phrase_end(words: list[re.Match[str]], start: int) -> int:
    """Return where the phrase that opens at `start` ends."""
    at, determined = start + 1, words[start].group().lower() in _DETERMINERS
    while at < len(words):
        word = words[at].group()
        determined = determined or _is_owner(words[at - 1])
        if word.lower() in _LINKS and at + 1 < len(words):
            following = words[at + 1].group()
            of_year = word.lower() == "of" and _YEAR.fullmatch(following)
            if not determined or not (following.lower() in _DETERMINERS or names(following) or of_year):
                return at
            at += 2
        elif names(word) or (determined and _is_part(word)):
            at += 1
        else:
            return at
    return at


def _is_part(word: str) -> bool:
    """Return whether a word may be part of a phrase that a determiner opens: "the 2025 budget"."""
    return (word.lower() not in STOP_WORDS and word[0].isalpha()) or bool(_YEAR.fullmatch(word))


def _is_owner(word: re.Match[str]) -> bool:
    """Return whether a name owns what follows it: "Orvale's council", "the dockers' union"."""
    after = word.string[word.end() : word.end() + 1]
    return bool(_OWNER.search(word.group())) or (after in ("'", "’") and word.group().endswith("s"))


def _without_verb(words: list[re.Match[str]], start: int, end: int, auxiliary: str) -> int:
    """Return the end of a subject without the verb that follows it: "did the strike begin"."""
    last = words[end - 1].group()
    if end - start <= LEAST_PHRASE or names(last):
        return end
    participle = last.endswith("ed") or last in _PARTICIPLES
    return end - 1 if auxiliary in _SUPPORT | _JOINS or participle else end


def subject_of(question: str) -> str | None:
    """Return the phrase right after the auxiliary, if that is who does or has done to it what is asked.

    Not so of "Who is the mayor?", which asks for who is meant. What "of" and the like add is left out.
    """
    shape = shape_of(question)
    if not shape.inverted or not shape.phrases:
        return None
    auxiliary, _, rest = shape.body.partition(" ")
    first = shape.phrases[0]
    asks_who = shape.opener.lower() in ("who", "whom", "what") and auxiliary.lower() not in _ACTING
    return None if asks_who or not rest.startswith(first) else _LINKED.split(first)[0]


def is_relational(phrase: str) -> bool:
    """Return whether a phrase needs to be said of something: "the budget", "the owner"."""
    return next(reversed(phrase.lower().split()), "") in _RELATIONAL


def is_peer(phrase: str) -> bool:
    """Return whether a phrase names a thing of its own: "the new ferries", not "the budget" of another."""
    words = [word.lower() for word in phrase.split() if word.lower() not in _DETERMINERS]
    if not words or is_relational(phrase) or any(word in STOP_WORDS for word in words):
        return False
    return len(words) > 1 or is_plural(words[-1])


def is_plural(word: str) -> bool:
    """Return whether a word in lower case looks like the plural of a noun."""
    return (
        len(word) > LEAST_PLURAL
        and word.endswith("s")
        and not word.endswith(("ss", "us", "is"))
        and word not in STOP_WORDS
    )
