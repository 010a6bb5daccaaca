"""What a scenario of `faults.py` found, and the table that all of them are printed in."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

EXAMPLES = 5
_HEADINGS = ("scenario", "trials", "must be 0", "figures")


@dataclass(slots=True, kw_only=True)
class Result:
    """One row of the table: `faults` counts what must not happen, `figures` says what else was measured.

    `examples` describes the first faults of each kind. A scenario that could not run says why in `skipped`.
    """

    scenario: str
    trials: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    figures: dict[str, str | int | float] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)
    skipped: str = ""

    def expect_none(self, *kinds: str) -> None:
        """Name kinds of faults, so that the table shows their zeros."""
        for kind in kinds:
            self.faults.setdefault(kind, 0)

    def blame(self, kind: str, example: str) -> None:
        """Count a fault and keep the first examples of its kind."""
        self.faults[kind] = self.faults.get(kind, 0) + 1
        if self.faults[kind] <= EXAMPLES:
            self.examples.append(f"{kind}: {example}")

    @property
    def passed(self) -> bool:
        """Whether nothing happened that must not."""
        return not any(self.faults.values())

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self) | {"passed": self.passed}


def table(results: Sequence[Result]) -> str:
    """Return the results as text, a row for each line of the longest cell."""
    rows = [_cells(result) for result in results]
    widths = [
        max(len(line) for cell in column for line in cell)
        for column in zip(*([[heading] for heading in _HEADINGS], *rows), strict=False)
    ]
    lines = ["  ".join(heading.ljust(width) for heading, width in zip(_HEADINGS, widths, strict=True))]
    lines.append("  ".join("-" * width for width in widths))
    for row in rows:
        lines += _lines(row, widths)
    return "\n".join(line.rstrip() for line in lines)


def _cells(result: Result) -> tuple[list[str], ...]:
    figures = [f"{name}: {_said(value)}" for name, value in result.figures.items()]
    if result.skipped:
        figures.insert(0, f"skipped: {result.skipped}")
    faults = [f"{count:>4,} {kind}{'' if not count else '  <--'}" for kind, count in result.faults.items()]
    return [result.scenario], [f"{result.trials:,}"], faults or [""], figures or [""]


def _lines(cells: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterable[str]:
    for number in range(max(len(cell) for cell in cells)):
        parts = [cell[number] if number < len(cell) else "" for cell in cells]
        yield "  ".join(part.ljust(width) for part, width in zip(parts, widths, strict=True))


def _said(value: str | float) -> str:
    if isinstance(value, float):
        return f"{value:,.3g}" if abs(value) < 100 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else value
