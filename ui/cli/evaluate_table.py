"""Tables of figures, as `dateline eval` prints them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

NONE = "–"
WIDE = 200
NARROW = 78


def make_table(*columns: str, left: int = 1) -> "Table":
    """Return a table without lines; its first `left` columns are text, the others numbers."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for at, column in enumerate(columns):
        text = at < left
        table.add_column(column, justify="left" if text else "right", no_wrap=text, overflow="fold")
    return table


def print_table(console: "Console", table: "Table") -> None:
    """Print a table; off a terminal as wide as it is, for the program that reads it."""
    if not console.is_terminal:
        console.width = max(console.width, WIDE)
    console.print(table)


def is_narrow(console: "Console") -> bool:
    """Return whether a terminal is too narrow for all columns."""
    return console.is_terminal and console.width < NARROW


def figure(value: float | None) -> str:
    """Return a figure of 0 to 1, or a dash where there is none."""
    return NONE if value is None else f"{value:.3f}"
