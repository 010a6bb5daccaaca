"""Words and numbers as every way in writes them."""

import re

# Control characters could move the cursor or rename the window of whoever reads an article.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    """Return the text without control characters; newlines and tabs stay."""
    return _CONTROL.sub("", text)


def one_line(text: str) -> str:
    """Return the text without control characters, line breaks and repeated blanks."""
    return " ".join(printable(text).split())


def counted(number: int, noun: str) -> str:
    """Return number and noun, as `1 article` or `2,000 articles`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def duration(seconds: float) -> str:
    """Return seconds as `4.2 s`, `3 min 05 s` or `2 h 03 min`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"
