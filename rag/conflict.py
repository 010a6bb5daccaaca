"""Where articles disagree on the number, the day or the person that is asked for.

A false conflict costs more trust than a missed one. So two sentences are held against each other only
where each says all that the question does, and neither names a place, person or time that sets it apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from rag.expectation import Expectation, expectation
from rag.figures import Figure
from rag.plain import plain, plain_title
from rag.set_apart import day_of, for_others, of_other_times, set_apart
from rag.stated import LENGTH, Stated, days_of, figures_of, persons_of
from rag.statements import Statement
from rag.wording import spelled_day, worded

LONGEST_STORY = 400
"""Days between two articles from which on they are not about one event."""

AS_OF = "As of "
"""How the latest of several states is led in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the values that are reported: its words, and the positions of the statements that say so."""

    value: str
    statements: tuple[int, ...]
    newest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """What is reported differently, the newest side first.

    `replaced`: the first side is the latest state, reported on a later day than the others; else reports
    `differ`.
    """

    kind: Literal["number", "date", "name"]
    relation: Literal["replaced", "differ"]
    sides: tuple[Side, ...]


def conflicts(statements: Sequence[Statement], question: str) -> list[Disagreement]:
    """Return what dated statements of different articles say differently of what is asked; mostly nothing."""
    statements = [replace(statement, text=plain(statement.text)) for statement in statements]
    kind = expectation(question)
    if kind is Expectation.TIME and not LENGTH.search(question):
        return _disagreements("date", days_of(statements, question), statements)
    if kind in (Expectation.PERSON, Expectation.NAME):
        return _disagreements("name", persons_of(statements, question), statements)
    if kind in (Expectation.QUANTITY, Expectation.OPEN, Expectation.TIME):
        return _disagreements("number", figures_of(statements, question, kind), statements)
    return []


def told(disagreement: Disagreement, statements: Sequence[Statement]) -> list[tuple[str, int]]:
    """Return the sentences that show a disagreement, each with the position of the statement it quotes."""
    shown = []
    for number, side in enumerate(disagreement.sides):
        at = max(side.statements, key=lambda one: statements[one].published or "")
        statement = statements[at]
        dated = spelled_day(statement.published or "")
        if disagreement.relation == "differ":
            lead = f"According to {plain_title(statement.outlet)} on {dated}: "
            lead = lead if number else f"Reports differ; {lead[0].lower()}{lead[1:]}"
        else:
            lead = f"On {dated} it had been reported: " if number else f"{AS_OF}{dated}: "
        shown.append((f"{lead}{worded(statement.text)}", at))
    return shown


def _disagreements(
    kind: Literal["number", "date", "name"], claims: Sequence[Stated], statements: Sequence[Statement]
) -> list[Disagreement]:
    """Return the one disagreement that the claims show, if there is one: its values, the newest first."""
    ordered = sorted(claims, key=lambda claim: _latest_and_most(claim, statements), reverse=True)
    held = [claim for claim in ordered if any(_opposed(claim, one, kind, statements) for one in claims)]
    sides = _of_several_articles(_sides(held, statements), statements)
    told_by_all = [claim for side in sides for claim in side]
    sides = [
        kept
        for side in sides
        if (
            kept := [
                claim
                for claim in side
                if any(_opposed(claim, one, kind, statements) for one in told_by_all if one not in side)
            ]
        )
    ]
    if len(sides) < 2:
        return []
    shown = tuple(
        Side(
            value=side[0].said,
            statements=tuple(sorted(claim.at for claim in side)),
            newest=max(day_of(statements[claim.at]) for claim in side),
        )
        for side in sides
    )
    return [Disagreement(kind=kind, relation=_relation(sides, shown, statements), sides=shown)]


def _latest_and_most(claim: Stated, statements: Sequence[Statement]) -> tuple[str, float]:
    """Return what orders claims: of the counts of one day, the largest is the one of the whole."""
    value = claim.value
    return day_of(statements[claim.at]), value.low if isinstance(value, Figure) and claim.grows else 0.0


def _sides(claims: Sequence[Stated], statements: Sequence[Statement]) -> list[list[Stated]]:
    """Return the claims in groups of those that may be so together with the first of each."""
    sides: list[list[Stated]] = []
    for claim in claims:
        side = next((side for side in sides if _same(side[0], claim, statements)), None)
        if side is None:
            sides.append([claim])
        else:
            side.append(claim)
    return sides


def _of_several_articles(
    sides: Sequence[Sequence[Stated]], statements: Sequence[Statement]
) -> list[list[Stated]]:
    """Return the sides, each without the articles of those before it: one article does not contradict itself.

    Where it gives several values, they are of parts of what is asked, or of other days.
    """
    kept: list[list[Stated]] = []
    heard: set[str] = set()
    for side in sides:
        own = [claim for claim in side if statements[claim.at].article_id not in heard]
        heard |= {statements[claim.at].article_id for claim in own}
        if own:
            kept.append(own)
    return kept


def _relation(
    sides: Sequence[Sequence[Stated]], shown: Sequence[Side], statements: Sequence[Statement]
) -> Literal["replaced", "differ"]:
    """Return whether the first side is later than all others; a past day is no state that develops."""
    if any(side.newest >= shown[0].newest for side in shown[1:]):
        return "differ"
    values = [claim.value for side in sides for claim in side]
    if all(isinstance(value, date) for value in values):
        oldest = min(day_of(statements[claim.at]) for side in sides for claim in side)
        if all(isinstance(value, date) and value.isoformat() <= oldest for value in values):
            return "differ"
    return "replaced"


def _opposed(
    one: Stated, other: Stated, kind: Literal["number", "date", "name"], statements: Sequence[Statement]
) -> bool:
    """Return whether two claims of different articles cannot both be so."""
    first, second = statements[one.at], statements[other.at]
    if first.article_id == second.article_id or (first.cluster and first.cluster == second.cluster):
        return False
    apart = abs((date.fromisoformat(day_of(first)) - date.fromisoformat(day_of(second))).days)
    if apart > LONGEST_STORY or one.places != other.places:
        return False
    if of_other_times(one, other, first, second) or for_others(one, other):
        return False
    if one.places:  # both count in the same place, whatever else their sentences tell
        first, second = replace(first, text=one.within), replace(second, text=other.within)
    if set_apart(first, second, kind):
        return False
    return not _same(one, other, statements)


def _same(one: Stated, other: Stated, statements: Sequence[Statement]) -> bool:
    """Return whether both claims may be so, and neither is an earlier state of the other."""
    if isinstance(one.value, Figure) and isinstance(other.value, Figure):
        if one.value.unit != other.value.unit:
            return True
        early, late = sorted((one, other), key=lambda claim: day_of(statements[claim.at]))
        if one.grows and day_of(statements[early.at]) < day_of(statements[late.at]):
            return one.value.agrees(other.value) and not _outgrown(early.value, late.value)
        return one.value.agrees(other.value)
    if isinstance(one.value, frozenset) and isinstance(other.value, frozenset):
        return bool(one.value & other.value)
    return one.value == other.value


def _outgrown(early: object, late: object) -> bool:
    """Return whether more is known on a later day than that a toll was "at least" so many."""
    return (
        isinstance(early, Figure) and isinstance(late, Figure) and early.open_ended and late.low > early.low
    )
