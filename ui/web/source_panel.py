"""The panel of sources as HTML: every passage with its outlet, date and link."""

from collections.abc import Iterable

from rag.answer import Answer, Citation, CorrectionNote, RelatedArticle
from rag.chronology import Timeline
from rag.plain import visible
from ui.web.conversation import Turn
from ui.web.markup import day, label, origin, text

PROVENANCE = {
    "jsonld": "date from page metadata",
    "meta": "date from page metadata",
    "url": "date from the address",
    "feed": "date from the feed",
    "text": "date from the text",
    "file": "date of the file",
}


def sources(turns: Iterable[Turn]) -> str:
    """Return the source panel: the latest turn's passages in sight, those of earlier turns behind it."""
    shown = [
        turn for turn in turns if (turn.answer or turn.timeline or turn.passages) and not is_small_talk(turn)
    ]
    if not shown:
        return (
            '<section class="dl-turn dl-current"><p class="dl-empty">The passages that support an answer '
            "appear here, each with its outlet, date and link.</p></section>"
        )
    return "".join(_turn_sources(turn, current=turn is shown[-1]) for turn in shown)


def is_small_talk(turn: Turn) -> bool:
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
        f'{_corrections(citation.corrections)}<p class="dl-where">{origin(citation.url)}</p>'
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


def _turn_sources(turn: Turn, *, current: bool) -> str:
    told = turn.answer or turn.timeline
    final, abstained = told is not None, told is not None and told.abstained
    cards = told.citations if told else turn.passages
    heading = "Nearest passages" if abstained else "Sources" if final else "Passages found"
    body = "".join(
        card(
            citation,
            anchor=anchor_of(turn, citation.n if final else f"found-{place}"),
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
        f"<li>{label(copy.source)} · {day(copy.published)} · {label(copy.title)} {origin(copy.url)}</li>"
        for copy in copies
    )
    return f'<div class="dl-also"><p>Also in</p><ul>{rows}</ul></div>'


def anchor_of(turn: Turn, name: int | str) -> str:
    """Return the place in the page to which a mark leads."""
    return f"cite-{turn.number}-{name}"
