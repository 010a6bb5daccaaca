"""What a model writes on sentences: the prompt it is given, and its text as whole sentences."""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain

from index.sentences import sentence_spans
from rag.cited_claims import ClaimReader, claims_schema
from rag.errors import PromptTooLongError, SchemaRefusedError
from rag.evidence import Sentence
from rag.generate import ChatMessage, ChatModel
from rag.plain import plain, plain_title
from rag.plan import Plan
from rag.prompts import render
from rag.ranked import RankedPassage

NO_ANSWER = "NO ANSWER"
_LEADING = re.compile(r"^\s*(?:[-*•>]|\(?\d{1,2}[.)]|answer:|a:)\s*", re.I)
_LISTED = re.compile(r"^\s*\((?:[^()]{1,200}, )?(?:\d{4}-\d\d-\d\d|undated)\)\s*")  # as the prompt lists them
_IMAGE_CUT_OFF = re.compile(r"\s!$")
_ENDS = re.compile(r"[.!?…][\"'”’)]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A whole sentence that a model wrote, and the position of the one it cites for it, if any."""

    text: str
    cites: int | None = None

    @property
    def declines(self) -> bool:
        """Whether it says that nothing answers the question."""
        return self.text.strip(" .") == NO_ANSWER


def write(
    model: ChatModel, plan: Plan, ranked: Sequence[RankedPassage], sentences: Sequence[Sentence]
) -> Iterator[Written]:
    """Yield what a model writes after as many of the sentences, the best first, as its window holds.

    A capable model whose server can be held to a JSON schema gives the number of a sentence with each
    claim. A last sentence that was cut off is dropped.

    Raises:
        GenerationError: as the model raises them.
    """
    count, cited = len(sentences), model.capable and model.takes_schema
    while True:
        given = sentences[:count]
        try:
            if cited:
                pieces = model.stream(_cited_prompt(plan, ranked, given), schema=claims_schema(count))
                yield from _cited(pieces, count)
            else:
                yield from _sentences(model.stream(_prompt(model, plan, ranked, given)))
        except PromptTooLongError:
            if count == 1:
                raise
            count = count * 3 // 4
        except SchemaRefusedError:
            cited = False
        else:
            return


def _prompt(
    model: ChatModel, plan: Plan, ranked: Sequence[RankedPassage], sentences: Sequence[Sentence]
) -> list[ChatMessage]:
    question = plain(plan.standalone)
    if model.capable:
        system = render("answer_capable_system", as_of=plan.as_of.isoformat())
        user = render("answer_capable_user", sentences=_numbered(sentences, ranked), question=question)
    else:
        system = render("answer_small_system")
        lines = (plain(sentence.text) for sentence in sentences)
        listed = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
        user = render("answer_small_user", sentences=listed, question=question)
    return _messages(system, user)


def _cited_prompt(
    plan: Plan, ranked: Sequence[RankedPassage], sentences: Sequence[Sentence]
) -> list[ChatMessage]:
    system = render("answer_cited_system", as_of=plan.as_of.isoformat())
    listed, question = _numbered(sentences, ranked), plain(plan.standalone)
    return _messages(system, render("answer_capable_user", sentences=listed, question=question))


def _messages(system: str, user: str) -> list[ChatMessage]:
    return [ChatMessage(role="system", content=system), ChatMessage(role="user", content=user)]


def _numbered(sentences: Sequence[Sentence], ranked: Sequence[RankedPassage]) -> str:
    lines = []
    for number, sentence in enumerate(sentences, start=1):
        passage = ranked[sentence.at].passage
        origin = ", ".join(filter(None, (plain_title(passage.source), passage.published or "undated")))
        lines.append(f"{number}. ({origin}) {plain(sentence.text)}")
    return "\n".join(lines)


def _cited(pieces: Iterator[str], count: int) -> Iterator[Written]:
    """Yield the sentences of claims in JSON; of anything else, which no schema held, those of the text."""
    reader = ClaimReader()
    with closing(pieces) as stream:  # type: ignore[type-var] # a generator, seen as an iterator
        any_claim = False
        for piece in stream:
            for text, number in reader.read(piece):
                any_claim = True
                cites = number - 1 if number is not None and 1 <= number <= count else None
                for start, end in sentence_spans(text):
                    if cleaned := _clean(text[start:end]):
                        yield Written(text=_ended(cleaned), cites=cites)
            if reader.is_json is False:
                yield from _sentences(chain([reader.text], stream))
                return
        if reader.ended and not any_claim:
            yield Written(text=NO_ANSWER)


def _sentences(pieces: Iterator[str]) -> Iterator[Written]:
    """Yield whole, cleaned sentences as they are completed; a last one that was cut off is dropped."""
    buffer = ""
    try:
        for piece in pieces:
            buffer += piece
            spans = sentence_spans(buffer)
            for start, end in spans[:-1]:
                if text := _clean(buffer[start:end]):
                    yield Written(text=text)
            if len(spans) > 1:
                buffer = buffer[spans[-1][0] :]
        last = _clean(buffer)
        if last and (_ENDS.search(last) or last == NO_ANSWER):
            yield Written(text=last)
    finally:
        close = getattr(pieces, "close", None)
        if close:
            close()


def _ended(text: str) -> str:
    return text if _ENDS.search(text) or text == NO_ANSWER else f"{text}."


def _clean(text: str) -> str:
    """Return a written sentence as it may be shown; empty where an image's "!" was taken for its end."""
    return "" if _IMAGE_CUT_OFF.search(text) else plain(_LISTED.sub("", _LEADING.sub("", text)))
