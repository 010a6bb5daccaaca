"""A question as a front end hands it over, checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, TypedDict, Unpack

from rag.errors import QuestionError

MAX_QUESTION_CHARACTERS = 4_000
MAX_TOP_K = 100

REMEMBERED_MESSAGES = 12
"""The last messages of a conversation, which a question is read after; earlier ones are let go."""

MESSAGE_CHARACTERS = 1_500
"""What is kept of each: an answer says at its beginning what a follow-up leans on."""


class Filters(TypedDict, total=False):
    """The part of the archive that a question may see, and how many passages: what is absent bounds nothing.

    Days are `YYYY-MM-DD` or dates, inclusive; `as_of` stands in for today. `sources` are outlets.
    `include_undated` lets a question that is bound to dates see articles of unknown date. With
    `show_unsupported` an answer also lists what a model wrote and no passage supports.
    """

    as_of: str | date | None
    since: str | date | None
    until: str | date | None
    sources: Sequence[str]
    top_k: int | None
    include_undated: bool
    show_unsupported: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An earlier turn of the conversation."""

    role: Literal["user", "assistant"]
    content: str


History = Sequence[Message | Mapping[str, Any]]
"""The messages of a conversation, oldest first; a mapping has a role and a content, as in the HTTP API."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, its conversation so far, and the part of the archive it may see.

    The bounds are those of `Filters`, checked; `as_of` None means today. Use `Question.parse` to make one
    from text as a user types it.
    """

    text: str
    history: tuple[Message, ...] = ()
    as_of: date | None = None
    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()
    top_k: int | None = None
    include_undated: bool = False
    show_unsupported: bool = False

    @classmethod
    def parse(cls, text: str, *, history: History = (), **filters: Unpack[Filters]) -> "Question":
        """Check what a user gave and return the question.

        Of the conversation only the last `REMEMBERED_MESSAGES` are kept, each cut to `MESSAGE_CHARACTERS`.

        Raises:
            QuestionError: for a blank or over-long text, a date that is not `YYYY-MM-DD`, a range
                that ends before it begins, a `top_k` outside 1 to 100, or a history of no messages.
        """
        text = " ".join(_readable(text).split())
        if not text:
            raise QuestionError("the question is empty: write what you want to know")
        if len(text) > MAX_QUESTION_CHARACTERS:
            raise QuestionError(
                f"the question has {len(text):,} characters; ask it in at most {MAX_QUESTION_CHARACTERS:,}"
            )
        top_k = filters.get("top_k")
        if top_k is not None and not 1 <= top_k <= MAX_TOP_K:
            raise QuestionError(f"top_k is {top_k!r}; it takes a whole number from 1 to {MAX_TOP_K}")
        first, last = parse_day(filters.get("since"), "since"), parse_day(filters.get("until"), "until")
        if first and last and first > last:
            raise QuestionError(f"since {first} is later than until {last}: swap them")
        return cls(
            text=text,
            history=tuple(_remembered(message) for message in history[-REMEMBERED_MESSAGES:]),
            as_of=parse_day(filters.get("as_of"), "as_of"),
            since=first,
            until=last,
            sources=tuple(
                _readable(source).strip() for source in filters.get("sources", ()) if source.strip()
            ),
            top_k=top_k,
            include_undated=filters.get("include_undated", False),
            show_unsupported=filters.get("show_unsupported", False),
        )


def _remembered(message: Message | Mapping[str, Any]) -> Message:
    """Return a message with what is kept of it; one as HTTP has it (`{"role": …, "content": …}`) will do.

    Raises:
        QuestionError: where it is no message.
    """
    match message:
        case Message():
            pass
        case {"role": "user" | "assistant" as role, "content": str(content)}:
            message = Message(role=role, content=content)
        case _:
            raise QuestionError(
                f'the history holds {message!r}: write Message(role="user", content="…"), or "assistant"'
            )
    return replace(message, content=_readable(message.content[:MESSAGE_CHARACTERS]))


def _readable(text: str) -> str:
    """Return `text` without lone surrogates, which stand for bytes that were no text."""
    return text.encode("utf-8", "replace").decode("utf-8")


def parse_day(value: str | date | None, name: str) -> date | None:
    """Read an ISO day.

    Raises:
        QuestionError: where the text is not one; the message names the parameter.
    """
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise QuestionError(f"{name} is {value!r}: write a day as YYYY-MM-DD, such as 2026-03-03") from None
