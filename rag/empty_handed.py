"""What is said where nothing answers a question, by which a later turn knows that nothing was told."""

from collections.abc import Sequence
from difflib import get_close_matches

from index.records import source_key

EMPTY_ARCHIVE = "The archive is empty: add articles to it first."
NOTHING_WITHIN = "No article of the archive lies within these dates and outlets."
OUTSIDE = "I answer only from the articles of this archive."
NOTHING = "I found nothing"
"""How every line opens that says so of a question, or of a part of one."""

NOTHING_FOUND = f"{NOTHING} in the archive that answers this."


MENTIONED = 5
"""Outlets that are named in place of one that is unknown."""


def unknown_outlets(asked: Sequence[str], known: Sequence[str]) -> str:
    """Say which of the outlets that were asked for the archive has not, and which it has; else nothing.

    `known` are those within the question's dates, those with most articles first; of them the most
    alike are named, and then the first.
    """
    keys = {source_key(name): name for name in known}
    missing = [name for name in asked if source_key(name) not in keys]
    if not missing:
        return ""
    near = [match for name in missing for match in get_close_matches(source_key(name), keys, n=MENTIONED)]
    shown = list(dict.fromkeys([*(keys[key] for key in near), *known]))[:MENTIONED]
    of = f" of {len(known)}" if len(known) > len(shown) else ""
    there = f" Those there are{of}: {', '.join(shown)}." if shown else ""
    return f" No outlet is called {' or '.join(f'“{name}”' for name in missing)} there.{there}"


def is_empty_handed(answer: str) -> bool:
    """Return whether an answer opens with one of the lines that tell of nothing found."""
    return answer.startswith((EMPTY_ARCHIVE, NOTHING_WITHIN, OUTSIDE, NOTHING))
