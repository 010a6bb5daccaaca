"""What page noise is made of: the shape of an entry, and a name as patterns write it.

The tables are in `noise_prompts` (what asks a reader for something), `noise_credits` (who made it) and
`noise_abroad` (both in other languages); a pattern is matched against a whole line (see `cleaning`).
"""

from typing import NamedTuple


class Noise(NamedTuple):
    """A kind of page noise and the pattern that a whole line of it matches.

    A pattern with no fixed opening is tried only on lines that hold one of the words of `within`:
    it would be slow on every line.
    """

    name: str
    pattern: str
    within: tuple[str, ...] = ()


PROPER_NAME = r"[^\W\d_a-zà-ÿа-я][\w.'’&-]*(?: (?:[^\W\d_a-zà-ÿа-я][\w.'’&-]*|de|da|van|von|der|al|bin)){0,4}"
