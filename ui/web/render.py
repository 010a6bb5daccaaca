"""What the page says, as HTML: questions, answers, timelines, the steps of a search.

HTML is made here, in `markup` and in `source_panel` alone. The pieces go through Gradio's Markdown
components, so they hold no line breaks: a blank line would end the HTML and begin Markdown.
"""

import re
from collections.abc import Callable, Iterable

from index.records import LeftOut
from rag.answer import AbstainReason, Answer, Citation, Claim, Freshness
from rag.chronology import Timeline, TimelineEvent
from rag.outlets import outlet_names
from ui.web.conversation import Progress, Turn
from ui.web.markup import day, label, plural, text
from ui.web.source_panel import anchor_of, is_small_talk

MARK = re.compile(r"\s*\[(\d{1,3})\]")
HEADINGS = {
    AbstainReason.NO_EVIDENCE: "No answer in the archive",
    AbstainReason.EMPTY_INDEX: "The archive is empty",
}


def question(asked: str) -> str:
    """Return a user's question as the chat shows it."""
    return f'<div class="dl-question">{text(asked)}</div>'


def answer(turn: Turn) -> str:
    """Return what a turn has to say so far."""
    if turn.progress is Progress.FAILED:
        return f'<div class="dl-error" role="alert">{text(turn.error or "The question failed.")}</div>'
    if turn.timeline is not None:
        return timeline(turn, turn.timeline)
    if turn.answer is None:
        note = '<p class="dl-note">Stopped.</p>' if turn.progress is Progress.STOPPED else ""
        return f'<div class="dl-answer">{_paragraphs(turn.text, _unlinked)}{note}</div>'
    if turn.answer.abstained:
        heading = HEADINGS[turn.answer.reason or AbstainReason.NO_EVIDENCE]
        body = f"{_searched_for(turn.answer)}{_paragraphs(turn.answer.answer, _linked(turn))}"
        return (
            f'<div class="dl-answer dl-abstained"><p class="dl-kicker">{heading}</p>{body}'
            f"{_unsupported(turn.answer.claims)}{_freshness(turn.answer)}</div>"
        )
    told = f"{_searched_for(turn.answer)}{_paragraphs(turn.answer.answer, _linked(turn))}"
    body = f"{told}{_stale(turn.answer.freshness)}"
    return f'<div class="dl-answer">{body}{_unsupported(turn.answer.claims)}{_freshness(turn.answer)}</div>'


def _searched_for(answer: Answer) -> str:
    return f'<p class="dl-note">Searched for “{text(answer.read_as)}”</p>' if answer.read_as else ""


def timeline(turn: Turn, told: Timeline) -> str:
    """Return the events of a story as a list, each with its date and marks; or why there are none."""
    shown = " · ".join([f"As of {day(told.as_of)}", *_evidence(told.freshness), *_left_out(told.left_out)])
    freshness = f'<p class="dl-freshness">{shown}</p>'
    if not told.events:
        heading = HEADINGS[told.reason or AbstainReason.NO_EVIDENCE]
        return (
            f'<div class="dl-answer dl-abstained"><p class="dl-kicker">{heading}</p>'
            f"<p>{text(told.note)}</p>{freshness}</div>"
        )
    rows = "".join(_event(turn, told, event) for event in told.events)
    return f'<div class="dl-answer"><ol class="dl-timeline">{rows}</ol>{freshness}</div>'


def step_title(turn: Turn, articles: int | None) -> str:
    """Return the retrieval step's heading, as plain text."""
    if turn.progress is Progress.SEARCHING:
        return "Searching the archive…"
    if is_small_talk(turn):
        return "Nothing to search for"
    of = "the archive" if articles is None else f"{articles:,} {plural(articles, 'article')}"
    up_to = f" up to {_plain_day(turn.as_of)}" if turn.as_of else ""
    outlets = len({passage.source for passage in turn.passages})
    found = f"{len(turn.passages)} {plural(len(turn.passages), 'passage')}"
    from_ = f" from {outlets} {plural(outlets, 'outlet')}" if outlets else ""
    return f"Searched {of}{up_to} · {found}{from_}"


def step(turn: Turn) -> str:
    """Return the passages that retrieval found, as a short list."""
    if not turn.passages:
        missed = turn.text and not is_small_talk(turn)
        return '<p class="dl-note">Nothing that fits has been found.</p>' if missed else ""
    rows = "".join(
        f'<li><span class="dl-found">{label(passage.title)}</span> '
        f'<span class="dl-meta">{label(passage.source)} · {day(passage.published)}</span></li>'
        for passage in turn.passages
    )
    return f'<ol class="dl-step">{rows}</ol>'


