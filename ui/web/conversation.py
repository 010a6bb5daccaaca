"""What one session of the page has asked and been told; pure data, no HTML."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rag.answer import Answer, Citation
from rag.chronology import Timeline
from rag.question import Message

MAX_TURNS = 30


class Progress(StrEnum):
    """How far a turn has come."""

    SEARCHING = "searching"
    WRITING = "writing"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The filters of the page, as the engine takes them; blank fields are None."""

    as_of: str | None = None
    since: str | None = None
    until: str | None = None
    sources: tuple[str, ...] = ()
    include_undated: bool = False
    show_unsupported: bool = False

    @classmethod
    def read(
        cls,
        as_of: str | None,
        since: str | None,
        until: str | None,
        sources: Sequence[str] | None,
        include_undated: bool | None,
        show_unsupported: bool | None = None,
    ) -> "Bounds":
        """Take what the page's fields hold."""
        return cls(
            as_of=_day(as_of),
            since=_day(since),
            until=_day(until),
            sources=tuple(sources or ()),
            include_undated=bool(include_undated),
            show_unsupported=bool(show_unsupported),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question and what has become of it so far.

    `number` counts the turns of the conversation from 1. `passages` are what retrieval found;
    `text` is the answer as far as it is written; a `timeline` is given whole in place of an answer;
    `error` is one line.
    """

    number: int
    question: str
    progress: Progress = Progress.SEARCHING
    as_of: str | None = None
    passages: tuple[Citation, ...] = ()
    text: str = ""
    answer: Answer | None = None
    timeline: Timeline | None = None
    error: str | None = None

    @property
    def busy(self) -> bool:
        """Whether more of it is to come."""
        return self.progress in {Progress.SEARCHING, Progress.WRITING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """The turns of one conversation, oldest first; `number` counts the conversations of a session from 1."""

    turns: tuple[Turn, ...] = ()
    number: int = 1

    @property
    def last(self) -> Turn | None:
        """The latest turn, if there is one."""
        return self.turns[-1] if self.turns else None

    def ask(self, question: str) -> "Conversation":
        """Return the conversation with a new turn; the oldest turns go when there are too many."""
        number = self.turns[-1].number + 1 if self.turns else 1
        return replace(self, turns=(*self.turns, Turn(number=number, question=question))[-MAX_TURNS:])

    def update(self, turn: Turn) -> "Conversation":
        """Return the conversation with its latest turn replaced."""
        return replace(self, turns=(*self.turns[:-1], turn))

    def without_last(self) -> "Conversation":
        """Return the conversation as it was before its latest turn."""
        return replace(self, turns=self.turns[:-1])

    def unless_left(self, number: int) -> "Conversation":
        """Return the conversation, or the empty one of that number where the session has gone on to it."""
        return self if self.number >= number else Conversation(number=number)

    def stop(self) -> "Conversation":
        """Return the conversation with an unfinished turn marked as stopped."""
        if self.last is None or not self.last.busy:
            return self
        return self.update(replace(self.last, progress=Progress.STOPPED))

    def history(self) -> tuple[Message, ...]:
        """Return the answered turns as the engine takes them, without abstentions."""
        messages: list[Message] = []
        for turn in self.turns:
            if turn.answer is not None and not turn.answer.abstained:
                messages.append(Message(role="user", content=turn.question))
                messages.append(Message(role="assistant", content=turn.answer.answer))
        return tuple(messages)


def _day(value: str | None) -> str | None:
    return (value or "").strip() or None
