"""The only place that makes HTML.

Article text, titles, addresses and questions are untrusted: each is escaped where it enters a
piece of markup, and only http and https addresses become links. The pieces go through Gradio's
Markdown components, so they hold no line breaks: a blank line would end the HTML and begin Markdown.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from html import escape
from urllib.parse import urlsplit

from index.records import LeftOut
from rag.answer import AbstainReason, Answer, Citation, Claim, CorrectionNote, Freshness, RelatedArticle
from rag.chronology import Timeline, TimelineEvent
from rag.outlets import outlet_names
from rag.plain import visible
from ui.web.conversation import Progress, Turn

MARK = re.compile(r"\s*\[(\d{1,3})\]")
PROVENANCE = {
    "jsonld": "date from page metadata",
    "meta": "date from page metadata",
    "url": "date from the address",
    "feed": "date from the feed",
    "text": "date from the text",
    "file": "date of the file",
}
HEADINGS = {
    AbstainReason.NO_EVIDENCE: "No answer in the archive",
    AbstainReason.EMPTY_INDEX: "The archive is empty",
}


def text(value: str) -> str:
    """Return untrusted text as HTML on one line, line breaks kept."""
    return escape(value, quote=True).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "<br>")


def label(value: str) -> str:
    """Return a title or an outlet's name as HTML on one line, without signs that would turn its direction."""
    return text(visible(value))


def day(value: str | None) -> str:
    """Return an ISO date as `1 Mar 2026`; what is no date stays as it is."""
    if not value:
        return "undated"
    try:
        parsed = date.fromisoformat(value[:10])
    except ValueError:
        return text(value)
    return f"{parsed.day} {parsed:%b %Y}"


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
    if _is_small_talk(turn):
        return "Nothing to search for"
    of = "the archive" if articles is None else f"{articles:,} {_plural(articles, 'article')}"
    up_to = f" up to {_plain_day(turn.as_of)}" if turn.as_of else ""
    outlets = len({passage.source for passage in turn.passages})
    found = f"{len(turn.passages)} {_plural(len(turn.passages), 'passage')}"
    from_ = f" from {outlets} {_plural(outlets, 'outlet')}" if outlets else ""
    return f"Searched {of}{up_to} · {found}{from_}"


def step(turn: Turn) -> str:
    """Return the passages that retrieval found, as a short list."""
    if not turn.passages:
        missed = turn.text and not _is_small_talk(turn)
        return '<p class="dl-note">Nothing that fits has been found.</p>' if missed else ""
    rows = "".join(
        f'<li><span class="dl-found">{label(passage.title)}</span> '
        f'<span class="dl-meta">{label(passage.source)} · {day(passage.published)}</span></li>'
        for passage in turn.passages
    )
    return f'<ol class="dl-step">{rows}</ol>'


def sources(turns: Iterable[Turn]) -> str:
    """Return the source panel: the latest turn's passages in sight, those of earlier turns behind it."""
    shown = [
        turn for turn in turns if (turn.answer or turn.timeline or turn.passages) and not _is_small_talk(turn)
    ]
    if not shown:
        return (
            '<section class="dl-turn dl-current"><p class="dl-empty">The passages that support an answer '
            "appear here, each with its outlet, date and link.</p></section>"
        )
    return "".join(_turn_sources(turn, current=turn is shown[-1]) for turn in shown)


def _is_small_talk(turn: Turn) -> bool:
    """Return whether a message was answered that asks nothing of the archive."""
    return turn.answer is not None and not turn.answer.abstained and not turn.answer.citations


def card(citation: Citation, *, anchor: str, opened: bool = False, numbered: bool = True) -> str:
    """Return one passage: a heading that opens it, with the supporting words marked."""
    number = f'<span class="dl-n">{citation.n}</span>' if numbered else ""
    dated = f'<time datetime="{text(citation.published or "")}">{day(citation.published)}</time>'
    known = PROVENANCE.get(citation.published_from) if citation.published else None
    provenance = f' · <span class="dl-provenance">{known}</span>' if known else ""
    return (
        f'<details class="dl-card" id="{anchor}"{" open" if opened else ""}>'
        f'<summary>{number}<span class="dl-head"><span class="dl-title">{label(citation.title)}</span>'
        f'<span class="dl-meta"><span class="dl-outlet">{label(citation.source)}</span> · {dated}{provenance}'
        f"</span></span></summary>"
        f'<blockquote class="dl-passage">{marked(citation.passage, citation.highlights)}</blockquote>'
        f'{_corrections(citation.corrections)}<p class="dl-where">{_origin(citation.url)}</p>'
        f"{_also_in(citation.also_in)}</details>"
    )


