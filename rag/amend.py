"""A part of a question put in place of another: "and in Orvale?", "I meant the 2025 visit"."""

import re
from collections.abc import Callable, Sequence

from rag.entities import Kind, Mention, is_role, mentions
from rag.noun_kinds import ACTORS, Noun, may_replace, noun_kind
from rag.phrases import is_plural, is_relational, shape_of, subject_of
from rag.retimed import is_time, names_time, retimed
from rag.terms import STOP_WORDS, names, stem

_PREPOSITION = re.compile(r"^(?P<word>of|in|at|on|for|by|from|to|with|about|against)\s+", re.I)
_DETERMINER = re.compile(r"^(?:the|a|an|this|that|other)\s+", re.I)
_THE_ONE = re.compile(r"^the\s+ones?\s+(?=(?:of|in|at|on|for|by|from|to|with|about|against)\s)", re.I)
_OF_OTHERS = re.compile(r"\s+of\s+[a-z]")
_TITLE = re.compile(r"(?:\b[A-Z][\w-]*\s+)+$")
_SMALL = re.compile(r"\s+(?:of|in|at|on|for|from|to|by|with|about)\s+")
_OF_A_TIME = re.compile(r"^(?P<thing>\S.*?)\s+(?P<time>(?:in|on|of|from|since|during)\s+.+)$", re.I)
_OF_A_YEAR = re.compile(r"^(?:the\s+)?(?P<year>(?:19|20)\d\d)\s+(?P<thing>[a-z][\w-]*)(?:\s+one)?$", re.I)
_VERB = re.compile(r"\b(?:do|does|did|will|would|can|could)\s+(?!(?:the|an?)\b)(?:\S+\s+)*$", re.I)
_WORD = re.compile(r"[^\W_][\w'’-]*")
_OWNS = re.compile(r"^['’]s?(?!\w)")
_OWNED = re.compile(r"['’]s?$")
_ACTING = (Kind.PERSON, Kind.ORGANISATION, Kind.OTHER)


def amended(question: str, fragment: str, *, correction: bool = False) -> str | None:
    """Return `question` with `fragment` in place of the part of its kind; None where it has none.

    A date takes the place of a date, a name that of a name of its kind, and a phrase that of the phrase
    with the same head. A correction ("I meant the strike") replaces the last phrase if none is of its kind,
    but none that is known to be of another.
    """
    fragment = _THE_ONE.sub("", fragment.strip(" ?.!,"))
    body = question.rstrip("?!. ")
    if (timed := _OF_A_TIME.match(fragment)) and is_time(timed["time"]) and names_time(body):
        return _with_both(body, timed["thing"], timed["time"], correction=correction)
    for way in _WAYS:
        if replaced := way(body, fragment):
            return f"{replaced}?"
    if correction and (replaced := _with_last_phrase(body, fragment)):
        return f"{replaced}?"
    return None


def _with_both(question: str, thing: str, time: str, *, correction: bool) -> str | None:
    """Return a question that names a time, asked of a thing of another time: "the vote in 2022"."""
    moved = retimed(question, time, whole=True)
    if moved is None:
        return None
    replaced = amended(moved, thing, correction=correction)
    if replaced is None:
        return f"{moved}, {thing}?" if correction else None
    return replaced if names_time(replaced) else f"{replaced.rstrip('?')} {time}?"


def _with_year(question: str, fragment: str) -> str | None:
    """Return the question asked of the year of what it is about, whose name stays: "the 2017 fire"."""
    match = _OF_A_YEAR.match(fragment)
    if match is None:
        return None
    if match["thing"] == "one" and names_time(question):
        return retimed(question, match["year"])
    head = stem(match["thing"].lower())
    there = next((one for one in _WORD.finditer(question) if stem(one.group().lower()) == head), None)
    if there is None or _VERB.search(question[: there.start()]):
        return None
    if names_time(question):
        return retimed(question, match["year"])
    led = re.search(r"\b(?:the|an?)\s+(?=(?:[\w-]+\s+){0,3}$)", question[: there.start()], re.I)
    return f"{question[: led.end()]}{match['year']} {question[led.end() :]}" if led else None


def _with_actor(question: str, fragment: str) -> str | None:
    """Return the question asked of another who acts, than the one who is its subject: "and the Senate?"."""
    subject = subject_of(question)
    kind, new = noun_kind(subject or ""), noun_kind(fragment)
    if subject is None or kind is None or is_relational(fragment):
        return None
    if kind is new is Noun.HAPPENING:
        return question.replace(subject, fragment, 1)
    if kind not in ACTORS or names(subject) or _OF_OTHERS.match(question.partition(subject)[2]):
        return None
    own = [one for one in mentions(fragment) if names(one.name)]
    if own:
        acts = len(own) == 1 and own[0].kind in _ACTING and not _PREPOSITION.match(fragment)
        known = {one.kind for one in mentions(question)}
        if not acts or own[0].kind in known or (known and Kind.OTHER in (*known, own[0].kind)):
            return None
    elif new not in ACTORS:
        return None
    return question.replace(subject, fragment, 1)


