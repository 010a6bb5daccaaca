"""Which questions to look at one by one."""

import difflib
from collections.abc import Sequence
from enum import StrEnum

from rag.errors import QuestionError
from rag.evaluate.dataset import EvalQuestion
from rag.evaluate.report import EvalReport


class Shown(StrEnum):
    """Questions that are shown together; anything else that is asked for is a question's id."""

    ALL = "all"
    MISSES = "misses"
    CHANGES = "changes"


def check_shown(show: str | None, questions: Sequence[EvalQuestion], *, compared: bool) -> None:
    """Refuse to begin where nothing could be shown in the end.

    Raises:
        QuestionError: where no question has this id, or changes are asked for without a comparison.
    """
    if show is None or show in (Shown.ALL, Shown.MISSES):
        return
    if show == Shown.CHANGES:
        if compared:
            return
        raise QuestionError("changes are shown between two configurations: add --compare FILE")
    known = [question.id for question in questions]
    if show not in known:
        near = difflib.get_close_matches(show, known, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "or say misses or all"
        raise QuestionError(f"no question that is asked has the id {show!r}: {hint}")


def shown_ids(show: str | None, this: EvalReport, other: EvalReport | None = None) -> list[str]:
    """Return the ids of the questions to show, in the order in which they were asked.

    Misses are those of either report, changes those whose first hit moved.
    """
    if show is None:
        return []
    ids = []
    for at, result in enumerate(this.results):
        second = other.results[at] if other else result
        wanted = {
            Shown.ALL: True,
            Shown.MISSES: result.missed or second.missed,
            Shown.CHANGES: result.question.answerable and result.rank != second.rank,
        }
        if wanted.get(Shown(show), False) if show in set(Shown) else result.id == show:
            ids.append(result.id)
    return ids
