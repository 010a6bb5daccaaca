"""The page's layout and wiring; what happens on it is in `handlers`, what it looks like in `theme`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from ui.web import source_panel
from ui.web.conversation import Conversation
from ui.web.handlers import Handlers

if TYPE_CHECKING:
    from rag.engine import Engine

QUEUE_SIZE = 32
CONCURRENT_ANSWERS = 4
STATUS_SECONDS = 3.0
SESSION_SECONDS = 12 * 3600
PLACEHOLDER = (
    '<div class="dl-welcome"><h2>Ask the archive</h2><p>Every sentence of an answer carries the dated '
    "passage that supports it. Where the archive has no evidence, it says so.</p></div>"
)
MASTHEAD = '<div class="dl-masthead"><h1>Dateline</h1><p>Cited, dated answers from a news archive</p></div>'
INTERNAL: dict[str, Any] = {"api_visibility": "private"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The components that events go between."""

    conversation: gr.State
    number: gr.State
    status: gr.Markdown
    chat: gr.Chatbot
    sources: gr.Markdown
    notice: gr.Markdown
    question: gr.Textbox
    retry: gr.Button
    timeline: gr.Button
    clear: gr.Button
    filters: gr.Accordion
    as_of: gr.DateTime
    since: gr.DateTime
    until: gr.DateTime
    outlets: gr.Dropdown
    include_undated: gr.Checkbox
    show_unsupported: gr.Checkbox
    timer: gr.Timer

    @property
    def bounds(self) -> list[Any]:
        """The filters and options, in the order that handlers take them."""
        return [
            *(self.as_of, self.since, self.until),
            *(self.outlets, self.include_undated, self.show_unsupported),
        ]

    @property
    def shown(self) -> list[Any]:
        """What a handler that returns `Shown` fills."""
        return [self.conversation, self.chat, self.sources, self.question, self.notice]


def build_demo(engine: "Engine", *, examples: Sequence[str] = ()) -> gr.Blocks:
    """Return the chat page over an engine.

    Args:
        engine: what answers; it stays the caller's to close.
        examples: questions to offer on an empty page; by default they are made from the newest
            articles' titles.
    """
    handlers = Handlers(engine, examples)
    demo: gr.Blocks = gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True)
    with demo:
        parts = _lay_out()
        _wire(demo, parts, handlers)
    demo.queue(max_size=QUEUE_SIZE, default_concurrency_limit=CONCURRENT_ANSWERS, api_open=False)
    return demo


def _lay_out() -> Parts:
    conversation = gr.State(Conversation(), time_to_live=SESSION_SECONDS)
    number = gr.State(1, time_to_live=SESSION_SECONDS)
    timer = gr.Timer(STATUS_SECONDS)
    with gr.Row(elem_id="dl-header"):
        _html(MASTHEAD, "dl-brand")
        status = _html("", "dl-archive")
        gr.Button("Dark", elem_id="dl-theme", size="sm", min_width=0, scale=0)
    with gr.Row(elem_id="dl-main", equal_height=False):
        with gr.Column(scale=3, min_width=320, elem_id="dl-left"):
            chat = _chat()
            notice = _html("", "dl-notices")
            question = gr.Textbox(
                show_label=False,
                label="Your question",
                placeholder="Ask about the news in the archive…",
                lines=1,
                max_lines=6,
                submit_btn=True,
                autofocus=True,
                elem_id="dl-question",
                html_attributes=gr.InputHTMLAttributes(autocomplete="off", spellcheck=True),
            )
            with gr.Row(elem_id="dl-actions"):
                clear = gr.Button("New conversation", size="sm", min_width=0)
                retry = gr.Button("Ask again", size="sm", min_width=0)
                timeline = gr.Button("Timeline", size="sm", min_width=0)
                gr.Button("Copy answer", size="sm", min_width=0, elem_id="dl-copy")
            filters, as_of, since, until, outlets, include_undated, show_unsupported = _filters()
        with gr.Column(scale=2, min_width=320, elem_id="dl-right"):
            sources = _html(source_panel.sources(()), "dl-sources")
    return Parts(
        conversation=conversation,
        number=number,
        status=status,
        chat=chat,
        sources=sources,
        notice=notice,
        question=question,
        retry=retry,
        timeline=timeline,
        clear=clear,
        filters=filters,
        as_of=as_of,
        since=since,
        until=until,
        outlets=outlets,
        include_undated=include_undated,
        show_unsupported=show_unsupported,
        timer=timer,
    )


