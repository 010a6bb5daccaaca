"""Short replies of a language model, read to their end or to a limit."""

from collections.abc import Iterator
from contextlib import closing

MAX_CHARACTERS = 400
"""What is read of a reply that is to be a word or a line; a longer one is none."""


def short_reply(pieces: Iterator[str]) -> str:
    """Return the text of a reply; the model is stopped where it writes past `MAX_CHARACTERS`."""
    reply = ""
    with closing(pieces) as stream:  # type: ignore[type-var] # a generator, seen as an iterator
        for piece in stream:
            reply += piece
            if len(reply) > MAX_CHARACTERS:
                break
    return reply