def marked(passage: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a passage with its spans in `<mark>`; spans outside of it or overlapping are cut."""
    pieces, position = [], 0
    for start, end in sorted(spans):
        start, end = max(start, position), min(end, len(passage))
        if start >= end:
            continue
        pieces += [text(passage[position:start]), "<mark>", text(passage[start:end]), "</mark>"]
        position = end
    return "".join([*pieces, text(passage[position:])])


def status(articles: int, outlets: int, oldest: str | None, newest: str | None) -> str:
    """Return the line that says what the archive holds."""
    span = f" · {day(oldest)} – {day(newest)}" if oldest and newest else ""
    return (
        f'<p class="dl-status">{articles:,} {_plural(articles, "article")} · '
        f"{outlets:,} {_plural(outlets, 'outlet')}{span}</p>"
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
    return f'<a class="dl-ref" href="#{_anchor(turn, cited.n)}" title="{title}">{cited.n}</a>'


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


def _turn_sources(turn: Turn, *, current: bool) -> str:
    told = turn.answer or turn.timeline
    final, abstained = told is not None, told is not None and told.abstained
    cards = told.citations if told else turn.passages
    heading = "Nearest passages" if abstained else "Sources" if final else "Passages found"
    body = "".join(
        card(
            citation,
            anchor=_anchor(turn, citation.n if final else f"found-{place}"),
            opened=final and not abstained and place == 0,
            numbered=final,
        )
        for place, citation in enumerate(cards)
    )
    return (
        f'<section class="dl-turn{" dl-current" if current else ""}" id="turn-{turn.number}">'
        f'<h2 class="dl-heading">{heading}</h2><p class="dl-for">{text(turn.question)}</p>'
        f"{body or _no_cards(final=final)}{_clipping(told)}</section>"
    )


def _no_cards(*, final: bool) -> str:
    return f'<p class="dl-empty">{"No passage comes near." if final else "None so far."}</p>'


def _clipping(told: Answer | Timeline | None) -> str:
    """Return what the copy button puts on the clipboard, out of sight."""
    if told is None:
        return ""
    lines = [told.answer] if isinstance(told, Answer) else list(_plain_events(told))
    lines.append("")
    lines += [
        f"[{cited.n}] {visible(cited.title)}. {visible(cited.source)}, {cited.published or 'undated'}. "
        f"{visible(cited.url)}"
        for cited in told.citations
    ]
    return f'<div class="dl-clipping" hidden>{text(chr(10).join(lines).strip())}</div>'


def _plain_events(told: Timeline) -> Iterable[str]:
    yield from [told.note] if told.note else []
    for event in told.events:
        marks = "".join(f"[{number}]" for number in event.citations)
        yield f"{event.date}: {visible(event.text)} {marks}"


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
        yield f"{left_out.undated:,} {_plural(left_out.undated, 'article')} of unknown date left out"
    if left_out.updated_later:
        yield (
            f"{left_out.updated_later:,} {_plural(left_out.updated_later, 'article')} "
            "known only as updated later left out"
        )


def _evidence(freshness: Freshness) -> Iterable[str]:
    if freshness.newest_cited:
        yield f"newest evidence {day(freshness.newest_cited)}"
    if freshness.newest_article:
        yield f"the archive runs to {day(freshness.newest_article)}"


def _origin(url: str) -> str:
    """Return a link for http and https; any other address, a file's path for one, only as text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return f"<code>{text(url)}</code>"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return f"<code>{text(url)}</code>" if url else "No address is known."
    return (
        f'<a href="{text(url)}" target="_blank" rel="noopener noreferrer">'
        f"Read at {text(_host(parts.hostname))}</a>"
    )


def _host(name: str) -> str:
    """Return a host's name; as it goes over the wire where it has letters that may look like others."""
    try:
        return name.removeprefix("www.").encode("idna").decode("ascii")
    except UnicodeError:
        return name.encode("ascii", "backslashreplace").decode("ascii")


def _corrections(corrections: tuple[CorrectionNote, ...]) -> str:
    return "".join(
        f'<div class="dl-correction"><p><span class="dl-kind">{text(correction.kind.capitalize())}</span> '
        f"{label(correction.source)} · {day(correction.published)}</p><p>{label(correction.text)}</p></div>"
        for correction in corrections
    )


def _also_in(copies: tuple[RelatedArticle, ...]) -> str:
    if not copies:
        return ""
    rows = "".join(
        f"<li>{label(copy.source)} · {day(copy.published)} · {label(copy.title)} {_origin(copy.url)}</li>"
        for copy in copies
    )
    return f'<div class="dl-also"><p>Also in</p><ul>{rows}</ul></div>'


def _anchor(turn: Turn, name: int | str) -> str:
    return f"cite-{turn.number}-{name}"


def _plain_day(value: str | None) -> str:
    return day(value).replace("<br>", " ")


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"
