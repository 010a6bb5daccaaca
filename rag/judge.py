"""A stronger model that settles what the verifier's rules cannot: does a sentence say what a claim says?"""

import logging
from enum import StrEnum
from typing import Protocol

from rag.errors import GenerationError, ModelRestingError
from rag.generate import ChatMessage, ChatModel
from rag.plain import plain
from rag.prompts import render
from rag.replies import short_reply
from rag.terms import words

logger = logging.getLogger(__name__)


class Ruling(StrEnum):
    """What became of a claim that was put to a judge."""

    YES = "yes"
    NO = "no"
    FAILED = "failed"


class Judge(Protocol):
    """Says whether a sentence supports a claim."""

    def rule(self, claim: str, sentence: str, origin: str) -> Ruling:
        """Return the ruling; `origin` is the sentence's title, outlet and date."""
        ...


class ModelJudge:
    """A judge that is a language model: a plain "yes" supports, and nothing else does."""

    def __init__(self, model: ChatModel) -> None:
        """Keep the model, which bounds its own time."""
        self.model = model

    def rule(self, claim: str, sentence: str, origin: str) -> Ruling:
        """Return what the model says; a failure is logged in one line, and none while the model rests."""
        prompt = [
            ChatMessage(role="system", content=render("judge_system")),
            ChatMessage(
                role="user",
                content=render(
                    "judge_user", origin=plain(origin), sentence=plain(sentence), claim=plain(claim)
                ),
            ),
        ]
        try:
            reply = short_reply(self.model.stream(prompt))
        except GenerationError as error:
            level = logging.DEBUG if isinstance(error, ModelRestingError) else logging.WARNING
            logger.log(level, "%s; what it was to judge counts as not supported", error)
            return Ruling.FAILED
        return Ruling.YES if words(reply) == ["yes"] else Ruling.NO
