"""A follow-up rewritten by a capable model so that it stands by itself."""

import logging

from rag.errors import GenerationError
from rag.generate import ChatMessage, ChatModel
from rag.prompts import render
from rag.question import MAX_QUESTION_CHARACTERS, Question
from rag.terms import unsaid

logger = logging.getLogger(__name__)

REMEMBERED_MESSAGES = 6
MESSAGE_CHARACTERS = 600
MAX_TOKENS = 80


def condense(question: Question, model: ChatModel) -> str | None:
    """Return the question as it would be asked without its history; None where that fails.

    However long the history is, its last messages alone are read, each cut to a length. A rewriting with a
    name or number that neither they nor the question hold is not used: the model made it up.
    """
    conversation = "\n".join(
        f"{message.role}: {' '.join(message.content[:MESSAGE_CHARACTERS].split())}"
        for message in question.history[-REMEMBERED_MESSAGES:]
    )
    prompt = [
        ChatMessage(role="system", content=render("condense_system")),
        ChatMessage(
            role="user", content=render("condense_user", conversation=conversation, question=question.text)
        ),
    ]
    try:
        rewritten = " ".join("".join(model.stream(prompt, max_tokens=MAX_TOKENS)).split()).strip('"')
    except GenerationError as error:
        logger.warning("%s; the follow-up is made to stand by itself by rules instead", error)
        return None
    if made_up := unsaid(rewritten, f"{conversation} {question.text}"):
        logger.warning("the rewritten follow-up brings in %s; it is made to stand by rules instead", made_up)
        return None
    return rewritten[:MAX_QUESTION_CHARACTERS] or None
