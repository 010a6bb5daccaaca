"""Prompts, one file each, with named placeholders (`$question`) that are checked when loaded."""

from functools import cache
from importlib.resources import files
from string import Template

PLACEHOLDERS = {
    "answer_small_system": frozenset[str](),
    "answer_small_user": frozenset({"sentences", "question"}),
    "answer_capable_system": frozenset({"as_of"}),
    "answer_capable_user": frozenset({"sentences", "question"}),
    "answer_cited_system": frozenset({"as_of"}),
    "condense_system": frozenset[str](),
    "condense_user": frozenset({"conversation", "question"}),
    "decompose_system": frozenset[str](),
    "decompose_user": frozenset({"question"}),
    "judge_system": frozenset[str](),
    "grade_answer_system": frozenset[str](),
    "grade_answer_user": frozenset({"as_of", "question", "expected", "answer"}),
    "grade_claim_system": frozenset[str](),
    "grade_claim_user": frozenset({"passages", "claim"}),
    "judge_user": frozenset({"origin", "sentence", "claim"}),
}


def render(name: str, **values: str) -> str:
    """Return the prompt `name` with its placeholders filled.

    Raises:
        ValueError: where `values` are not exactly what the prompt takes.
    """
    if values.keys() != PLACEHOLDERS[name]:
        raise ValueError(f"the prompt {name!r} takes {sorted(PLACEHOLDERS[name])}, not {sorted(values)}")
    return _load(name).substitute(values)


def wording(name: str) -> str:
    """Return the prompt `name` as it stands in its file, placeholders and all."""
    return _load(name).template


@cache
def _load(name: str) -> Template:
    template = Template(files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8").strip())
    if not template.is_valid() or set(template.get_identifiers()) != PLACEHOLDERS[name]:
        raise ValueError(
            f"the prompt file {name}.txt must have the placeholders {sorted(PLACEHOLDERS[name])}"
        )
    return template
