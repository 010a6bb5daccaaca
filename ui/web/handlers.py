"""What happens on the page: each method takes what the page holds and returns what it then shows."""

import logging
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import DatelineError
from rag.errors import QuestionError
from rag.events import AnswerEvent, Event, PassagesEvent, PlanEvent, TokenEvent
from ui.web import render, source_panel
from ui.web.archive import ArchiveView, Holdings
from ui.web.conversation import Bounds, Conversation, Progress, Turn

if TYPE_CHECKING:
    from rag.engine import Engine

logger = logging.getLogger(__name__)

Message = dict[str, Any]
# The conversation's state, the chat, the source panel, the question box and the notice above it.
Shown = tuple[Conversation, list[Message], str, Any, str]

UNEXPECTED = "Something went wrong that should not have; the server's log has the details."
FIELDS = {"as_of": "“As of”", "since": "“Published since”", "until": "“Published until”"}
BLANK = "Write a question first."


class Handlers:
    """The page's behaviour over one engine; all state of a session is in its `Conversation`."""

    def __init__(self, engine: "Engine", examples: Sequence[str] = ()) -> None:
        self._engine = engine
        self._archive = ArchiveView(engine)
        self._examples = tuple(examples)

    def ask(
        self,
        asked: str,
        conversation: Conversation,
        number: int,
        as_of: str | None,
        since: str | None,
        until: str | None,
        outlets: list[str] | None,
        include_undated: bool | None = None,
        show_unsupported: bool | None = None,
    ) -> Generator[Shown]:
        """Answer a question, showing each step; a question that fails is put back in its box."""
        conversation = conversation.unless_left(number).stop()
        question = (asked or "").strip()
        if not question:
            yield self._show(conversation, box=_box(), note=BLANK)
            return
        history = conversation.history()
        bounds = Bounds.read(as_of, since, until, outlets, include_undated, show_unsupported)
        conversation = conversation.ask(question)
        yield self._show(conversation, box=_box(busy=True))
        try:
            events = self._engine.stream(
                question,
                history=history,
                as_of=bounds.as_of,
                since=bounds.since,
                until=bounds.until,
                sources=bounds.sources,
                include_undated=bounds.include_undated,
                show_unsupported=bounds.show_unsupported,
            )
            for turn in _follow(events, conversation.turns[-1]):
                conversation = conversation.update(turn)
                yield self._show(conversation, box=gr.skip())
        except QuestionError as error:
            yield self._show(conversation.without_last(), box=_box(asked), note=_sentence(error))
            return
        except DatelineError as error:
            yield self._fail(conversation, asked, _sentence(error))
            return
        except Exception:  # one that is nobody's to expect: the page says so, the log says what
            logger.exception("a question of the page failed")
            yield self._fail(conversation, asked, UNEXPECTED)
            return
        yield self._show(conversation, box=_box())

    def timeline(
        self,
        asked: str,
        conversation: Conversation,
        number: int,
        as_of: str | None,
        since: str | None,
        until: str | None,
        outlets: list[str] | None,
        include_undated: bool | None = None,
        show_unsupported: bool | None = None,
    ) -> Generator[Shown]:
        """Give the dated course of the story that is asked about, or that was asked about last."""
        conversation = conversation.unless_left(number).stop()
        typed = (asked or "").strip()
        question = typed or (conversation.last.question if conversation.last else "")
        if not question:
            yield self._show(conversation, box=_box(), note=BLANK)
            return
        history = conversation.history() if typed else ()
        bounds = Bounds.read(as_of, since, until, outlets, include_undated, show_unsupported)
        conversation = conversation.ask(question)
        yield self._show(conversation, box=_box(busy=True))
        try:
            told = self._engine.timeline(
                question,
                history=history,
                as_of=bounds.as_of,
                since=bounds.since,
                until=bounds.until,
                sources=bounds.sources,
                include_undated=bounds.include_undated,
            )
        except QuestionError as error:
            yield self._show(conversation.without_last(), box=_box(asked), note=_sentence(error))
            return
        except DatelineError as error:
            yield self._fail(conversation, asked, _sentence(error))
            return
        except Exception:
            logger.exception("a timeline of the page failed")
            yield self._fail(conversation, asked, UNEXPECTED)
            return
        turn = replace(conversation.turns[-1], timeline=told, as_of=told.as_of, progress=Progress.DONE)
        yield self._show(conversation.update(turn), box=_box())

    def stop(self, conversation: Conversation) -> Shown:
        """Keep what is written so far."""
        return self._show(conversation.stop(), box=_box())

    def clear(self, number: int) -> tuple[*Shown, int]:
        """Leave the conversation of that number for a new one."""
        return *self._show(Conversation(number=number + 1), box=_box()), number + 1

    def settle(self, conversation: Conversation, number: int) -> Shown:
        """Put right what an ended run left behind.

        A step that was on its way while its run was stopped, or its conversation left, arrives after
        what `stop` and `clear` have shown, and undoes it.
        """
        settled = conversation.unless_left(number).stop()
        if settled.last and settled.last.progress in {Progress.DONE, Progress.FAILED}:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()
        conversation, messages, sources, *_ = self._show(settled, box=gr.skip())
        return conversation, messages, sources, gr.skip(), gr.skip()

    def retry(self, conversation: Conversation) -> tuple[Conversation, str]:
        """Take the last question back into its box, from where it is asked again."""
        if conversation.last is None:
            return conversation, ""
        return conversation.without_last(), conversation.last.question

    def status(self) -> tuple[str, Any]:
        """Return the line about the archive, and whether to look again soon."""
        holdings = self._archive.holdings()
        readiness = self._engine.readiness()
        lines = ""
        if holdings.problem is None:
            lines = render.status(holdings.articles, len(holdings.outlets), holdings.oldest, holdings.newest)
        problem = holdings.problem or readiness.problem
        if holdings.problem is None and holdings.articles == 0:
            problem = "The archive is empty: add articles with `dateline index add SOURCE...`"
        if problem or not readiness.ready:
            lines += render.notice(_capital(problem or "The language model is loading…"), kind="warning")
        return lines, gr.Timer(active=bool(problem) or not readiness.ready)

    def load(self) -> tuple[Any, Any]:
        """Return the outlets to choose from and the example questions, for a page just opened."""
        holdings = self._archive.holdings()
        return gr.update(choices=list(holdings.outlets)), gr.update(
            examples=self._example_questions(holdings)
        )

    def filter_label(
        self,
        as_of: str | None,
        since: str | None,
        until: str | None,
        outlets: list[str] | None,
        include_undated: bool | None = None,
        show_unsupported: bool | None = None,
    ) -> Any:
        """Return the heading of the filters: those that are set stay in sight when it is closed."""
        bounds = Bounds.read(as_of, since, until, outlets, include_undated, show_unsupported)
        parts = [f"as of {bounds.as_of}"] if bounds.as_of else []
        parts += [f"since {bounds.since}"] if bounds.since else []
        parts += [f"until {bounds.until}"] if bounds.until else []
        parts += [", ".join(bounds.sources)] if bounds.sources else []
        parts += ["with undated"] if bounds.include_undated else []
        parts += ["with what is unsupported"] if bounds.show_unsupported else []
        return gr.update(label=" · ".join(["Dates and outlets", *parts]))

    def _example_questions(self, holdings: Holdings) -> list[dict[str, str]]:
        questions = self._examples or tuple(f"What is reported about “{title}”?" for title in holdings.titles)
        return [{"text": question} for question in questions]

    def _fail(self, conversation: Conversation, asked: str, error: str) -> Shown:
        turn = replace(conversation.turns[-1], progress=Progress.FAILED, error=error)
        return self._show(conversation.update(turn), box=_box(asked))

    def _show(self, conversation: Conversation, *, box: Any, note: str = "") -> Shown:
        articles = self._archive.holdings().articles or None
        messages = [message for turn in conversation.turns for message in _messages(turn, articles)]
        if messages and conversation.last and conversation.last.answer:
            messages[-1]["options"] = [{"value": asked} for asked in conversation.last.answer.follow_ups]
        return conversation, messages, source_panel.sources(conversation.turns), box, render.notice(note)


