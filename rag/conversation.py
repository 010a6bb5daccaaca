"""A conversation read turn by turn, so that its last question stands by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rag.empty_handed import is_empty_handed
from rag.entities import Kind, mentions
from rag.follow_up import resolve
from rag.leaning import is_follow_up
from rag.question import MAX_QUESTION_CHARACTERS, MESSAGE_CHARACTERS, REMEMBERED_MESSAGES, Message
from rag.references import Frame, Resolved
from rag.small_talk import small_talk
from rag.terms import names

QUESTION_CHARACTERS = 600


def stand_alone(text: str, history: Sequence[Message]) -> Resolved:
    """Return a question as it would be asked without its history.

    Each of the last few turns is read after the one before it, so that a subject is kept over several;
    however long the history is, no more than `REMEMBERED_MESSAGES` of it are read, cut to a length.
    """
    if not history or small_talk(text) or not is_follow_up(text):
        return Resolved(asks=text)
    frame = _last_frame(history[-REMEMBERED_MESSAGES:])
    if frame is None:
        return Resolved(asks=text)
    resolved = resolve(text, frame)
    return Resolved(asks=_bounded(resolved.asks), context=_bounded(resolved.context))


def _last_frame(history: Iterable[Message]) -> Frame | None:
    """Return the latest question of a history, made to stand by itself, with its answer."""
    frame: Frame | None = None
    for message in history:
        if message.role == "user":
            asked = _shortened(message.content, QUESTION_CHARACTERS)
            if not asked or small_talk(asked):
                continue
            frame = _followed(frame, asked) if frame and is_follow_up(asked) else Frame(question=asked)
        elif frame is not None:
            answer = _shortened(message.content, MESSAGE_CHARACTERS)
            if not is_empty_handed(answer):
                told = f"{answer} {frame.answer}"[:MESSAGE_CHARACTERS]
                frame = replace(frame, answer=told)
    return frame


def _followed(frame: Frame, asked: str) -> Frame:
    """Return the frame after a follow-up: one that does not stand without the question before goes with it.

    One that is led by what it is about ("The ferry strike: who mediated?") keeps that as its topic, unless
    that is somebody ("Ada Quill: when did …?") and the follow-up names another.
    """
    resolved = resolve(asked, frame)
    heading = resolved.context.removesuffix(":")
    if heading and heading == resolved.context:
        return replace(frame, further=_shortened(resolved.asks, QUESTION_CHARACTERS))
    topic = "" if _is_person(heading) and names(resolved.asks) else heading
    asks = f"{resolved.asks[:1].upper()}{resolved.asks[1:]}"
    return Frame(question=_shortened(asks, QUESTION_CHARACTERS), topic=_shortened(topic, QUESTION_CHARACTERS))


def _is_person(text: str) -> bool:
    return any(one.name == text and one.kind is Kind.PERSON for one in mentions(text))


def _shortened(text: str, characters: int) -> str:
    return " ".join(text[:characters].split())


def _bounded(text: str) -> str:
    return text[:MAX_QUESTION_CHARACTERS]