def _chat() -> gr.Chatbot:
    return gr.Chatbot(
        show_label=False,
        label="Conversation",
        layout="bubble",
        height="100%",
        elem_id="dl-chat",
        placeholder=PLACEHOLDER,
        examples=[],
        buttons=[],
        feedback_options=None,
        autoscroll=False,  # the page's script keeps the question in sight instead
        allow_tags=False,
        sanitize_html=True,
        latex_delimiters=[],
        allow_file_downloads=False,
        group_consecutive_messages=True,
    )


def _filters() -> tuple[
    gr.Accordion, gr.DateTime, gr.DateTime, gr.DateTime, gr.Dropdown, gr.Checkbox, gr.Checkbox
]:
    with gr.Accordion("Dates and outlets", open=False, elem_id="dl-filters") as accordion:
        with gr.Row():
            as_of = _day("As of (nothing later is used)")
            since = _day("Published since")
            until = _day("Published until")
        outlets = gr.Dropdown(
            choices=[],
            multiselect=True,
            allow_custom_value=True,
            label="Outlets (all, if none is chosen)",
            value=[],
        )
        include_undated = gr.Checkbox(label="With dates set, see articles of unknown date too", value=False)
        show_unsupported = gr.Checkbox(
            label="Show, struck through, what the model wrote and no passage supports", value=False
        )
    return accordion, as_of, since, until, outlets, include_undated, show_unsupported


def _day(label: str) -> gr.DateTime:
    return gr.DateTime(include_time=False, type="string", label=label, min_width=210)


def _html(value: str, elem_id: str) -> gr.Markdown:
    """Return a place for what `render` makes; it is sanitised once more in the browser."""
    return gr.Markdown(value, elem_id=elem_id, sanitize_html=True, latex_delimiters=[], container=False)


def _wire(demo: gr.Blocks, parts: Parts, handlers: Handlers) -> None:
    asking: dict[str, Any] = {
        "fn": handlers.ask,
        "inputs": [parts.question, parts.conversation, parts.number, *parts.bounds],
        "outputs": parts.shown,
        "show_progress": "hidden",
        "concurrency_limit": CONCURRENT_ANSWERS,
        "concurrency_id": "ask",
        **INTERNAL,
    }
    quick: dict[str, Any] = {"queue": False, "show_progress": "hidden", **INTERNAL}
    runs = [
        parts.question.submit(**asking),
        parts.chat.option_select(_chosen, None, parts.question, **quick).then(**asking),
        parts.chat.example_select(_chosen, None, parts.question, **quick).then(**asking),
        parts.retry.click(
            handlers.retry, parts.conversation, [parts.conversation, parts.question], **quick
        ).then(**asking),
        parts.timeline.click(**asking | {"fn": handlers.timeline}),
    ]
    parts.question.stop(handlers.stop, parts.conversation, parts.shown, cancels=runs, **quick)
    gr.on(
        [parts.clear.click, parts.chat.clear],
        *(handlers.clear, parts.number, [*parts.shown, parts.number]),
        cancels=runs,
        **quick,
    )
    for run in runs:  # also where it was cancelled: then after the last of its steps has arrived
        run.then(handlers.settle, [parts.conversation, parts.number], parts.shown, **quick)
    gr.on(
        [bound.change for bound in parts.bounds], handlers.filter_label, parts.bounds, parts.filters, **quick
    )
    parts.timer.tick(handlers.status, None, [parts.status, parts.timer], **quick)
    demo.load(handlers.status, None, [parts.status, parts.timer], **quick)
    demo.load(handlers.load, None, [parts.outlets, parts.chat], **quick)


def _chosen(event: gr.SelectData) -> str:
    """Return the question of a follow-up or an example that was clicked."""
    value = event.value
    return str(value.get("text", "")) if isinstance(value, dict) else str(value)