def _follow(events: Iterator[Event], turn: Turn) -> Iterator[Turn]:
    """Yield the turn after each event; closes the engine's generator when the page stops asking."""
    with closing(events) as stream:  # type: ignore[type-var] # a generator, seen as an iterator
        for event in stream:
            match event:
                case PlanEvent():
                    turn = replace(turn, as_of=event.as_of)
                case PassagesEvent():
                    turn = replace(turn, passages=event.passages, progress=Progress.WRITING)
                case TokenEvent():
                    turn = replace(turn, text=turn.text + event.text)
                case AnswerEvent():
                    turn = replace(turn, answer=event.answer, progress=Progress.DONE)
                case _:
                    continue
            yield turn


def _messages(turn: Turn, articles: int | None) -> list[Message]:
    messages: list[Message] = [{"role": "user", "content": render.question(turn.question)}]
    if turn.progress is Progress.SEARCHING or turn.passages or turn.answer:
        title = render.step_title(turn, articles)
        state = "pending" if turn.progress is Progress.SEARCHING else "done"
        metadata = {"title": title, "status": state}
        messages.append({"role": "assistant", "content": render.step(turn), "metadata": metadata})
    if turn.text or not turn.busy:
        messages.append({"role": "assistant", "content": render.answer(turn)})
    return messages


def _box(value: str = "", *, busy: bool = False) -> Any:
    """Return the question box: with its stop button while an answer is being made."""
    return gr.update(value=value, submit_btn=not busy, stop_btn="Stop" if busy else False)


def _sentence(error: DatelineError) -> str:
    """Return an error as a sentence, a field by the name that it has on the page."""
    name, is_, rest = str(error).partition(" is ")
    return f"{FIELDS[name]} is {rest}" if is_ and name in FIELDS else _capital(str(error))


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]