def status(articles: int, outlets: int, oldest: str | None, newest: str | None) -> str:
    """Return the line that says what the archive holds."""
    span = f" · {day(oldest)} – {day(newest)}" if oldest and newest else ""
    return (
        f'<p class="dl-status">{articles:,} {plural(articles, "article")} · '
        f"{outlets:,} {plural(outlets, 'outlet')}{span}</p>"
    )


def notice(message: str, *, kind: str = "info") -> str:
    """Return a line above the question box; `kind` is `info` or `warning`."""
    return f'<p class="dl-notice dl-{kind}" role="status">{text(message)}</p>' if message else ""


def _paragraphs(value: str, marks: Callable[[re.Match[str]], str]) -> str:
    blocks = [block.strip() for block in re.split(r"\n\s*\n", value)]
    # Escaping leaves the brackets and digits of a mark as they are.
    return "".join(f"<p>{MARK.sub(marks, text(block))}</p>" for block in blocks if block)


def _unlinked(mark: re.Match[str]) -> str:
    return f'<span class="dl-ref">{int(mark[1])}</span>'


def _linked(turn: Turn) -> Callable[[re.Match[str]], str]:
    known = {citation.n: citation for citation in turn.answer.citations} if turn.answer else {}

    def link(mark: re.Match[str]) -> str:
        number = int(mark[1])
        return _mark(turn, known[number]) if number in known else mark[0]

    return link


def _mark(turn: Turn, cited: Citation) -> str:
    title = f"{label(cited.source)}, {day(cited.published)}: {label(cited.title)}"
    return f'<a class="dl-ref" href="#{anchor_of(turn, cited.n)}" title="{title}">{cited.n}</a>'


def _event(turn: Turn, told: Timeline, event: TimelineEvent) -> str:
    """Return one event: its date, what the date is, its sentence with marks, and who reports it."""
    cited = [citation for citation in told.citations if citation.n in event.citations]
    said = ["" if event.date_from == "text" else "reported"]
    said += [f"announced for {day(event.announced_for)}"] if event.announced_for else []
    carriers = outlet_names(cited)
    said += [f"{len(carriers)} outlets"] if len(carriers) > 1 else [label("".join(carriers))]
    said += [f"{event.outlets} independent"] if 1 < len(carriers) != event.outlets else []
    marks = "".join(_mark(turn, citation) for citation in cited)
    return (
        f'<li><time datetime="{text(event.date)}">{day(event.date)}</time> '
        f'<span class="dl-meta">{" · ".join(filter(None, said))}</span><p>{text(event.text)}{marks}</p></li>'
    )


def _stale(freshness: Freshness) -> str:
    """Return the line that says how old the news of an answer are, where it has one."""
    return f'<p class="dl-stale">{label(freshness.note)}</p>' if freshness.note else ""


def _unsupported(claims: Iterable[Claim]) -> str:
    """Return what was left out of an answer, struck through, each with its reason; empty for nothing."""
    rows = "".join(
        f'<li><del>{label(claim.text)}</del> <span class="dl-meta">{label(claim.reason or "")}</span></li>'
        for claim in claims
        if not claim.supported
    )
    head = '<p class="dl-note">Left out: no passage supports it</p>'
    return f'{head}<ul class="dl-unsupported">{rows}</ul>' if rows else ""


def _freshness(told: Answer) -> str:
    parts = [f"As of {day(told.as_of)}", *_evidence(told.freshness), *_left_out(told.left_out)]
    return f'<p class="dl-freshness">{" · ".join(parts)}</p>'


def _left_out(left_out: LeftOut) -> Iterable[str]:
    if left_out.undated:
        yield f"{left_out.undated:,} {plural(left_out.undated, 'article')} of unknown date left out"
    if left_out.updated_later:
        yield (
            f"{left_out.updated_later:,} {plural(left_out.updated_later, 'article')} "
            "known only as updated later left out"
        )


def _evidence(freshness: Freshness) -> Iterable[str]:
    if freshness.newest_cited:
        yield f"newest evidence {day(freshness.newest_cited)}"
    if freshness.newest_article:
        yield f"the archive runs to {day(freshness.newest_article)}"


def _plain_day(value: str | None) -> str:
    return day(value).replace("<br>", " ")
