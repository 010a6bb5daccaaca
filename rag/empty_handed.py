"""What is said where nothing answers a question, by which a later turn knows that nothing was told."""

EMPTY_ARCHIVE = "The archive is empty: add articles to it first."
NOTHING_WITHIN = "No article of the archive lies within these dates and outlets."
OUTSIDE = "I answer only from the articles of this archive."
NOTHING = "I found nothing"
"""How every line opens that says so of a question, or of a part of one."""

NOTHING_FOUND = f"{NOTHING} in the archive that answers this."


def is_empty_handed(answer: str) -> bool:
    """Return whether an answer opens with one of the lines that tell of nothing found."""
    return answer.startswith((EMPTY_ARCHIVE, NOTHING_WITHIN, OUTSIDE, NOTHING))