def _with_name(question: str, fragment: str) -> str | None:
    """Return the question with the fragment's name in place of one of its kind."""
    own = [one for one in mentions(fragment) if names(one.name)]
    there = mentions(question)
    if not own or not there or len(own) > 1:
        return None
    led = _PREPOSITION.match(fragment)
    target = _target(question, own[0], there, led["word"].lower() if led else None)
    if target is None:
        return None
    start = target.start
    name = fragment[led.end() :] if led else fragment
    article = re.search(r"\bthe\s+$", question[:start], re.I)
    if (title := _TITLE.search(question[:start])) and is_role(title.group().split()[-1].lower()):
        start = title.start()
    elif article:
        start = article.start()
    elif led and (before := re.search(r"\b(?:of|in|at|for|by|from|to|with|about)\s+$", question[:start])):
        start, name = before.start(), fragment
    after = question[target.end :]
    return f"{question[:start]}{name}{_OWNS.sub('', after) if _OWNED.search(name) else after}"


def _target(question: str, new: Mention, there: Sequence[Mention], led: str | None) -> Mention | None:
    """Return the name to replace: after the same preposition, else the last of its kind, else the last."""
    if led:
        same = [one for one in there if question[: one.start].lower().rstrip().endswith(f" {led}")]
        if same:
            return same[-1]
    likely = [one for one in there if one.kind is new.kind] or [
        one for one in there if Kind.OTHER in (one.kind, new.kind)
    ]
    return (likely or there)[-1]


def _with_head(question: str, fragment: str) -> str | None:
    """Return the question with a phrase in place of the one whose head it shares: "the other mayor"."""
    phrase = _DETERMINER.sub("", _PREPOSITION.sub("", fragment))
    own = list(_WORD.finditer(phrase))
    if not own or any(names(match.group()) for match in own[:1]):
        return None
    head = _head(own)
    match = next((one for one in _WORD.finditer(question) if stem(one.group().lower()) == stem(head)), None)
    if match is None or names(head):
        return None
    start = match.start()
    if _DETERMINER.match(fragment) and _VERB.search(question[:start]):
        return f"{question}, {fragment}"  # "the 2025 visit" of "When did he visit …?": no noun to replace
    if before := re.search(r"\b(?:the|a|an)\s+(?:[\w'’-]+\s+){0,2}$", question[:start], re.I):
        start = before.start()
    end = match.end()
    if re.search(r"\b(?:of|in|at|from)\s", phrase):
        end += len(_of(question[end:]))
    given = (
        re.sub(r"^(?:on|in|at|of|by|about|for)\s+", "", fragment)
        if _PREPOSITION.match(fragment)
        else fragment
    )
    return f"{question[:start]}{given}{question[end:]}"


def _with_role(question: str, fragment: str) -> str | None:
    """Return the question with an office in place of another: "and the union's general secretary?"."""
    said = fragment.lower().split()
    if not said or not is_role(said[-1]) or names(said[-1]):
        return None
    at = next((match for match in _WORD.finditer(question) if is_role(match.group().lower())), None)
    if at is None:
        return None
    end = at.end()
    while (after := re.match(r"\s+([a-z][\w-]*)", question[end:])) and is_role(after[1]):
        end += after.end()
    office = re.search(r"\b(?:(?:the|an?)\s+(?:[\w'’-]+\s+){0,2})?$", question[: at.start()], re.I)
    start = office.start() if office else at.start()
    return f"{question[:start]}{fragment}{question[end:]}"


def _head(own: Sequence[re.Match[str]]) -> str:
    """Return the noun that a phrase is about: the last word before "of" and the like."""
    at = next((at for at, one in enumerate(own) if one.group().lower() in STOP_WORDS), len(own))
    return own[max(at - 1, 0)].group()


def _of(text: str) -> str:
    match = re.match(r"\s+(?:of|in|at|from)\s+(?:the\s+)?(?:[A-Z][\w'’&-]*\s*)+", text)
    return match.group().rstrip() if match else ""


def _with_plural(question: str, fragment: str) -> str | None:
    """Return the question with one plural noun in place of its last: "and kittiwakes?"."""
    bare = _DETERMINER.sub("", _PREPOSITION.sub("", fragment))
    own = [one for one in _WORD.findall(bare) if one.lower() not in STOP_WORDS]
    if not own or not is_plural(own[-1]) or names(fragment):
        return None
    there = [
        match
        for match in _WORD.finditer(question)
        if is_plural(match.group())
        and not names(match.group())
        and may_replace(noun_kind(own[-1]), noun_kind(match.group()))
    ]
    if not there:
        return None
    last = there[-1]
    return f"{question[: last.start()]}{bare}{question[last.end() :]}"


def _with_preposition(question: str, fragment: str) -> str | None:
    """Return the question with the fragment at its end, in place of what the same preposition led."""
    led = _PREPOSITION.match(fragment)
    if led is None or names(fragment):
        return None
    same = "about|on" if led["word"].lower() in ("about", "on") else led["word"]
    ending = re.search(rf"\s+(?:{same})\s+(?:[a-z][\w-]*\s*){{1,4}}$", question)
    return f"{question[: ending.start()] if ending else question} {fragment}"


def _with_last_phrase(question: str, fragment: str) -> str | None:
    """Return the question with a phrase in place of its last one that a determiner opens, of its kind."""
    if _PREPOSITION.match(fragment):
        return None
    found = [_SMALL.split(one)[0] for one in shape_of(question).phrases if _DETERMINER.match(one)]
    kind = noun_kind(fragment)
    fitting = [one for one in found if noun_kind(one) is kind] if kind else []
    last = next(reversed(fitting or found), None)
    if last is None or not may_replace(kind, noun_kind(last)):
        return None
    before, _, after = question.rpartition(last)
    return f"{before}{fragment}{after}"


_WAYS: tuple[Callable[[str, str], str | None], ...] = (
    retimed,
    _with_year,
    _with_head,
    _with_role,
    _with_actor,
    _with_name,
    _with_plural,
    _with_preposition,
)
