"""In plain words, why a sentence that a model wrote is not shown as an answer."""

import calendar
import re
from collections.abc import Collection, Sequence

from rag.dates_in_text import named_days
from rag.quantities import quantities
from rag.terms import STOP_WORDS, content_stems, names, stem, words
from rag.verify import Fault, Support, missing_quotations

NAMED = 3
"""How many of the things that no passage says a reason names."""

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)+(?!\w)|[^\W_]+(?:['’.-][^\W_]+)*")
_CALENDAR = frozenset(name.lower() for name in (*calendar.day_name, *calendar.month_name))
_OF_A_SENTENCE = {
    Fault.EMPTY: "it says nothing that could be looked up",
    Fault.QUANTITY: "no sentence of the passages says this with these numbers and dates",
    Fault.NAME: "no sentence of the passages says this of these names",
    Fault.QUOTATION: "the quotation is not in the sentence that says the rest",
    Fault.NEGATION: "the nearest sentence denies something and this does not, or the other way round",
    Fault.RESERVE: "it leaves out who said it, or on what condition",
    Fault.INTRODUCED: "it gives as a fact what the passage only quotes",
}


def reason_of(claim: str, nearest: Support, sentence: str, passages: Sequence[str]) -> str:
    """Return why `claim` is refused.

    Args:
        claim: what was written.
        nearest: what the verifier makes of it under `sentence`.
        sentence: the sentence that comes nearest.
        passages: all that was found, each with its title, outlet and date.
    """
    if claim.rstrip("\"'”’ ").endswith("?"):
        return "it asks, and states nothing"
    known = "\n".join(passages)
    return (
        _quantities_missing(claim, known)
        or _names_missing(claim, known)
        or ("the quotation is not in a passage" if missing_quotations(claim, known) else "")
        or _words_missing(claim, known)
        or _fault_of(claim, nearest, sentence)
    )


def _quantities_missing(claim: str, known: str) -> str:
    missing = quantities(claim) - quantities(known)
    written = [_as_written(one, claim) for one in sorted(missing, key=lambda one: _place(one, claim))]
    return f"the passages do not say {_listed(list(dict.fromkeys(written)))}" if written else ""


def _names_missing(claim: str, known: str) -> str:
    """Name what is written as a name and stands in no passage; a word that opens the claim may be none."""
    missing = {name for name in names(claim) if stem(name) not in set(content_stems(known))}
    runs = _runs(claim, missing)
    if runs and claim.lstrip("\"'“‘ ").startswith(runs[0]) and " " not in runs[0]:
        del runs[0]
    return f"no passage names {_listed(runs)}" if runs else ""


def _words_missing(claim: str, known: str) -> str:
    stems = set(content_stems(known))
    missing = [match.group() for match in _TOKEN.finditer(claim) if _lacks(match.group(), stems)]
    return f"no passage says {_listed([f'“{word}”' for word in dict.fromkeys(missing)])}" if missing else ""


def _fault_of(claim: str, nearest: Support, sentence: str) -> str:
    if nearest.fault is not None:
        return _OF_A_SENTENCE[nearest.fault]
    if set(content_stems(claim)) <= set(content_stems(sentence)):
        return "a sentence has the words, and relates them otherwise"
    return "the words do not stand together in one sentence"


def _lacks(token: str, stems: Collection[str]) -> bool:
    said = [word for word in words(token) if word not in STOP_WORDS and not word.isdecimal()]
    return any(stem(word) not in stems for word in said)


def _runs(claim: str, wanted: Collection[str]) -> list[str]:
    """Return the wanted words as they are written, those that follow one another together."""
    runs: list[str] = []
    end = None
    for match in _TOKEN.finditer(claim):
        if not set(words(match.group())) & set(wanted) or match.group().islower():
            continue
        if end is not None and claim[end : match.start()].isspace():
            runs[-1] += f" {match.group()}"
        else:
            runs.append(match.group())
        end = match.end()
    return list(dict.fromkeys(runs))


def _place(form: str, claim: str) -> int:
    found = _found(form, claim)
    return found.start() if found else len(claim)


def _as_written(form: str, claim: str) -> str:
    """Return a number or day as the claim has it; with the date that it is a part of."""
    found = _found(form, claim)
    if found is None:
        return form.capitalize() if form in _CALENDAR else form
    for day in named_days(claim, None):
        if day.start <= found.start() and found.end() <= day.end:
            return claim[day.start : day.end]
    return found.group()


def _found(form: str, claim: str) -> re.Match[str] | None:
    spelled = r",?".join(map(re.escape, form)) if form.isdecimal() else re.escape(form)
    return re.search(rf"(?<![\w.,]){spelled}(?!\w)", claim, re.IGNORECASE)


def _listed(found: Sequence[str]) -> str:
    shown = list(found[:NAMED])
    return f"{', '.join(shown[:-1])} or {shown[-1]}" if len(shown) > 1 else shown[0]
